import fc from 'fast-check';
import { BatchBuilder, type SealOptions } from '../../../core/record/batch-builder.ts';
import type { RecordData, RecordHeader } from '../../../core/record/types.ts';

export interface PlainRecord {
  readonly timestampMs: number;
  readonly key: RecordData;
  readonly value: RecordData;
  readonly headers: readonly RecordHeader[] | null;
}

const bytes = fc.uint8Array({ maxLength: 300 });
/** All planes, lone surrogates too; now and then long. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'binary-ascii', maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '\ud83d', '\ude00', '漢'), maxLength: 80 }),
);
const large = fc
  .integer({ min: 7900, max: 8300 })
  .map((length) => new Uint8Array(length).fill(length & 0xff));
const data = fc.oneof(
  { weight: 4, arbitrary: bytes },
  { weight: 4, arbitrary: text },
  fc.constant(null),
  large,
);
const header = fc.record({ key: text, value: fc.oneof(text, bytes, fc.constant(null)) });
const timestamp = fc.oneof(
  fc.integer({ min: 1_700_000_000_000, max: 1_700_000_001_000 }),
  fc.integer({ min: 0, max: 2 ** 44 }),
);

export const plainRecord: fc.Arbitrary<PlainRecord> = fc.record({
  timestampMs: timestamp,
  key: data,
  value: data,
  headers: fc.oneof(fc.constant(null), fc.array(header, { maxLength: 20 })),
});

export const plainRecords = fc.array(plainRecord, { minLength: 1, maxLength: 12 });

/** What a reader must give back: bytes, or null. */
export function storedBytes(data: RecordData): Buffer | null {
  return data === null ? null : Buffer.from(data as string);
}

/** Builds a batch of records that are sure to fit. */
export function sealBatch(records: readonly PlainRecord[], options: Partial<SealOptions> = {}): Buffer {
  const builder = new BatchBuilder();
  let sizeBytes = 61;
  for (const record of records) {
    sizeBytes += BatchBuilder.recordSizeUpperBound(record.key, record.value, record.headers);
  }
  builder.reset(Buffer.alloc(sizeBytes));
  for (const record of records) builder.append(record.timestampMs, record.key, record.value, record.headers);
  return builder.seal({ compression: 'none', level: null, ...options });
}
