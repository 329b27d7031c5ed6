import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchBuilder } from '../../../core/record/batch-builder.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { recordSizeLooseBound } from '../../../core/record/record-size.ts';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { type PlainRecord, plainRecord, plainRecords, sealBatch, storedBytes } from './record-arbitraries.ts';

/** CRC-32C bit by bit, so that the golden batch does not rest on the library. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

test('a batch has exactly the bytes of the record batch v2 layout', () => {
  const batch = sealBatch(
    [
      { timestampMs: 1000, key: 'k', value: Buffer.from('v'), headers: [{ key: 'h', value: null }] },
      { timestampMs: 999, key: null, value: null, headers: null },
    ],
    { producerId: 0x0102030405, producerEpoch: 6, baseSequence: 7 },
  );
  const covered = Buffer.from(
    [
      '0000', // attributes
      '00000001', // last offset delta
      '00000000000003e8', // base timestamp 1000
      '00000000000003e8', // max timestamp
      '0000000102030405', // producer id
      '0006', // producer epoch
      '00000007', // base sequence
      '00000002', // count
      '16 00 00 00 026b 0276 02 0268 01', // 11 bytes: deltas 0 and 0, key k, value v, one header h = null
      '0c 00 01 02 01 01 00', // 6 bytes: deltas -1 and 1, null key, null value, no headers
    ]
      .join('')
      .replaceAll(' ', ''),
    'hex',
  );
  const crc = slowCrc32c(covered).toString(16).padStart(8, '0');
  const head = `0000000000000000${'00000044'}ffffffff02${crc}`;
  assert.equal(batch.toString('hex'), head + covered.toString('hex'));
});

test('every record comes back as it was appended, in every codec', () => {
  const cursor = new RecordCursor();
  fc.assert(
    fc.property(plainRecords, fc.constantFrom(...COMPRESSION_TYPES), (records, compression) => {
      const view = new BatchView(sealBatch(records, { compression }));
      assert.equal(view.isCrcValid(), true);
      assert.equal(view.count, records.length);
      assert.equal(view.lastOffsetDelta, records.length - 1);
      assert.equal(view.baseTimestamp, records[0]!.timestampMs);
      assert.equal(view.maxTimestamp, Math.max(...records.map((record) => record.timestampMs)));
      assert.equal(view.lengthBytes, view.buffer.length);
      cursor.reset(view);
      for (const [index, record] of records.entries()) {
        assert.equal(cursor.next(), true);
        assert.equal(cursor.offset, index);
        assert.equal(cursor.timestampMs, record.timestampMs);
        assert.deepEqual(cursor.key, storedBytes(record.key));
        assert.deepEqual(cursor.value, storedBytes(record.value));
        const headers = (record.headers ?? []).map(({ key, value }) => ({
          key: Buffer.from(key).toString(),
          value: storedBytes(value),
        }));
        assert.equal(cursor.headerCount, headers.length);
        assert.deepEqual(cursor.headers(), headers);
      }
      assert.equal(cursor.next(), false);
    }),
    { numRuns: 150 },
  );
});

test('the size said beforehand is the size taken, and no bound is below it', () => {
  fc.assert(
    fc.property(plainRecords, (records) => {
      const builder = new BatchBuilder();
      builder.reset(Buffer.alloc(1 << 20));
      for (const { timestampMs, key, value, headers } of records) {
        const before = builder.sizeBytes;
        const exact = builder.sizeOfNext(timestampMs, key, value, headers);
        const tight = BatchBuilder.recordSizeUpperBound(key, value, headers);
        assert.equal(builder.append(timestampMs, key, value, headers), exact);
        assert.equal(builder.sizeBytes, before + exact);
        assert.ok(tight >= exact);
        assert.ok(recordSizeLooseBound(key, value, headers) >= tight);
      }
    }),
    { numRuns: 200 },
  );
});

test('a record is written the same whether the end of the buffer is near or far', () => {
  fc.assert(
    fc.property(plainRecord, plainRecord, fc.integer({ min: -3, max: 200 }), (one, two, spare) => {
      const roomy = sealBatch([one, two]);
      const builder = new BatchBuilder();
      builder.reset(Buffer.alloc(Math.max(roomy.length + spare, 61), 0xff));
      const added = [one, two].map((record) =>
        builder.append(record.timestampMs, record.key, record.value, record.headers),
      );
      assert.equal(added[0]! > 0 && added[1]! > 0, spare >= 0);
      if (spare >= 0) assert.deepEqual(builder.seal({ compression: 'none', level: null }), roomy);
    }),
    { numRuns: 300 },
  );
});

test('lengths on both sides of every varint boundary take the shortest form and read back', () => {
  const cursor = new RecordCursor();
  const headers = [{ key: 'h', value: 'x' }];
  for (const around of [50, 64, 8000, 8191, 16_384]) {
    for (let length = around - 20; length <= around + 10; length++) {
      const value = Buffer.alloc(length, length);
      const batch = sealBatch([{ timestampMs: 5, key: null, value, headers }]);
      assert.equal(batch.length, 61 + new BatchBuilder().sizeOfNext(5, null, value, headers));
      cursor.reset(new BatchView(batch));
      assert.equal(cursor.next(), true);
      assert.ok(cursor.value!.equals(value));
      assert.equal(cursor.headers()[0]!.value!.toString(), 'x');
      assert.equal(cursor.next(), false);
    }
  }
});

const SHAPES: Readonly<Record<string, PlainRecord>> = {
  bytes: { timestampMs: 1, key: Buffer.from('key'), value: Buffer.alloc(100, 'v'), headers: null },
  ASCII: { timestampMs: 1, key: 'key', value: 'v'.repeat(100), headers: null },
  'other text at the end': { timestampMs: 1, key: null, value: `${'v'.repeat(100)}é漢😀`, headers: null },
  'other text at the beginning': {
    timestampMs: 1,
    key: null,
    value: `é漢😀${'v'.repeat(100)}`,
    headers: null,
  },
  'a last header that is text': {
    timestampMs: 1,
    key: null,
    value: 'v'.repeat(80),
    headers: [{ key: 'ä', value: 'ö' }],
  },
  '300 headers': {
    timestampMs: 1,
    key: null,
    value: 'v',
    headers: Array.from({ length: 300 }, (_, index) => ({ key: `h${index}`, value: 'x'.repeat(70) })),
  },
};

for (const [name, record] of Object.entries(SHAPES)) {
  test(`a record fits to the byte or not at all: ${name}`, () => {
    const { timestampMs, key, value, headers } = record;
    const roomy = sealBatch([record]);
    for (let spare = -12; spare <= 12; spare++) {
      const builder = new BatchBuilder();
      builder.reset(Buffer.alloc(roomy.length + spare, 0xff));
      const expected = spare < 0 ? 0 : roomy.length - 61;
      assert.equal(builder.append(timestampMs, key, value, headers), expected, `${spare} bytes to spare`);
      if (spare >= 0) assert.deepEqual(builder.seal({ compression: 'none', level: null }), roomy);
    }
    const cursor = new RecordCursor();
    cursor.reset(new BatchView(roomy));
    assert.equal(cursor.next(), true);
    assert.deepEqual(cursor.value, storedBytes(value));
    assert.equal(cursor.headers().length, headers?.length ?? 0);
  });
}

test('a refused record leaves the batch as it was', () => {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(200));
  assert.ok(builder.append(10, 'key', 'value', null) > 0);
  const { sizeBytes } = builder;
  assert.equal(builder.append(99, null, Buffer.alloc(150), null), 0);
  assert.equal(builder.append(99, null, 'é'.repeat(68), null), 0);
  assert.deepEqual([builder.count, builder.sizeBytes, builder.maxTimestampMs], [1, sizeBytes, 10]);
  assert.deepEqual(
    builder.seal({ compression: 'none', level: null }),
    sealBatch([{ timestampMs: 10, key: 'key', value: 'value', headers: null }]),
  );
});

test('a batch moved into a larger buffer goes on where it was', () => {
  const records = [1, 2, 3].map((timestampMs) => ({
    timestampMs,
    key: 'k',
    value: Buffer.alloc(70),
    headers: null,
  }));
  const builder = new BatchBuilder();
  const small = Buffer.alloc(230);
  builder.reset(small);
  for (const record of records) {
    if (builder.append(record.timestampMs, record.key, record.value, null) > 0) continue;
    builder.moveTo(Buffer.alloc(1000));
    small.fill(0xee);
    assert.ok(builder.append(record.timestampMs, record.key, record.value, null) > 0);
  }
  assert.deepEqual(builder.seal({ compression: 'none', level: null }), sealBatch(records));
});

test('a sealed batch takes no more records and an empty one cannot be sealed', () => {
  const builder = new BatchBuilder();
  builder.reset(Buffer.alloc(1000));
  assert.throws(() => builder.seal({ compression: 'none', level: null }), { kind: 'ILLEGAL_STATE' });
  builder.append(1, null, 'v', null);
  builder.seal({ compression: 'none', level: null });
  assert.equal(builder.append(1, null, 'v', null), 0);
});

test('compressed bytes stay in the buffer handed in unless they outgrow it', () => {
  const builder = new BatchBuilder();
  const buffer = Buffer.alloc(400);
  builder.reset(buffer);
  builder.append(1, null, Buffer.alloc(300), null);
  assert.equal(builder.seal({ compression: 'gzip', level: 1 }).buffer, buffer.buffer);
  const tight = Buffer.alloc(61 + 8);
  builder.reset(tight);
  assert.equal(builder.append(1, null, 'v', null), 8);
  const outgrown = builder.seal({ compression: 'gzip', level: null });
  assert.ok(outgrown.length > tight.length);
  assert.equal(new BatchView(outgrown).isCrcValid(), true);
});
