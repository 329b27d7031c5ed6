import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TidemarkError } from '../../../core/base/errors.ts';
import { start, warm } from './producer-bench.ts';

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

  it('says of a batch that expires between its attempts what the last one failed with', async () => {
    const { clock, cluster, send, settled } = await warm({
      'delivery.timeout.ms': 1000,
      'request.timeout.ms': 900,
      'retry.backoff.ms': 5000,
      'retry.backoff.max.ms': 5000,
    });
    send('a');
    await clock.settle();
    cluster.take().respond(19);
    await clock.advance(1000);
    assert.equal(settled[0]!.error!.kind, 'TIMEOUT');
    assert.match(settled[0]!.error!.message, /Expiring 1 record.*last attempt failed: .*NOT_ENOUGH_REPLICAS/);
    assert.equal((settled[0]!.error!.cause as TidemarkError).kind, 'NOT_ENOUGH_REPLICAS');
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

  it('keeps the order through a change of leader when max.in.flight is 1', async () => {
    const { clock, cluster, send } = await warm({
      'batch.size': 0,
      'max.in.flight.requests.per.connection': 1,
    });
    send('a');
    await clock.settle();
    const first = cluster.take();
    cluster.setTopic('t', [1]);
    send('b');
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    first.respond();
    await clock.settle();
    assert.equal(cluster.take().nodeId, 1);
  });

  it('can reorder records with more in flight and no idempotence, as Kafka does', async () => {
    const { clock, cluster, send, told } = await warm({ 'batch.size': 0, 'enable.idempotence': 'false' });
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

  it('understands answers by topic id to what was sent before the topic was made anew', async () => {
    const { clock, cluster, send, told } = await warm({ 'retry.backoff.ms': 10, 'batch.size': 0 });
    cluster.answersById = true;
    send('a');
    send('b');
    await clock.settle();
    const [first, second] = [cluster.take(), cluster.take()];
    first.respond(100);
    cluster.setTopic('t', [0], 'another'.padEnd(32, '0'));
    await clock.settle();
    second.respond(100);
    assert.equal(told.length, 0);
    cluster.answersItself = true;
    await clock.advance(30);
    assert.deepEqual(told.map((line) => line.slice(0, 2)).sort(), ['a:', 'b:']);
    assert.ok(!told.join().includes('PROTOCOL'));
  });

  it('sends nothing past a request under way with max.in.flight=1, even if its batch expired and the leader moved', async () => {
    const { clock, cluster, send, told } = await warm(
      {
        'max.in.flight.requests.per.connection': 1,
        'request.timeout.ms': 1000,
        'delivery.timeout.ms': 1000,
      },
      [0],
    );
    send('a');
    await clock.settle();
    const first = cluster.take();
    await clock.advance(1000);
    assert.deepEqual(told, ['a:TIMEOUT']);
    cluster.setTopic('t', [1]);
    send('b');
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    first.fail('TIMEOUT');
    await clock.settle();
    assert.deepEqual(cluster.take().batches[0]!.values, ['b']);
  });
});
