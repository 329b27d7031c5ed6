import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { plainRecords, sealBatch } from './record-arbitraries.ts';

/** Puts records of the given bytes behind a valid header. */
function batchOf(count: number, ...records: string[]): BatchView {
  const batch = sealBatch([{ timestampMs: 100, key: null, value: null, headers: null }]);
  const all = Buffer.concat([
    batch.subarray(0, 61),
    Buffer.from(records.join('').replaceAll(' ', ''), 'hex'),
  ]);
  all.writeInt32BE(all.length - 12, 8);
  all.writeInt32BE(count, 57);
  return new BatchView(all);
}

function walk(batch: BatchView): string[] {
  const cursor = new RecordCursor();
  cursor.reset(batch);
  const seen: string[] = [];
  while (cursor.next()) {
    const headers = cursor.headers().map(({ key, value }) => `${key}=${value?.toString() ?? 'null'}`);
    seen.push([cursor.offset, cursor.timestampMs, cursor.key, cursor.value, ...headers].join(' '));
  }
  return seen;
}

test('keys and values are views of the batch, not copies', () => {
  const batch = sealBatch([
    { timestampMs: 1, key: 'key', value: 'value', headers: [{ key: 'h', value: 'x' }] },
  ]);
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(batch));
  cursor.next();
  assert.equal(cursor.bytes, batch);
  assert.equal(batch.toString('utf8', cursor.valueStart, cursor.valueStart + cursor.valueLength), 'value');
  for (const view of [cursor.key!, cursor.value!, cursor.headers()[0]!.value!])
    assert.equal(view.buffer, batch.buffer);
});

test('reading headers does not disturb the walk, and several of one name are kept in order', () => {
  const headers = [
    { key: 'same', value: '1' },
    { key: 'same', value: null },
    { key: '', value: '' },
  ];
  const record = { timestampMs: 1, key: null, value: 'v', headers };
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(sealBatch([record, record])));
  for (let index = 0; index < 2; index++) {
    assert.equal(cursor.next(), true);
    for (let again = 0; again < 2; again++) {
      assert.equal(cursor.headerCount, 3);
      assert.deepEqual(
        cursor.headers().map(({ key, value }) => [key, value?.toString() ?? null]),
        [
          ['same', '1'],
          ['same', null],
          ['', ''],
        ],
      );
    }
  }
  assert.equal(cursor.next(), false);
  assert.equal(cursor.next(), false);
});

test('a cursor may be reset in the middle of a batch', () => {
  const cursor = new RecordCursor();
  const records = [1, 2, 3].map((timestampMs) => ({ timestampMs, key: null, value: 'v', headers: null }));
  const view = new BatchView(sealBatch(records, { compression: 'lz4' }));
  cursor.reset(view);
  cursor.next();
  cursor.reset(view);
  let count = 0;
  while (cursor.next()) count++;
  assert.equal(count, 3);
});

test('a hand-written record is read', () => {
  assert.deepEqual(walk(batchOf(1, '0e 00 05 08 02 6b 01 00')), ['4 97 k ']);
  assert.deepEqual(walk(batchOf(1, '16 00 00 00 026b 0276 02 0268 01')), ['0 100 k v h=null']);
});

const MALFORMED: Readonly<Record<string, BatchView>> = {
  'record longer than its batch': batchOf(1, '7e 00 00 00 01 01 00'),
  'negative record length': batchOf(1, '0b 00 00 00 01 01 00'),
  'key longer than its record': batchOf(1, '0c 00 00 00 20 01 00'),
  'value that leaves no room for the header count': batchOf(1, '0c 00 00 00 01 02 61'),
  'key length below -1': batchOf(1, '0c 00 00 00 03 01 00'),
  'value length below -1': batchOf(1, '0c 00 00 00 01 05 00'),
  'fewer records than counted': batchOf(2, '0c 00 00 00 01 01 00'),
  'more bytes than the records take': batchOf(1, '0c 00 00 00 01 01 00', 'ff'),
  'negative header count': batchOf(1, '0c 00 00 00 01 01 01'),
  'more headers than bytes': batchOf(1, '0c 00 00 00 01 01 08'),
  'header without name': batchOf(1, '10 00 00 00 01 01 02 01 01'),
  'header value beyond its record': batchOf(1, '12 00 00 00 01 01 02 00 08 00'),
  'headers that end too early': batchOf(1, '12 00 00 00 01 01 02 00 00 00'),
  'length that never ends': batchOf(1, 'ffffffffffffffffff'),
};

for (const [name, batch] of Object.entries(MALFORMED)) {
  test(`malformed: ${name}`, () => {
    assert.throws(() => walk(batch), { kind: 'INVALID_RECORD' });
  });
}

test('next() refuses a record without room for its header count, and headerCount an impossible one', () => {
  const cursor = new RecordCursor();
  cursor.reset(MALFORMED['value that leaves no room for the header count']!);
  assert.throws(() => cursor.next(), { kind: 'INVALID_RECORD' });
  cursor.reset(MALFORMED['more headers than bytes']!);
  assert.equal(cursor.next(), true);
  assert.throws(() => cursor.headerCount, { kind: 'INVALID_RECORD' });
});

test('whatever is damaged, the walk ends with records inside the batch or a typed error', () => {
  fc.assert(
    fc.property(
      plainRecords,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (records, damage) => {
        const batch = sealBatch(records);
        for (const [at, byte] of damage) batch[61 + (at % (batch.length - 61))] = byte;
        const cursor = new RecordCursor();
        try {
          cursor.reset(new BatchView(batch));
          while (cursor.next()) {
            assert.ok(cursor.valueStart + Math.max(0, cursor.valueLength) <= batch.length);
            assert.ok(cursor.keyStart + Math.max(0, cursor.keyLength) <= cursor.valueStart);
            cursor.headers();
          }
        } catch (error) {
          assert.equal((error as { kind?: string }).kind, 'INVALID_RECORD', String(error));
        }
      },
    ),
    { numRuns: 500 },
  );
});
