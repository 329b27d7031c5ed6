import { COMPRESSION_TYPES, type CompressionType } from '../../core/record/types.ts';

/** Bytes as base64; null is null. */
type Bytes = string | null;

export interface FixtureRecord {
  readonly timestampMs: number;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly headers: readonly { readonly key: string; readonly value: Bytes }[];
}

/** A topic of one partition, written by a producer of its own. */
export interface FixtureTopic {
  readonly topic: string;
  readonly codec: CompressionType;
  readonly isIdempotent: boolean;
  /** Of the Java producer, beside those that are the same for all. */
  readonly properties: Readonly<Record<string, string>>;
}

const T0 = 1_700_000_000_000;
const DAY_MS = 86_400_000;

function bytes(content: string | Buffer | null): Bytes {
  return content === null ? null : Buffer.from(content).toString('base64');
}

function record(
  timestampMs: number,
  key: string | Buffer | null,
  value: string | Buffer | null,
  headers: readonly (readonly [name: string, value: string | Buffer | null])[] = [],
): FixtureRecord {
  return {
    timestampMs,
    key: bytes(key),
    value: bytes(value),
    headers: headers.map(([name, content]) => ({ key: name, value: bytes(content) })),
  };
}

/** Lengths on both sides of each varint's next byte (zigzag: 64 and 8192), so that none is written another way. */
const LENGTHS = [0, 1, 63, 64, 65, 8_191, 8_192];

/** What is written to every topic. */
export const FIXTURE_BATCHES: readonly (readonly FixtureRecord[])[] = [
  [record(T0, 'key', 'value')],
  [
    record(T0, null, 'no key'),
    record(T0 + 1, '', 'empty key'),
    record(T0 + 2, 'no value', null),
    record(T0 + 3, 'empty value', ''),
    record(T0 + 4, null, null),
    record(T0 + 5, '', ''),
    record(T0 + 6, Buffer.from([0, 255, 128, 10]), Buffer.from([195, 40, 0])),
    record(T0 + 7, 'ключ', 'grüße 🌊'),
  ],
  [
    record(T0, 'headers', 'one', [['trace', 'a1b2']]),
    record(T0, 'headers', 'of one name', [
      ['trace', 'first'],
      ['other', 'x'],
      ['trace', 'second'],
      ['trace', 'first'],
    ]),
    record(T0, 'headers', 'null, empty, unnamed', [
      ['null', null],
      ['empty', ''],
      ['', 'unnamed'],
    ]),
    record(T0, 'headers', null, [['größe', Buffer.alloc(300, 7)]]),
  ],
  [
    record(T0 + 5_000, 'later', 'a'),
    record(T0, 'earlier', 'b'),
    record(T0 + 5_063, 'just two bytes', 'c'),
    record(T0 + 5_064, 'just three bytes', 'd'),
    record(T0 - 90 * DAY_MS, 'long before', 'beyond an int32'),
    record(0, 'the epoch', 'e'),
    record(T0 + 9_000, 'latest', 'f'),
  ],
  LENGTHS.map((length) =>
    record(T0, Buffer.alloc(Math.min(length, 100), 'k'), Buffer.alloc(length, 'tide ')),
  ),
  Array.from({ length: 130 }, (_, index) => record(T0 + index, `k${index % 7}`, `value ${index}`)),
];

export const FIXTURE_TOPICS: readonly FixtureTopic[] = COMPRESSION_TYPES.flatMap((codec) =>
  [false, true].map((isIdempotent) => ({
    topic: isIdempotent ? `${codec}-idempotent` : codec,
    codec,
    isIdempotent,
    properties: {
      acks: 'all',
      'compression.type': codec,
      'enable.idempotence': String(isIdempotent),
    },
  })),
);
