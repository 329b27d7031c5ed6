import { z } from 'zod';
import { shellQuoted } from '../../core/base/shell-quoted.ts';
import { entryId, HISTORY_SCHEMA, type HistoryEntry, inOrder } from './history-entry.ts';

const MOST_PROBLEMS_TOLD = 5;
/** What git leaves in a file that it could not merge, the form with the common ancestor included. */
const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;

const ratio = z.number().positive();

const entrySchema = z.looseObject({
  schema: z.literal(HISTORY_SCHEMA),
  id: z.string().optional(),
  at: z.iso.datetime(),
  commit: z.string().nullable(),
  dirty: z.boolean(),
  branch: z.string().nullable(),
  scenario: z.string(),
  metric: z.enum(['cpuNsPerRecord', 'recordsPerSecond', 'latencyP50Ms', 'latencyP90Ms', 'latencyP99Ms']),
  direction: z.enum(['lower is better', 'higher is better']),
  load: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  reference: z.looseObject({ label: z.string(), description: z.string() }),
  ratio,
  low: z.number(),
  high: z.number(),
  sessions: z.int().positive(),
  verdict: z.enum(['no regression', 'minor slowdown', 'regression', 'improvement', 'inconclusive']),
  machine: z.looseObject({ cpu: z.string(), cores: z.number(), node: z.string() }),
});

/** A history file that cannot be read: each line says where, what and what to do. */
export class HistoryFileError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'HistoryFileError';
  }
}

/**
 * The checks of a history file, in order of time. A check that stands there twice (two branches had its line) counts once,
 * by what the lines say, not by their id. `file` is for messages. Throws HistoryFileError for conflict markers, damaged lines and other schemas.
 */
export function parseHistory(text: string, file: string): readonly HistoryEntry[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, ''));
  const markers = lines.flatMap((line, index) => (CONFLICT_MARKER.test(line) ? [index + 1] : []));
  if (markers.length > 0) throw new HistoryFileError(conflictText(file, lines, markers));
  const entries = new Map<string, HistoryEntry>();
  const problems: string[] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const read = readLine(line);
    if (typeof read === 'string') problems.push(`${file}:${index + 1}: ${read}`);
    else if (!entries.has(entryId(read))) entries.set(entryId(read), read);
  });
  if (problems.length > 0) throw new HistoryFileError(shortened(problems));
  return inOrder([...entries.values()]);
}

/** An entry as its line of the file, line feed included; parseHistory reads it back. */
export function entryLine(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** The entry, or what is wrong with the line. */
function readLine(line: string): HistoryEntry | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return `no JSON: the line is damaged (${excerpt(line)}); take it from git again, or delete it`;
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'string' && schema !== HISTORY_SCHEMA) {
    return `the schema is ${excerpt(schema)}, expected ${HISTORY_SCHEMA}: ${
      schema.startsWith('tidemark.history/')
        ? 'a newer Tidemark wrote it, and a newer one can read it'
        : 'this is no line of a history'
    }`;
  }
  const parsed = entrySchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `${issue?.path.join('.') || 'line'}: ${issue?.message ?? 'not an entry'}; take the line from git again, or delete it`;
  }
  const { id, ...said } = parsed.data as Omit<HistoryEntry, 'id'> & { readonly id?: string };
  return { ...said, id: id ?? entryId(said) };
}

function conflictText(file: string, lines: readonly string[], markers: readonly number[]): readonly string[] {
  const [first] = markers as [number];
  const name = file.replace(/^.*[\\/]/, '');
  return [
    `${file}:${first}: a conflict marker of git (${excerpt(lines[first - 1]!)})`,
    `The lines of both sides are wanted. Delete ${markers.length === 1 ? `line ${first}` : `the marker lines ${listed(markers)}`} and keep every other line; what stands there twice counts once:`,
    `  sed -i -E '/^(<{7}|={7}|>{7}|[|]{7})([[:space:]]|$)/d' ${shellQuoted(file)}`,
    'For git to do so by itself from now on:',
    `  echo ${shellQuoted(`${gitPattern(name)} merge=union`)} >> .gitattributes`,
  ];
}

/** A name with spaces or quotes stands in quotes there, as git reads it. */
function gitPattern(name: string): string {
  return /[\s"\\]/.test(name) ? JSON.stringify(name) : name;
}

function listed(numbers: readonly number[]): string {
  if (numbers.length > 12) return `${numbers.slice(0, 12).join(', ')}, ... (${numbers.length} lines)`;
  return `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

function shortened(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_PROBLEMS_TOLD;
  return more <= 0 ? problems : [...problems.slice(0, MOST_PROBLEMS_TOLD), `and ${more} more such lines`];
}

/** What came from a file goes to a terminal only as plain letters. */
function excerpt(text: string): string {
  const plain = text.replace(/[^\x20-\x7e]/g, '?');
  return plain.length > 40 ? `${plain.slice(0, 40)}...` : plain;
}
