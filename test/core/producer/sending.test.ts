import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RecordMetadata } from '../../../core/producer/producer.ts';
import { start, warm } from './producer-bench.ts';

describe('producer: sending', () => {
  it('settles every record with its partition and offset, in order', async () => {
    const { clock, cluster, producer, told } = start({}, [0, 0]);
    const metadata: RecordMetadata[] = [];
    const opaques: unknown[] = [];
    for (let index = 0; index < 3; index++) {
      producer.send(
        { topic: 't', partition: 1, value: `v${index}`, timestamp: 1000 + index },
        (error, one, opaque) => {
          assert.equal(error, null);
          metadata.push(one);
          opaques.push(opaque);
        },
        index,
      );
    }
    await clock.settle();
    assert.deepEqual(cluster.requests[0]!.batches[0]!.values, ['v0', 'v1', 'v2']);
    cluster.take().respond();
    assert.deepEqual(
      metadata.map((one) => ({ ...one })),
      [0, 1, 2].map((index) => ({ topic: 't', partition: 1, offset: index, timestamp: 1000 + index })),
    );
    assert.deepEqual(opaques, [0, 1, 2]);
    assert.deepEqual(told, []);
  });

  it('resolves and rejects promises', async () => {
    const { clock, cluster, producer } = start();
    const good = producer.send({ topic: 't', value: 'a' });
    await clock.settle();
    cluster.take().respond();
    assert.equal((await good).offset, 0);
    const bad = producer.send({ topic: 't', value: 'b' });
    await clock.settle();
    cluster.take().respond(10);
    await assert.rejects(bad, { kind: 'MESSAGE_TOO_LARGE' });
  });

  it('makes one batch of what one synchronous burst sends when linger.ms is 0, without a timer of linger', async () => {
    const { clock, cluster, send } = await warm();
    for (let index = 0; index < 5; index++) send(`v${index}`);
    await clock.settle();
    assert.equal(cluster.requests.length, 1);
    assert.equal(cluster.take().batches[0]!.values.length, 5);
  });

  it('waits linger.ms for more records, from the first record on', async () => {
    const { clock, cluster, send } = await warm({ 'linger.ms': 20 });
    send('a');
    await clock.advance(15);
    send('b');
    await clock.advance(4);
    assert.equal(cluster.requests.length, 0);
    await clock.advance(1);
    assert.deepEqual(cluster.take().batches[0]!.values, ['a', 'b']);
  });

  it('sends a full batch without waiting for linger.ms', async () => {
    const { clock, cluster, send } = await warm({ 'linger.ms': 1000, 'batch.size': 200 });
    for (let index = 0; index < 3; index++) send('x'.repeat(60));
    await clock.settle();
    assert.equal(cluster.take().batches[0]!.values.length, 2);
  });

  it('makes every record its own batch when batch.size is 0', async () => {
    const { clock, cluster, send } = await warm({ 'batch.size': 0 });
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    assert.deepEqual(
      cluster.requests.map((request) => request.batches.map((batch) => batch.values)),
      [[['a']], [['b']], [['c']]],
    );
  });

  it('keeps at most max.in.flight requests per broker, one batch per partition in each', async () => {
    const { clock, cluster, send } = await warm({
      'batch.size': 0,
      'max.in.flight.requests.per.connection': 2,
    });
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    assert.equal(cluster.requests.length, 2);
    cluster.take().respond();
    await clock.settle();
    assert.equal(cluster.requests.length, 2);
  });

  it('groups batches by leader and fills a request up to max.request.size', async () => {
    const { clock, cluster, send } = await warm({ 'max.request.size': 400 }, [0, 0, 0, 1]);
    for (let partition = 0; partition < 4; partition++) send('x'.repeat(100), { partition });
    await clock.settle();
    const sizes = cluster.requests.map((request) => [request.nodeId, request.batches.length]);
    assert.deepEqual(sizes.sort(), [
      [0, 1],
      [0, 2],
      [1, 1],
    ]);
  });

  it('resolves acks=0 when written, with offset -1', async () => {
    const { clock, cluster, send, told } = await warm({ acks: 0 });
    send('a');
    await clock.settle();
    assert.deepEqual(told, []);
    cluster.take().written();
    assert.deepEqual(told, ['a:-1']);
  });

  it('tells the observer of a batch just before its callbacks, with its times', async () => {
    const { clock, cluster, send, settled, told } = await warm({ 'linger.ms': 10 });
    const createdNs = clock.nowNs();
    send('a');
    send('b');
    await clock.advance(10);
    await clock.advance(7);
    cluster.take().respond();
    assert.deepEqual(told, ['a:1', 'b:2']);
    const [batch] = settled;
    assert.equal(batch!.recordCount, 2);
    assert.equal(batch!.createdNs, createdNs);
    assert.equal(batch!.firstDrainedNs - createdNs, 10e6);
    assert.equal(batch!.settledNs - batch!.lastDrainedNs, 7e6);
    assert.equal(batch!.compressedBytes, batch!.uncompressedBytes);
  });
});
