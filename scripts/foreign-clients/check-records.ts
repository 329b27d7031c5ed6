import type { CompressionType } from '../../core/record/types.ts';

/** A record as a check writes it. */
export interface SentRecord {
  readonly key: string;
  /** Null: a tombstone. */
  readonly value: string | null;
  /** Of one header each. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds; null: the client's own time, which is not compared. */
  readonly timestampMs: number | null;
}

export interface Production {
  readonly codec: CompressionType;
  readonly records: readonly SentRecord[];
  /** By an idempotent producer; no unless set. */
  readonly isIdempotent?: boolean;
}

/** Between the fields of a line; in no key, value or header. */
const SEPARATOR = '\t';
/** Lately: records older than retention.ms would be deleted while they are read. */
const FIRST_TIMESTAMP_MS = Date.now() - 3_600_000;
const TOMBSTONE_EVERY = 1_000;
/** kcat sets the same headers on all records of a run. */
export const FIXED_HEADERS = { trace: 'a1b2', origin: 'check' } as const;

/** Records with distinct keys, text beyond ASCII, values of many lengths. */
export function makeRecords(
  count: number,
  options: { tombstones: boolean; timestamps?: boolean },
): SentRecord[] {
  const timestamps = options.timestamps ?? true;
  return Array.from({ length: count }, (_, index) => ({
    key: `key-${index}`,
    value:
      options.tombstones && index % TOMBSTONE_EVERY === 0
        ? null
        : JSON.stringify({ index, text: 'grüße '.repeat(index % 23), even: index % 2 === 0 }),
    headers: timestamps ? { sequence: String(index), origin: 'prüfung' } : FIXED_HEADERS,
    timestampMs: timestamps ? FIRST_TIMESTAMP_MS + index * 7 : null,
  }));
}

/** A record as one line of text. */
export function lineOf(record: {
  key: string | null;
  value: string | null;
  headers: readonly (readonly [string, string | null])[];
  timestampMs: number | string;
}): string {
  const headers = record.headers.map(([name, value]) => `${name}=${value}`).join(',');
  const length = record.value === null ? -1 : Buffer.byteLength(record.value);
  return [record.key, record.value ?? '', length, headers, record.timestampMs].join(SEPARATOR);
}

/** What kcat prints as the same line. */
export const KCAT_FORMAT = ['%k', '%s', '%S', '%h', '%T'].join(SEPARATOR).concat('\n');

/** What differs between what was sent and what was read, in whatever order; null when nothing does. */
export function difference(sent: readonly SentRecord[], read: readonly string[]): string | null {
  const hasTimestamps = sent.every(({ timestampMs }) => timestampMs !== null);
  const wanted = sent
    .map(({ key, value, headers, timestampMs }) =>
      lineOf({ key, value, headers: Object.entries(headers), timestampMs: timestampMs ?? '' }),
    )
    .sort();
  const got = read.map((line) => (hasTimestamps ? line : line.replace(/[^\t]*$/, ''))).sort();
  if (got.length !== wanted.length) return `${wanted.length} records were sent, ${got.length} were read`;
  const at = wanted.findIndex((line, index) => line !== got[index]);
  return at < 0 ? null : `sent ${JSON.stringify(wanted[at])}, read ${JSON.stringify(got[at])}`;
}
