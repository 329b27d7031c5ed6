/** One `key=value` of a .properties file, with the line its key begins on (1-based). */
export interface Property {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** A line that cannot be read; what stands on it may be a secret, and is not repeated. */
export interface BadLine {
  readonly line: number;
  readonly message: string;
}

export interface ParsedPropertiesFile {
  readonly properties: readonly Property[];
  readonly problems: readonly BadLine[];
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

/**
 * Reads Java's .properties format (java.util.Properties.load): `=`, `:` or blanks between key and value,
 * `#` and `!` comments, a line that ends in an odd number of backslashes goes on in the next one (whose leading
 * blanks are dropped), escapes \t \n \r \f \uXXXX, and any other escaped character stands for itself.
 * A key given twice is returned twice; the last one counts. A bad \u is a problem of its line.
 */
export function parseProperties(text: string): ParsedPropertiesFile {
  const properties: Property[] = [];
  const problems: BadLine[] = [];
  for (const { content, line } of logicalLines(text.replace(/^\uFEFF/, ''))) {
    const { keyEnd, valueStart } = splitPoint(content);
    const name = unescaped(content.slice(0, keyEnd));
    const value = unescaped(content.slice(valueStart));
    if (name === null || value === null) {
      problems.push({ line, message: 'malformed \\uXXXX escape, expected four hex digits' });
    } else {
      properties.push({ name, value, line });
    }
  }
  return { properties, problems };
}

function* logicalLines(text: string): Generator<{ content: string; line: number }> {
  let pending: { content: string; line: number } | null = null;
  for (const [index, raw] of text.split(/\r\n|\n|\r/).entries()) {
    const natural = raw.replace(/^[ \t\f]+/, '');
    // A comment or a blank line cannot be a continuation's start, but may well be its continuation.
    if (pending === null && (natural === '' || natural.startsWith('#') || natural.startsWith('!'))) continue;
    const content: string = (pending?.content ?? '') + natural;
    const line: number = pending?.line ?? index + 1;
    const backslashes = /\\*$/.exec(natural)![0].length;
    if (backslashes % 2 === 1) {
      pending = { content: content.slice(0, -1), line };
    } else {
      pending = null;
      yield { content, line };
    }
  }
  if (pending !== null && pending.content !== '') yield pending;
}

/** Where the key ends and the value begins: blanks, with at most one `=` or `:` among them. */
function splitPoint(content: string): { keyEnd: number; valueStart: number } {
  let keyEnd = 0;
  while (keyEnd < content.length && !/[=: \t\f]/.test(content[keyEnd]!)) {
    keyEnd += content[keyEnd] === '\\' ? 2 : 1;
  }
  keyEnd = Math.min(keyEnd, content.length);
  const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(content.slice(keyEnd))![0];
  return { keyEnd, valueStart: keyEnd + separator.length };
}

/** Null when an escape is malformed. */
function unescaped(text: string): string | null {
  let isMalformed = false;
  const plain = text.replace(/\\(u[0-9a-fA-F]{4}|u|[\s\S]?)/g, (_whole, escaped: string) => {
    if (escaped === 'u') isMalformed = true;
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return SIMPLE_ESCAPES[escaped] ?? escaped;
  });
  return isMalformed ? null : plain;
}
