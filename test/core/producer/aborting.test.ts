import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { start, warm } from './producer-bench.ts';

const INTERRUPTED = { kind: 'INTERRUPTED', isTimeout: false };

describe('producer: AbortSignal', () => {
  it('ends sends that wait for metadata, all of one signal at once, and no others', async () => {
    const { clock, cluster, producer } = start();
    const controller = new AbortController();
    const { signal } = controller;
    const sends = [1, 2].map(() => producer.send({ topic: 'new', value: 'v' }, { signal }));
    const other = producer.send({ topic: 'new', value: 'w' }, {});
    controller.abort(new Error('enough'));
    for (const send of sends) await assert.rejects(send, { ...INTERRUPTED, cause: new Error('enough') });
    cluster.answersItself = true;
    cluster.setTopic('new', [0]);
    await clock.settle();
    assert.equal((await other).offset, 0);
    assert.equal(producer.stats().failedRecords, 2);
  });

  it('ends a send that waits for memory; the next in line goes on', async () => {
    const { clock, cluster, producer, send, told } = await warm({ 'batch.size': 200, 'buffer.memory': 200 });
    send('a'.repeat(100));
    const controller = new AbortController();
    const blocked = producer.send(
      { topic: 't', value: 'b'.repeat(100), partition: 0 },
      { signal: controller.signal },
    );
    send('c');
    controller.abort();
    await assert.rejects(blocked, INTERRUPTED);
    await clock.settle();
    cluster.answersItself = true;
    cluster.take().respond();
    await clock.settle();
    assert.deepEqual(
      told.map((line) => line[0]),
      ['a', 'c'],
    );
    assert.equal(producer.bufferAvailableBytes, 200);
  });

  it('does not take back a record that a batch has taken', async () => {
    const { clock, cluster, producer } = await warm();
    const controller = new AbortController();
    const sent = producer.send({ topic: 't', value: 'v' }, { signal: controller.signal });
    controller.abort();
    await clock.settle();
    cluster.take().respond();
    assert.equal((await sent).offset, 1);
  });

  it('that is aborted already keeps a send from beginning', async () => {
    const { producer } = await warm();
    await assert.rejects(
      producer.send({ topic: 't', value: 'v' }, { signal: AbortSignal.abort() }),
      INTERRUPTED,
    );
    assert.equal(producer.stats().failedRecords, 0);
  });

  it('ends flush(), ready() and partitionsFor(), and the flush no longer hurries batches', async () => {
    const { clock, cluster, producer, send } = await warm({ 'linger.ms': 100 });
    const controller = new AbortController();
    send('a');
    const waits = [
      producer.flush({ signal: controller.signal }),
      producer.partitionsFor('unknown', { signal: controller.signal }),
    ];
    await clock.settle();
    assert.equal(cluster.requests.length, 1);
    controller.abort();
    for (const wait of waits) await assert.rejects(wait, INTERRUPTED);
    send('b');
    await clock.settle();
    assert.equal(cluster.requests.length, 1);
    await assert.rejects(producer.ready({ signal: controller.signal }), INTERRUPTED);
  });

  it('keeps no listener once a send has settled', async () => {
    const { clock, cluster, producer } = start();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--;
      remove(...given);
    };
    const sends = [1, 2, 3].map(() => producer.send({ topic: 'new', value: 'v' }, { signal }));
    assert.equal(listeners, 1);
    cluster.answersItself = true;
    cluster.setTopic('new', [0]);
    await clock.settle();
    await Promise.all(sends);
    assert.equal(listeners, 0);
  });
});
