import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BatchRules, validateBatchFromProducer } from '../../../core/record/batch-validation.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { compress } from '../../../core/record/compression.ts';
import { crc32c } from '../../../core/record/crc32c.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { COMPRESSION_TYPES, type CompressionType } from '../../../core/record/types.ts';
import { plainRecords, sealBatch } from './record-arbitraries.ts';

const record = { timestampMs: 1000, key: 'k', value: 'v', headers: null };

/** A batch of records given as hex, compressed on request, with everything consistent but what `change` does. */
function craft(
  records: string,
  compression: CompressionType = 'none',
  change: (batch: Buffer) => void = () => {},
): Buffer {
  const bytes = compress(compression, null, Buffer.from(records.replaceAll(' ', ''), 'hex'));
  const batch = Buffer.concat([sealBatch([record, record]).subarray(0, 61), bytes]);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt16BE(COMPRESSION_TYPES.indexOf(compression), 21);
  change(batch);
  batch.writeUInt32BE(crc32c(batch, 21), 17);
  return batch;
}

const FIRST = '0c 00 00 00 01 01 00';
const SECOND = '0c 00 00 02 01 01 00';

test('what the builder seals is accepted, in every codec', () => {
  fc.assert(
    fc.property(plainRecords, fc.constantFrom(...COMPRESSION_TYPES), (records, compression) => {
      assert.equal(validateBatchFromProducer(sealBatch(records, { compression })), null);
    }),
    { numRuns: 200 },
  );
});

test('every truncation and every extension is refused', () => {
  const batch = sealBatch([record, record]);
  for (let length = 0; length < batch.length; length++) {
    assert.equal(validateBatchFromProducer(batch.subarray(0, length)), 'CORRUPT_MESSAGE', `${length} bytes`);
  }
  assert.equal(validateBatchFromProducer(Buffer.concat([batch, batch])), 'INVALID_RECORD');
  assert.equal(validateBatchFromProducer(Buffer.concat([batch, Buffer.alloc(1)])), 'INVALID_RECORD');
});

test('a wrong checksum is CORRUPT_MESSAGE', () => {
  const batch = sealBatch([record]);
  for (let at = 17; at < batch.length; at++) {
    const changed = Buffer.from(batch);
    changed[at]! ^= 1;
    assert.equal(validateBatchFromProducer(changed), 'CORRUPT_MESSAGE', `byte ${at}`);
  }
});

const HEADERS: readonly [name: string, expected: string, change: (batch: Buffer) => void][] = [
  ['magic 1', 'INVALID_RECORD', (batch) => batch.writeInt8(1, 16)],
  ['a length below the header', 'CORRUPT_MESSAGE', (batch) => batch.writeInt32BE(48, 8)],
  ['a negative length', 'CORRUPT_MESSAGE', (batch) => batch.writeInt32BE(-1, 8)],
  ['a base offset other than 0', 'INVALID_RECORD', (batch) => batch.writeInt32BE(1, 4)],
  ['a count of 0', 'INVALID_RECORD', (batch) => batch.writeInt32BE(0, 57)],
  ['a count unlike the offsets', 'INVALID_RECORD', (batch) => batch.writeInt32BE(5, 23)],
  ['a control batch', 'INVALID_RECORD', (batch) => batch.writeInt16BE(0x20, 21)],
  ['LogAppendTime', 'INVALID_TIMESTAMP', (batch) => batch.writeInt16BE(0x08, 21)],
  ['codec 6', 'UNSUPPORTED_COMPRESSION_TYPE', (batch) => batch.writeInt16BE(6, 21)],
  ['a producer id without sequence', 'INVALID_RECORD', (batch) => batch.writeBigInt64BE(5n, 43)],
];

for (const [name, expected, change] of HEADERS) {
  test(`a batch with ${name} is ${expected}`, () => {
    assert.equal(validateBatchFromProducer(craft(FIRST + SECOND)), null);
    assert.equal(validateBatchFromProducer(craft(FIRST + SECOND, 'none', change)), expected);
  });
}

const RECORDS: readonly [name: string, records: string][] = [
  ['an offset delta that jumps', `${FIRST} 0c 00 00 04 01 01 00`],
  ['one record too few', FIRST],
  ['one record too many', `${FIRST} ${SECOND} 0c 00 00 04 01 01 00`],
  ['a record longer than the rest', `${FIRST} 7e 00 00 02 01 01 00`],
  ['a negative record length', `${FIRST} 0b 00 00 02 01 01 00`],
  ['a record length that its fields do not fill', `${FIRST} 0e 00 00 02 01 01 00 00`],
  ['a key beyond its record', `0c 00 00 00 10 01 00 ${SECOND}`],
  ['a key length of -2', `${FIRST} 0c 00 00 02 03 01 00`],
  ['a value length of -2', `${FIRST} 0c 00 00 02 01 03 00`],
  ['a header count of -1', `${FIRST} 0c 00 00 02 01 01 01`],
  ['a header without name', `${FIRST} 10 00 00 02 01 01 02 01 01`],
  ['a header without name whose length would be read twice', `${FIRST} 0e 00 00 02 01 01 02 01`],
  ['a header beyond its record', `${FIRST} 10 00 00 02 01 01 02 08 01`],
  ['nothing at all', ''],
];

for (const [name, records] of RECORDS) {
  test(`records with ${name} are INVALID_RECORD, in every codec`, () => {
    for (const compression of COMPRESSION_TYPES) {
      assert.equal(validateBatchFromProducer(craft(records, compression)), 'INVALID_RECORD', compression);
    }
  });
}

test('records that cannot be decompressed are CORRUPT_MESSAGE, and too many bytes MESSAGE_TOO_LARGE', () => {
  for (const compression of COMPRESSION_TYPES.slice(1)) {
    const broken = craft(FIRST + SECOND, compression, (batch) => batch.fill(0x5a, 61));
    assert.equal(validateBatchFromProducer(broken), 'CORRUPT_MESSAGE', compression);
    const large = sealBatch([{ ...record, value: Buffer.alloc(5000) }], { compression });
    assert.equal(
      validateBatchFromProducer(large, { maxDecompressedBytes: 5000 }),
      'MESSAGE_TOO_LARGE',
      compression,
    );
    assert.equal(validateBatchFromProducer(large, { maxDecompressedBytes: 5100 }), null, compression);
  }
});

test('zstd is refused where the request version does not know it', () => {
  const batch = sealBatch([record], { compression: 'zstd' });
  assert.equal(validateBatchFromProducer(batch, { zstdAllowed: false }), 'UNSUPPORTED_COMPRESSION_TYPE');
  assert.equal(validateBatchFromProducer(batch, { zstdAllowed: true }), null);
});

test('timestamps outside the range are INVALID_TIMESTAMP, and none (-1) is let through', () => {
  const rules: BatchRules = { minTimestampMs: 900, maxTimestampMs: 1100 };
  const cases: readonly [number, string | null][] = [
    [900, null],
    [1100, null],
    [-1, null],
    [899, 'INVALID_TIMESTAMP'],
    [1101, 'INVALID_TIMESTAMP'],
    [2 ** 42, 'INVALID_TIMESTAMP'],
  ];
  for (const [timestampMs, expected] of cases) {
    assert.equal(validateBatchFromProducer(sealBatch([record, { ...record, timestampMs }]), rules), expected);
    assert.equal(validateBatchFromProducer(sealBatch([{ ...record, timestampMs }, record]), rules), expected);
  }
});

test('compacted topics refuse records without key', () => {
  const rules: BatchRules = { keyRequired: true };
  assert.equal(
    validateBatchFromProducer(sealBatch([record, { ...record, key: null }]), rules),
    'INVALID_RECORD',
  );
  assert.equal(validateBatchFromProducer(sealBatch([record, { ...record, key: '' }]), rules), null);
});

test('damaged records are accepted only when the cursor reads all of them', () => {
  fc.assert(
    fc.property(plainRecords, fc.nat(), fc.nat(255), (records, at, byte) => {
      const batch = sealBatch(records);
      batch[61 + (at % (batch.length - 61))] = byte;
      batch.writeUInt32BE(crc32c(batch, 21), 17);
      const problem = validateBatchFromProducer(batch);
      if (problem !== null) return assert.match(problem, /^INVALID_(RECORD|TIMESTAMP)$/);
      const cursor = new RecordCursor();
      cursor.reset(new BatchView(batch));
      let count = 0;
      for (; cursor.next(); count++) {
        assert.equal(cursor.offset, count);
        cursor.headers();
      }
      assert.equal(count, records.length);
    }),
    { numRuns: 500 },
  );
});
