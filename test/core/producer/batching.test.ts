import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { RecordMetadata } from '../../../core/producer/producer.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { start, warm } from './producer-bench.ts';

describe('producer: batching', () => {
  for (const compression of COMPRESSION_TYPES) {
    it(`fills batches of ${compression} up to batch.size and no further`, async () => {
      // Not warmed up with a tiny record: one that grows when compressed spoils the estimate for long.
      const { clock, cluster, producer } = start({ 'compression.type': compression, 'batch.size': 4096 });
      const values: string[] = [];
      const seen: string[] = [];
      let largest = 0;
      let mostRecords = 0;
      for (let round = 0; round < 30; round++) {
        for (let index = 0; index < 200; index++) {
          const value = `{"event":"click","user":${values.length},"path":"/a/b/c","ok":true,"note":"${'n'.repeat(20)}"}`;
          values.push(value);
          producer.send({ topic: 't', partition: 0, value }, null);
        }
        await clock.settle();
        while (cluster.requests.length > 0) {
          const request = cluster.take();
          for (const batch of request.batches) {
            seen.push(...(batch.values as string[]));
            assert.ok(new BatchView(batch.bytes).isCrcValid());
            largest = Math.max(largest, batch.bytes.length);
            mostRecords = Math.max(mostRecords, batch.values.length);
          }
          request.respond();
          await clock.settle();
        }
      }
      assert.deepEqual(seen, values);
      assert.ok(largest <= 4096, `largest batch ${largest}`);
      // A record takes up to 120 bytes. The estimator learns that more of them fit when compressed.
      if (compression === 'none') assert.ok(largest > 4096 - 120, `largest batch ${largest}`);
      else assert.ok(mostRecords > 55, `most records ${mostRecords}`);
    });
  }

  it('admits a record to a compressed batch by what the batch will take, with 5 % margin, plus all of the record', async () => {
    const { clock, cluster, producer, settled } = start({ 'compression.type': 'lz4', 'batch.size': 1000 });
    cluster.answersItself = true;
    for (let index = 0; index < 20; index++)
      producer.send({ topic: 't', partition: 0, value: 'x'.repeat(193) }, null);
    await clock.settle();
    // 202 bytes each at ratio 1: 61 + 3 x 202 x 1.05 + 202 is within 1000, with a fourth it is not.
    assert.equal(settled[0]!.recordCount, 4);
    assert.equal(settled[0]!.uncompressedBytes, 61 + 4 * 202);
  });

  it('gives a record above batch.size a batch of its own size, compressible or not', async () => {
    for (const compression of COMPRESSION_TYPES) {
      const { clock, cluster, producer, told, send } = await warm({
        'compression.type': compression,
        'batch.size': 1000,
      });
      const free = producer.bufferAvailableBytes;
      send('a');
      producer.send({ topic: 't', partition: 0, value: randomBytes(5000) }, null);
      send('b');
      cluster.answersItself = true;
      await clock.settle();
      assert.deepEqual(told, ['a:1', 'b:3'], compression);
      assert.equal(producer.bufferAvailableBytes, free);
    }
  });

  it('takes texts of any alphabet, null keys and values, headers and record timestamps', async () => {
    const { clock, cluster, producer } = await warm();
    producer.send({ topic: 't', partition: 0, key: null, value: null, timestamp: 5 }, null);
    producer.send(
      { topic: 't', partition: 0, key: 'ключ', value: '価値🌊', headers: [{ key: 'h', value: null }] },
      null,
    );
    await clock.settle();
    const [batch] = cluster.take().batches;
    assert.deepEqual(batch!.values, [null, '価値🌊']);
    assert.equal(new BatchView(batch!.bytes).baseTimestamp, 5);
    assert.equal(new BatchView(batch!.bytes).maxTimestamp, clock.wallMs());
  });

  it('stamps records that have no timestamp with the time of the burst that sent them', async () => {
    const { clock, cluster, producer } = await warm({ 'linger.ms': 50 });
    const stamps: number[] = [];
    const callback = (_error: unknown, metadata: RecordMetadata) => stamps.push(metadata.timestamp);
    const send = () => producer.send({ topic: 't', partition: 0, value: 'v' }, callback);
    const startMs = clock.wallMs();
    send();
    await clock.advance(30);
    send();
    await clock.advance(20);
    cluster.take().respond();
    assert.deepEqual(stamps, [startMs, startMs + 30]);
  });

  it('places a record once with round-robin, also when it had to wait for memory', async () => {
    const { clock, cluster, producer } = await warm(
      { 'partitioner.class': 'round-robin', 'batch.size': 0, 'buffer.memory': 100 },
      [0, 0, 0],
    );
    cluster.answersItself = true;
    const partitions: number[] = [];
    for (let index = 0; index < 9; index++) {
      producer.send({ topic: 't', value: 'v' }, (_error, metadata) => {
        partitions[index] = metadata.partition;
      });
    }
    await clock.settle();
    const first = partitions[0]!;
    assert.deepEqual(
      partitions,
      Array.from({ length: 9 }, (_, index) => (first + index) % 3),
    );
  });

  it('adaptive gives a partition whose batches queue up fewer records', async () => {
    const shares = async (partitioner: string) => {
      const { clock, cluster, producer } = await warm(
        { 'partitioner.class': partitioner, 'batch.size': 300, 'max.in.flight.requests.per.connection': 1 },
        [0, 1, 2],
      );
      const found = [0, 0, 0];
      for (let round = 0; round < 1000; round++) {
        for (let index = 0; index < 3; index++) {
          producer.send({ topic: 't', value: 'x'.repeat(80) }, (_error, metadata) => {
            found[metadata.partition]!++;
          });
        }
        await clock.settle();
        // Node 0 answers one request in ten rounds.
        for (const request of cluster.requests.splice(0)) {
          if (request.nodeId !== 0 || round % 10 === 0) request.respond();
          else cluster.requests.push(request);
        }
      }
      cluster.answersItself = true;
      for (const request of cluster.requests.splice(0)) request.respond();
      await clock.runUntil(producer.flush());
      return found.map((count) => count / 1800);
    };
    const adaptive = await shares('adaptive');
    const uniform = await shares('uniform-sticky');
    assert.ok(adaptive[0]! < 0.2, `adaptive ${adaptive}`);
    assert.ok(uniform[0]! > 0.25, `uniform ${uniform}`);
  });
});
