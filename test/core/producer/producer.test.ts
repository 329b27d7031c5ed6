import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { Producer, type RecordMetadata, type SettledBatch } from '../../../core/producer/producer.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

export interface Bench {
  clock: VirtualClock;
  cluster: FakeCluster;
  producer: Producer;
  /** Outcomes of records sent with `send`, in the order told: value, error kind or offset. */
  told: string[];
  settled: SettledBatch[];
  send(value: string, more?: { partition?: number; topic?: string; timestamp?: number }): boolean;
}

function start(properties: Record<string, string | number> = {}, leaders = [0]): Bench {
  const clock = new VirtualClock();
  const cluster = new FakeCluster().setTopic('t', leaders);
  const told: string[] = [];
  const settled: SettledBatch[] = [];
  const producer = new Producer(
    { 'linger.ms': 0, ...properties },
    {
      clock,
      random: new SeededRandom(1),
      connect: async () => cluster,
      observer: { onBatchSettled: (batch) => settled.push(batch) },
    },
  );
  return {
    clock,
    cluster,
    producer,
    told,
    settled,
    send: (value, more = {}) =>
      producer.send(
        { topic: 't', partition: 0, value, ...more },
        (error: TidemarkError | null, metadata: RecordMetadata) =>
          told.push(`${value}:${error === null ? metadata.offset : error.kind}`),
      ),
  };
}

/** Past the first send, whose topic has to be looked up. */
async function warm(properties: Record<string, string | number> = {}, leaders = [0]): Promise<Bench> {
  const bench = start(properties, leaders);
  bench.send('warm');
  await bench.clock.advance(Number(properties['linger.ms'] ?? 0));
  const request = bench.cluster.take();
  if (request.acks === 0) request.written();
  else request.respond();
  await bench.clock.settle();
  bench.told.length = 0;
  bench.settled.length = 0;
  return bench;
}

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
    await assert.rejects(producer.send({ topic: 't', value: 'c', partition: 7 }), {
      kind: 'INVALID_PARTITION',
    });
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

describe('producer: failures', () => {
  it('throws from send() for what is no record', async () => {
    const { producer } = await warm();
    const send = (record: object) => producer.send(record as never, null);
    assert.throws(() => send({ topic: 't', value: 5 }), { kind: 'SERIALIZATION' });
    assert.throws(() => send({ topic: 't' }), { kind: 'SERIALIZATION' });
    assert.throws(() => send({ topic: 't', value: 'a', key: {} }), { kind: 'SERIALIZATION' });
    assert.throws(() => send({ topic: 't', value: 'a', timestamp: -1 }), { kind: 'INVALID_ARGUMENT' });
    assert.throws(() => send({ value: 'a' }), { kind: 'INVALID_ARGUMENT' });
  });

  it('fails a record above max.request.size, and takes one of exactly that bound', async () => {
    const { clock, cluster, send, told } = await warm({ 'max.request.size': 1000 });
    // 61 of the batch header, 21 of the record, 1 + 2 of the lengths, 1 of the header count.
    send('x'.repeat(1000 - 61 - 21 - 1 - 2 - 1));
    send('y'.repeat(1000 - 61 - 21 - 1 - 2));
    await clock.settle();
    cluster.take().respond();
    assert.deepEqual(
      told.map((line) => line.replace(/x+/, 'x').replace(/y+/, 'y')),
      ['y:RECORD_TOO_LARGE', 'x:1'],
    );
  });

  it('retries a retriable error with backoff, and asks for metadata when the leader moved', async () => {
    const { clock, cluster, send, told, producer } = await warm({ 'retry.backoff.ms': 100 }, [0]);
    send('a');
    await clock.settle();
    cluster.take().respond(6);
    assert.equal(cluster.refreshes, 1);
    cluster.setTopic('t', [1]);
    await clock.advance(79);
    assert.equal(cluster.requests.length, 0);
    await clock.advance(42);
    const again = cluster.take();
    assert.equal(again.nodeId, 1);
    again.respond();
    assert.deepEqual(told, ['a:1']);
    assert.equal(producer.stats().retries, 1);
  });

  it('retries after a lost connection, in the order of creation', async () => {
    const { clock, cluster, send, told } = await warm({ 'batch.size': 0 });
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    const lost = [cluster.take(), cluster.take(), cluster.take()];
    cluster.disconnect(0);
    for (const request of lost) request.fail('NETWORK');
    cluster.answersItself = true;
    await clock.advance(500);
    assert.deepEqual(told, ['a:1', 'b:2', 'c:3']);
  });

  it('gives up after `retries`, with the last error', async () => {
    const { clock, cluster, send, told } = await warm({ retries: 1 });
    send('a');
    await clock.settle();
    cluster.take().respond(19);
    await clock.advance(200);
    cluster.take().respond(19);
    assert.deepEqual(told, ['a:NOT_ENOUGH_REPLICAS']);
  });

  it('expires a batch delivery.timeout.ms after its creation, also in flight, and settles it once', async () => {
    const { clock, cluster, send, told, settled, producer } = await warm({
      'delivery.timeout.ms': 1000,
      'request.timeout.ms': 1000,
    });
    send('a');
    await clock.advance(999);
    assert.deepEqual(told, []);
    await clock.advance(1);
    assert.deepEqual(told, ['a:TIMEOUT']);
    assert.match(settled[0]!.error!.message, /Expiring 1 record\(s\) for t-0: 1000 ms has passed/);
    const free = producer.bufferAvailableBytes;
    cluster.take().respond();
    assert.deepEqual(told, ['a:TIMEOUT']);
    assert.equal(producer.bufferAvailableBytes - free, 16_384);
  });

  it('expires batches whose broker cannot be reached', async () => {
    const bench = start({ 'delivery.timeout.ms': 1000, 'request.timeout.ms': 1000 });
    bench.cluster.isConnectable = false;
    bench.send('a');
    await bench.clock.advance(2000);
    assert.deepEqual(bench.told, ['a:TIMEOUT']);
  });

  it('holds batches of a partition without leader until it has one', async () => {
    const { clock, cluster, send, told } = await warm({}, [0, -1]);
    send('a', { partition: 1 });
    await clock.advance(50);
    assert.equal(cluster.requests.length, 0);
    assert.ok(cluster.refreshes > 0);
    cluster.answersItself = true;
    cluster.setTopic('t', [0, 0]);
    await clock.settle();
    assert.deepEqual(told, ['a:0']);
  });

  it('mutes a partition in flight when max.in.flight is 1, so that retries keep the order', async () => {
    const { clock, cluster, send, told } = await warm({
      'batch.size': 0,
      'max.in.flight.requests.per.connection': 1,
    });
    send('a');
    send('b');
    await clock.settle();
    cluster.take().respond(19);
    await clock.advance(1000);
    cluster.answersItself = true;
    cluster.take().respond();
    await clock.settle();
    assert.deepEqual(told, ['a:1', 'b:2']);
  });

  it('can reorder records with more in flight and no idempotence, as Kafka does', async () => {
    const { clock, cluster, send, told } = await warm({ 'batch.size': 0 });
    send('a');
    send('b');
    await clock.settle();
    cluster.take().respond(19);
    cluster.take().respond();
    cluster.answersItself = true;
    await clock.advance(1000);
    assert.deepEqual(told, ['b:1', 'a:2']);
  });

  it('tells everybody although a callback throws', async () => {
    const { clock, cluster, producer } = await warm();
    const thrown: unknown[] = [];
    const catcher = (error: unknown) => thrown.push((error as Error).message);
    const others = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', catcher);
    const told: number[] = [];
    const callback = (_error: unknown, _metadata: unknown, opaque: unknown) => {
      if (opaque === 0) throw new Error('mine');
      told.push(opaque as number);
    };
    for (let index = 0; index < 3; index++)
      producer.send({ topic: 't', partition: 0, value: 'v' }, callback, index);
    await clock.settle();
    cluster.take().respond();
    await clock.settle();
    for (const other of others) process.on('uncaughtException', other);
    assert.deepEqual(told, [1, 2]);
    assert.deepEqual(thrown, ['mine']);
  });
});

describe('producer: waiting', () => {
  it('sends what waited for metadata in order, and fails it after max.block.ms', async () => {
    const { clock, cluster, send, told } = start({ 'max.block.ms': 1000 });
    assert.equal(send('a', { topic: 'new' }), false);
    assert.equal(send('b', { topic: 'new' }), false);
    await clock.advance(500);
    cluster.answersItself = true;
    cluster.setTopic('new', [0]);
    await clock.settle();
    assert.deepEqual(told, ['a:0', 'b:1']);
    send('c', { topic: 'never' });
    await clock.advance(999);
    assert.equal(told.length, 2);
    await clock.advance(1);
    assert.equal(told[2], 'c:TIMEOUT');
  });

  it('does not let one unknown topic hold up another', async () => {
    const { clock, cluster, send, told } = await warm();
    cluster.answersItself = true;
    send('a', { topic: 'unknown' });
    send('b');
    await clock.settle();
    assert.deepEqual(told, ['b:1']);
  });

  it('waits for buffer.memory in order, and says so by returning false', async () => {
    const { clock, cluster, send, told } = await warm({ 'batch.size': 200, 'buffer.memory': 400 }, [0, 0]);
    const wide = (letter: string) => letter.repeat(100);
    assert.equal(send(wide('a')), true);
    assert.equal(send(wide('b')), true);
    assert.equal(send(wide('c')), false);
    // It would fit into the open batch, but may not overtake.
    assert.equal(send('d'), false);
    await clock.settle();
    assert.equal(cluster.requests.length, 2);
    cluster.answersItself = true;
    cluster.take().respond();
    cluster.take().respond();
    await clock.settle();
    assert.deepEqual(
      told.map((line) => line[0]),
      ['a', 'b', 'c', 'd'],
    );
    assert.equal(send('e'), true);
  });

  it('fails with BUFFER_EXHAUSTED after max.block.ms without memory, and goes on afterwards', async () => {
    const { clock, cluster, send, told, producer } = await warm({
      'batch.size': 200,
      'buffer.memory': 200,
      'max.block.ms': 50,
    });
    send('a'.repeat(100));
    send('b'.repeat(100));
    await clock.advance(50);
    assert.deepEqual(told, [`${'b'.repeat(100)}:BUFFER_EXHAUSTED`]);
    cluster.answersItself = true;
    cluster.take().respond();
    await clock.settle();
    assert.equal(producer.bufferAvailableBytes, 200);
    assert.equal(send('c'), true);
  });

  it('sends lingering batches at once while somebody waits for memory', async () => {
    const { clock, cluster, send } = await warm(
      {
        'batch.size': 200,
        'buffer.memory': 200,
        'linger.ms': 1000,
      },
      [0, 0],
    );
    send('a');
    send('b', { partition: 1 });
    await clock.settle();
    assert.deepEqual(cluster.take().batches[0]!.values, ['a']);
  });

  it('says at once when buffer.memory cannot hold one batch', async () => {
    const bench = start({ 'batch.size': 500, 'buffer.memory': 400 });
    bench.send('a');
    await bench.clock.settle();
    assert.deepEqual(bench.told, ['a:BUFFER_EXHAUSTED']);
  });
});

describe('producer: flush and close', () => {
  it('flushes what lingers and waits for what was sent before, not after', async () => {
    const { clock, cluster, send, producer, told } = await warm({ 'linger.ms': 10_000, 'batch.size': 200 });
    send('a');
    let isFlushed = false;
    const flushing = producer.flush().then(() => {
      isFlushed = true;
    });
    await clock.settle();
    const first = cluster.take();
    send('b');
    await clock.settle();
    first.respond();
    await clock.settle();
    assert.ok(isFlushed);
    assert.deepEqual(told, ['a:1']);
    await flushing;
  });

  it('flushes records that still wait for metadata', async () => {
    const { clock, cluster, send, producer, told } = start({ 'linger.ms': 10_000 });
    send('a', { topic: 'late' });
    const flushing = producer.flush();
    await clock.settle();
    cluster.answersItself = true;
    cluster.setTopic('late', [0]);
    await clock.runUntil(flushing);
    assert.deepEqual(told, ['a:0']);
  });

  it('closes once everything is settled, refuses records afterwards, and may be closed again', async () => {
    const { clock, cluster, send, producer, told } = await warm({ 'linger.ms': 10_000 });
    send('a');
    const closing = producer.close();
    assert.equal(producer.close(), closing);
    assert.throws(() => send('b'), { kind: 'PRODUCER_CLOSED' });
    await assert.rejects(producer.send({ topic: 't', value: 'c' }), { kind: 'PRODUCER_CLOSED' });
    await clock.settle();
    cluster.take().respond();
    await closing;
    assert.deepEqual(told, ['a:1']);
    assert.ok(cluster.isClosed);
    assert.equal(clock.pendingTimers, 0);
  });

  it('fails what is left when the time to close is over', async () => {
    const { clock, send, producer, told } = await warm({ 'linger.ms': 5 });
    send('a');
    send('b', { topic: 'unknown' });
    const closing = producer.close({ timeoutMs: 100 });
    await clock.advance(100);
    await closing;
    assert.deepEqual(told.sort(), ['a:PRODUCER_CLOSED', 'b:PRODUCER_CLOSED']);
  });

  it('closes without ever having connected', async () => {
    await using bench = start().producer;
    assert.equal(bench.stats().requests, 0);
  });
});
