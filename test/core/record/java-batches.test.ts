/** Batches that Kafka's own producer wrote; scripts/java-fixtures.ts makes them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { validateBatchFromProducer } from '../../../core/record/batch-validation.ts';
import { BatchView, iterateBatches } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { COMPRESSION_TYPES, type CompressionType } from '../../../core/record/types.ts';
import { type PlainRecord, sealBatch } from './record-arbitraries.ts';

interface Origin {
  readonly topics: readonly { topic: string; codec: CompressionType; isIdempotent: boolean }[];
  /** Keys and values in base64. */
  readonly batches: readonly (readonly {
    timestampMs: number;
    key: string | null;
    value: string | null;
    headers: readonly { key: string; value: string | null }[];
  }[])[];
}

const fixture = (name: string) => readFileSync(new URL(`fixtures/java/${name}`, import.meta.url));
const { topics, batches } = JSON.parse(fixture('origin.json').toString('utf8')) as Origin;
const sent: PlainRecord[][] = batches.map((records) =>
  records.map(({ timestampMs, key, value, headers }) => ({
    timestampMs,
    key: bytes(key),
    value: bytes(value),
    headers: headers.map((header) => ({ key: header.key, value: bytes(header.value) })),
  })),
);

function bytes(base64: string | null): Buffer | null {
  return base64 === null ? null : Buffer.from(base64, 'base64');
}

/** The batches of a fixture, each in memory of its own. */
function storedBatches(topic: string): Buffer[] {
  return Array.from(iterateBatches(fixture(`${topic}.bin`)), (batch) => Buffer.from(batch.bytes));
}

function decode(batch: Buffer): PlainRecord[] {
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(batch));
  const records: PlainRecord[] = [];
  const { baseOffset } = new BatchView(batch);
  while (cursor.next()) {
    assert.equal(cursor.offset, baseOffset + records.length);
    const { timestampMs, key, value } = cursor;
    records.push({ timestampMs, key: copy(key), value: copy(value), headers: headersOf(cursor) });
  }
  return records;
}

function headersOf(cursor: RecordCursor) {
  return cursor.headers().map(({ key, value }) => ({ key: String(key), value: copy(value) }));
}

function copy(view: Buffer | null): Buffer | null {
  return view === null ? null : Buffer.from(view);
}

/** Ours, of the same records and with the same place in offsets and sequences. */
function encodeAs(stored: BatchView, records: readonly PlainRecord[]): Buffer {
  const { compression, producerId, producerEpoch, baseSequence } = stored;
  const batch = Buffer.from(sealBatch(records, { compression, producerId, producerEpoch, baseSequence }));
  BatchView.patchBaseOffset(batch, 0, stored.baseOffset);
  BatchView.patchLeaderEpoch(batch, 0, stored.partitionLeaderEpoch);
  return batch;
}

describe('batches of the Java producer', () => {
  it('are there for every codec, idempotent and not', () => {
    const kinds = topics.map(({ codec, isIdempotent }) => `${codec} ${isIdempotent}`);
    assert.deepEqual(
      kinds,
      COMPRESSION_TYPES.flatMap((codec) => [`${codec} false`, `${codec} true`]),
    );
    assert.ok(sent.flat().length > 150);
  });

  for (const { topic, codec, isIdempotent } of topics) {
    it(`${topic}: decoding gives what was sent`, () => {
      const stored = storedBatches(topic);
      assert.equal(stored.length, sent.length);
      for (const [index, batch] of stored.entries()) assert.deepEqual(decode(batch), sent[index]);
    });

    it(`${topic}: the headers say what the producer and the broker decided`, () => {
      let next = 0;
      const producerIds = new Set<number>();
      for (const [index, bytesOfBatch] of storedBatches(topic).entries()) {
        const batch = new BatchView(bytesOfBatch);
        const records = sent[index]!;
        assert.ok(batch.isCrcValid());
        assert.deepEqual([batch.baseOffset, batch.count], [next, records.length]);
        assert.equal(batch.maxTimestamp, Math.max(...records.map(({ timestampMs }) => timestampMs)));
        assert.deepEqual([batch.isTransactional, batch.isControl], [false, false]);
        assert.deepEqual([batch.timestampType, batch.compression], ['CreateTime', codec]);
        assert.deepEqual([batch.producerEpoch, batch.baseSequence], isIdempotent ? [0, next] : [-1, -1]);
        producerIds.add(batch.producerId);
        next += records.length;
      }
      assert.equal(producerIds.size, 1);
      assert.equal([...producerIds][0]! >= 0, isIdempotent);
    });

    it(`${topic}: a leader takes them as they were sent`, () => {
      for (const batch of storedBatches(topic)) {
        BatchView.patchBaseOffset(batch, 0, 0);
        assert.equal(validateBatchFromProducer(batch), null);
      }
    });

    it(`${topic}: our encoding of the same records ${codec === 'none' ? 'is the same bytes' : 'decodes to the same'}`, () => {
      for (const [index, stored] of storedBatches(topic).entries()) {
        const ours = encodeAs(new BatchView(stored), sent[index]!);
        if (codec === 'none') assert.deepEqual(ours, stored);
        assert.deepEqual(decode(ours), sent[index]);
        assert.ok(new BatchView(ours).isCrcValid());
        assert.deepEqual(ours.subarray(21, 61), stored.subarray(21, 61), 'attributes to count');
      }
    });
  }
});
