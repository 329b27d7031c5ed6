import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { start, warm } from './producer-bench.ts';

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

  it('settles each record once when a callback closes the producer there and then', async () => {
    const { clock, cluster, send, producer, told } = await warm();
    let closing: Promise<void> | null = null;
    producer.send({ topic: 't', partition: 0, value: 'a' }, (error, { offset }) => {
      told.push(`a:${error === null ? offset : error.kind}`);
      closing ??= producer.close({ timeoutMs: 0 });
    });
    send('b');
    await clock.settle();
    send('c');
    await clock.settle();
    cluster.take().respond();
    await closing;
    for (const request of cluster.requests.splice(0)) request.fail('NETWORK');
    await clock.settle();
    assert.deepEqual(told.sort(), ['a:1', 'b:2', 'c:PRODUCER_CLOSED']);
    assert.equal(producer.stats().failedRecords, 1);
    assert.equal(producer.bufferAvailableBytes, producer.config.bufferMemoryBytes);
    assert.equal(clock.pendingTimers, 0);
  });

  it('closes without ever having connected', async () => {
    await using bench = start().producer;
    assert.equal(bench.stats().requests, 0);
  });

  it('waits no longer than a later close() with less time says', async () => {
    const { clock, send, producer, told } = await warm({ 'linger.ms': 5 });
    send('a');
    const closing = producer.close({ timeoutMs: 1000 });
    await clock.advance(50);
    assert.equal(producer.close({ timeoutMs: 100 }), closing);
    assert.equal(producer.close(), closing);
    await clock.advance(99);
    assert.deepEqual(told, []);
    await clock.advance(1);
    await closing;
    assert.deepEqual(told, ['a:PRODUCER_CLOSED']);
  });

  it('waits for nothing with a timeout of 0, and refuses one below', async () => {
    const { clock, send, producer, told } = await warm({ 'linger.ms': 5 });
    send('a');
    assert.throws(() => producer.close({ timeoutMs: -1 }), { kind: 'INVALID_ARGUMENT' });
    assert.equal(send('b'), true);
    await producer.close({ timeoutMs: 0 });
    await clock.settle();
    assert.deepEqual(told, ['a:PRODUCER_CLOSED', 'b:PRODUCER_CLOSED']);
  });

  it('may be flushed and closed inside a callback: the others of the batch are told first', async () => {
    const { clock, cluster, send, producer, told } = await warm();
    let flushed: Promise<unknown> | null = null;
    producer.send({ topic: 't', partition: 0, value: 'a' }, () => {
      flushed = producer.flush().then(() => told.push('flushed'));
      producer.close().then(() => told.push('closed'));
    });
    send('b');
    await clock.settle();
    cluster.take().respond();
    await clock.settle();
    await flushed;
    assert.deepEqual(told, ['b:2', 'flushed', 'closed']);
    assert.ok(cluster.isClosed);
  });
});
