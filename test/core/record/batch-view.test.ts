import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchView, iterateBatches } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { sealBatch } from './record-arbitraries.ts';

const record = { timestampMs: 1_700_000_000_000, key: 'k', value: 'v', headers: null };

test('header fields are read where the batch begins, wherever that is', () => {
  const batch = sealBatch([record, record], {
    compression: 'gzip',
    producerId: 2 ** 40 + 3,
    producerEpoch: 12,
    baseSequence: 0x7fff_ffff,
    isTransactional: true,
  });
  const around = Buffer.concat([Buffer.alloc(17, 0xee), batch, Buffer.alloc(9, 0xee)]);
  const view = new BatchView().reset(around, 17);
  assert.deepEqual(
    [
      view.baseOffset,
      view.lengthBytes,
      view.partitionLeaderEpoch,
      view.magic,
      view.count,
      view.lastOffsetDelta,
    ],
    [0, batch.length, -1, 2, 2, 1],
  );
  assert.deepEqual(
    [view.producerId, view.producerEpoch, view.baseSequence, view.compression, view.timestampType],
    [2 ** 40 + 3, 12, 0x7fff_ffff, 'gzip', 'CreateTime'],
  );
  assert.deepEqual([view.isTransactional, view.isControl], [true, false]);
  assert.equal(view.isCrcValid(), true);
  assert.deepEqual(view.bytes, batch);
});

test('base offset and leader epoch are patched in place and leave the CRC valid', () => {
  const batch = sealBatch([record, record]);
  const view = new BatchView(batch);
  const { crc } = view;
  for (const offset of [0, 1, 0xffff_ffff, 2 ** 32, 2 ** 52 + 1]) {
    BatchView.patchBaseOffset(batch, 0, offset);
    assert.equal(view.baseOffset, offset);
    assert.equal(view.lastOffset, offset + 1);
  }
  BatchView.patchLeaderEpoch(batch, 0, 77);
  assert.equal(view.partitionLeaderEpoch, 77);
  assert.equal(view.crc, crc);
  assert.equal(view.isCrcValid(), true);
});

test('LogAppendTime gives every record the time of the append, and a new CRC', () => {
  const batch = sealBatch([record, { ...record, timestampMs: 5 }]);
  BatchView.patchLogAppendTime(batch, 0, 1_800_000_000_123);
  const view = new BatchView(batch);
  assert.equal(view.timestampType, 'LogAppendTime');
  assert.equal(view.maxTimestamp, 1_800_000_000_123);
  assert.equal(view.baseTimestamp, record.timestampMs);
  assert.equal(view.isCrcValid(), true);
  const cursor = new RecordCursor();
  cursor.reset(view);
  while (cursor.next()) assert.equal(cursor.timestampMs, 1_800_000_000_123);
});

test('a new producer state gets a new CRC', () => {
  const batch = sealBatch([record]);
  BatchView.patchProducerState(batch, 0, { producerId: 9, producerEpoch: 2, baseSequence: 41 });
  const view = new BatchView(batch);
  assert.deepEqual(
    [view.producerId, view.producerEpoch, view.baseSequence, view.isCrcValid()],
    [9, 2, 41, true],
  );
});

test('any changed byte after the CRC is noticed', () => {
  const batch = sealBatch([record]);
  for (let at = 17; at < batch.length; at++) {
    const changed = Buffer.from(batch);
    changed[at]! ^= 0x10;
    assert.equal(new BatchView(changed).isCrcValid(), false, `byte ${at}`);
  }
});

test('codec ids that mean nothing are named', () => {
  const batch = sealBatch([record]);
  batch.writeInt16BE(5, 21);
  assert.throws(() => new BatchView(batch).compression, { kind: 'UNSUPPORTED_COMPRESSION_TYPE', code: 76 });
});

test('complete batches are visited in order and a partial tail is ignored', () => {
  const batches = [1, 2, 3].map((timestampMs) => sealBatch([{ ...record, timestampMs }]));
  const all = Buffer.concat(batches);
  for (let length = 0; length <= all.length; length++) {
    const seen: number[] = [];
    for (const view of iterateBatches(all.subarray(0, length))) seen.push(view.baseTimestamp);
    assert.deepEqual(seen, [1, 2, 3].slice(0, Math.floor(length / batches[0]!.length)));
  }
});

test('a batch of impossible length or of another format ends the iteration with an error', () => {
  const batch = sealBatch([record]);
  for (const length of [-1, 0, 48, -0x8000_0000]) {
    const changed = Buffer.from(batch);
    changed.writeInt32BE(length, 8);
    assert.throws(() => [...iterateBatches(changed)], { kind: 'CORRUPT_MESSAGE' });
  }
  const old = Buffer.from(batch);
  old[16] = 1;
  assert.throws(() => [...iterateBatches(old)], { kind: 'CORRUPT_MESSAGE' });
});
