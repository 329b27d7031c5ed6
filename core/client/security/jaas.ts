/** The one login module of a `sasl.jaas.config`. */
export interface JaasEntry {
  /** The Java class, `org.apache.kafka.common.security.plain.PlainLoginModule` say. */
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

/** What is wrong with the text; the message never holds a part of it that may be secret. */
export class JaasError extends Error {}

const CONTROL_FLAGS = ['required', 'requisite', 'sufficient', 'optional'];
const WORD_START = /[A-Za-z_$\u0080-\uffff]/;
const WORD_PART = /[A-Za-z0-9_$.\-\u0080-\uffff]/;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

interface Token {
  readonly kind: 'word' | 'quoted' | 'symbol';
  readonly text: string;
}

/**
 * Reads `module flag key="value" ...;` with the quoting of Java's StreamTokenizer, as Kafka's JaasConfig does:
 * words begin with a letter, values of any other kind stand in quotes. Throws JaasError.
 */
export function parseJaas(text: string): JaasEntry {
  const tokens = tokensOf(text);
  const [module, flag] = tokens;
  if (module === undefined) throw new JaasError('is empty');
  if (module.kind !== 'word' || tokens.length === 1) {
    throw new JaasError(
      'must begin with a login module class and a control flag: ...LoginModule required key="value";',
    );
  }
  if (flag?.kind !== 'word' || !CONTROL_FLAGS.includes(flag.text.toLowerCase())) {
    throw new JaasError(
      `must have a control flag after the login module class (${CONTROL_FLAGS.join(', ')})`,
    );
  }
  const options = new Map<string, string>();
  let place = 2;
  for (; place < tokens.length && tokens[place]!.text !== ';'; place += 3) {
    const [key, equals, value] = tokens.slice(place, place + 3);
    if (key!.kind === 'symbol')
      throw new JaasError(`has an unexpected "${key!.text}" where an option should begin`);
    if (equals?.kind !== 'symbol' || equals.text !== '=') {
      throw new JaasError(
        `must have = and a value after option number ${options.size + 1}, and ; at its end`,
      );
    }
    if (value === undefined || value.kind === 'symbol') {
      throw new JaasError(`must have the value of its option number ${options.size + 1} in double quotes`);
    }
    options.set(key!.text, value.text);
  }
  if (place >= tokens.length || tokens[place]!.kind !== 'symbol') throw new JaasError('must end with ;');
  if (place < tokens.length - 1) throw new JaasError('must hold one login module, and nothing after its ;');
  return { module: module.text, options };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let place = 0; place < text.length; ) {
    const character = text[place]!;
    if (character <= ' ') place++;
    else if (text.startsWith('//', place)) place = endOf(text, '\n', place);
    else if (text.startsWith('/*', place)) place = endOf(text, '*/', place + 2);
    else if (character === '"' || character === "'") {
      const [token, next] = quotedAt(text, place);
      tokens.push(token);
      place = next;
    } else if (WORD_START.test(character)) {
      let end = place + 1;
      while (end < text.length && WORD_PART.test(text[end]!)) end++;
      tokens.push({ kind: 'word', text: text.slice(place, end) });
      place = end;
    } else {
      tokens.push({ kind: 'symbol', text: character });
      place++;
    }
  }
  return tokens;
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? text.length : found + mark.length;
}

/** Java's escapes inside quotes: \n and its kin, up to three octal digits, anything else as it is. */
function quotedAt(text: string, start: number): [Token, number] {
  const quote = text[start]!;
  let value = '';
  for (let place = start + 1; place < text.length; ) {
    const character = text[place]!;
    if (character === quote) return [{ kind: 'quoted', text: value }, place + 1];
    if (character === '\n' || character === '\r') break;
    if (character !== '\\' || place + 1 === text.length) {
      value += character;
      place++;
      continue;
    }
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(text.slice(place + 1, place + 4))?.[0];
    if (octal !== undefined) value += String.fromCharCode(Number.parseInt(octal, 8));
    else value += ESCAPES[text[place + 1]!] ?? text[place + 1]!;
    place += 1 + (octal?.length ?? 1);
  }
  throw new JaasError(`has a quote (${quote}) that is not closed on its line`);
}
