import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
});
