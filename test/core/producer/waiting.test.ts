import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kafkaError, TidemarkError } from '../../../core/base/errors.ts';
import { start, warm } from './producer-bench.ts';

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

  it('says what kept the metadata from coming, though the look-up is still under way when time runs out', async () => {
    const { clock, cluster, producer } = start({ 'max.block.ms': 1000 });
    cluster.metadataFor = (topic: string, lookup: { readonly timeoutMs?: number } = {}) =>
      new Promise((_, reject) => {
        const cause = kafkaError(3, topic);
        clock.setTimer(() => reject(new TidemarkError('TIMEOUT', 'late', { cause })), lookup.timeoutMs!);
      });
    const failed = assert.rejects(producer.send({ topic: 'never', value: 'v' }), {
      kind: 'TIMEOUT',
      message:
        /^topic never not present in metadata after 1000 ms .*; last: never: UNKNOWN_TOPIC_OR_PARTITION/,
    });
    await clock.advance(1000);
    await failed;
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

  it('forgets the need for memory of a record that gave up waiting', async () => {
    const { clock, send } = await warm(
      { 'batch.size': 200, 'buffer.memory': 500, 'max.block.ms': 50 },
      [0, 0, 0],
    );
    assert.equal(send('a'), true);
    assert.equal(send('b'.repeat(300), { partition: 1 }), false);
    await clock.advance(50);
    assert.equal(send('c', { partition: 2 }), true);
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

  it('waits for a partition that the topic does not have yet, as Kafka does, holding up nobody', async () => {
    const { clock, cluster, send, told } = await warm({ 'max.block.ms': 1000, 'retry.backoff.ms': 100 });
    cluster.answersItself = true;
    assert.equal(send('later', { partition: 1 }), false);
    assert.equal(send('never', { partition: 7 }), false);
    assert.equal(send('now'), true);
    await clock.settle();
    assert.deepEqual(told, ['now:1']);
    assert.equal(cluster.refreshes, 1);
    cluster.setTopic('t', [0, 0]);
    await clock.advance(100);
    assert.deepEqual(told, ['now:1', 'later:0']);
    await clock.advance(900);
    assert.deepEqual(told, ['now:1', 'later:0', 'never:TIMEOUT']);
    await clock.advance(100);
    const { refreshes } = cluster;
    await clock.advance(1000);
    assert.equal(cluster.refreshes, refreshes);
  });

  it('names the partition that did not appear, and how many there are', async () => {
    const { clock, producer } = await warm({ 'max.block.ms': 50 });
    const failed = assert.rejects(producer.send({ topic: 't', value: 'v', partition: 7 }), {
      kind: 'TIMEOUT',
      isTimeout: true,
      retriable: true,
      message: /partition 7 of topic t with partition count 1 is not present in metadata after 50 ms/,
    });
    await clock.advance(50);
    await failed;
  });

  it('admits a record whose partition has appeared, though nobody has looked again before its time is over', async () => {
    const { clock, cluster, send, told } = await warm({ 'max.block.ms': 100, 'retry.backoff.ms': 1000 });
    cluster.answersItself = true;
    assert.equal(send('late', { partition: 1 }), false);
    await clock.advance(50);
    cluster.setTopic('t', [0, 0]);
    await clock.advance(50);
    // It never waited for memory, of which there is plenty.
    assert.deepEqual(told, ['late:0']);
  });

  it('gets the memory back of batches whose partition has vanished: they expire like others', async () => {
    const { clock, cluster, send, told, producer } = await warm(
      {
        'batch.size': 200,
        'buffer.memory': 600,
        'request.timeout.ms': 500,
        'delivery.timeout.ms': 1000,
        'max.in.flight.requests.per.connection': 1,
      },
      [0, 0],
    );
    send('under way', { partition: 1 });
    await clock.settle();
    send('queued', { partition: 1 });
    cluster.setTopic('t', [0]);
    await clock.settle();
    cluster.take().fail('NETWORK');
    await clock.advance(999);
    assert.deepEqual(told, []);
    await clock.advance(1);
    assert.deepEqual(told, ['under way:TIMEOUT', 'queued:TIMEOUT']);
    assert.equal(producer.bufferAvailableBytes, 600);
    assert.equal(cluster.requests.length, 0);
  });

  it('shares max.block.ms between the wait for metadata and the wait for memory', async () => {
    const { clock, cluster, send, told, producer } = await warm({
      'batch.size': 200,
      'buffer.memory': 200,
      'max.block.ms': 100,
    });
    send('a'.repeat(100));
    send('late', { topic: 'new' });
    await clock.advance(70);
    cluster.setTopic('new', [0]);
    await clock.advance(29);
    assert.equal(producer.metricValues()['waiting-threads'], 1);
    assert.deepEqual(told, []);
    await clock.advance(1);
    assert.deepEqual(told, ['late:BUFFER_EXHAUSTED']);
  });

  it('gives memory to the longest waiting, though a later one would fit sooner', async () => {
    const { clock, cluster, send, told } = await warm(
      { 'batch.size': 200, 'buffer.memory': 600, 'max.in.flight.requests.per.connection': 5 },
      [0, 0, 0, 0],
    );
    for (const partition of [0, 1, 2]) send(`${partition}`, { partition });
    assert.equal(send('wide'.repeat(100), { partition: 3 }), false);
    assert.equal(send('narrow', { partition: 3 }), false);
    await clock.settle();
    const request = cluster.take();
    cluster.answersItself = true;
    request.respond();
    await clock.settle();
    assert.deepEqual(
      told.map((line) => line.slice(0, 4)),
      ['0:1', '1:0', '2:0', 'wide', 'narr'],
    );
  });
});
