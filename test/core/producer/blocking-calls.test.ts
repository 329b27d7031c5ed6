import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kafkaError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { Producer } from '../../../core/producer/producer.ts';
import type { ProducerCluster } from '../../../core/producer/producer-cluster.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeCluster } from './fake-cluster.ts';
import { start } from './producer-bench.ts';

const BRIEF = {
  'bootstrap.servers': 'broker:9092',
  'linger.ms': 0,
  'max.block.ms': 300,
  'request.timeout.ms': 500,
  'delivery.timeout.ms': 1000,
  'retry.backoff.ms': 100,
};

/** A producer whose cluster is there when `arrive` is called. */
function startLate() {
  const clock = new VirtualClock();
  const { promise, resolve: arrive } = Promise.withResolvers<ProducerCluster>();
  const producer = new Producer(BRIEF, { clock, random: new SeededRandom(1), connect: () => promise });
  return { clock, producer, arrive };
}

describe('producer: calls that wait', () => {
  it('ready() and partitionsFor() reject with TIMEOUT after max.block.ms while nobody can be connected to', async () => {
    const { clock, producer } = startLate();
    const endedMs: number[] = [];
    const sinceNs = clock.nowNs();
    const calls = [producer.ready(), producer.partitionsFor('t')].map((call) =>
      call.catch((error) => {
        endedMs.push((clock.nowNs() - sinceNs) / 1e6);
        throw error;
      }),
    );
    const message = /^(ready\(\)|partitionsFor\(t\)): .*broker:9092.* within 300 ms \(max\.block\.ms\)$/;
    const ends = calls.map((call) => assert.rejects(call, { kind: 'TIMEOUT', retriable: true, message }));
    await clock.advance(299);
    assert.deepEqual(endedMs, []);
    await clock.advance(1);
    await Promise.all(ends);
    assert.deepEqual(endedMs, [300, 300]);
  });

  it('partitionsFor() has one max.block.ms for connecting and for the metadata', async () => {
    const { clock, producer, arrive } = startLate();
    const cluster = new FakeCluster();
    const budgets: (number | undefined)[] = [];
    const lookUp = cluster.metadataFor.bind(cluster);
    cluster.metadataFor = (topic: string, lookup: { readonly timeoutMs?: number } = {}) => {
      budgets.push(lookup.timeoutMs);
      return lookUp(topic);
    };
    const found = producer.partitionsFor('t');
    await clock.advance(200);
    arrive(cluster);
    await clock.settle();
    assert.deepEqual(budgets, [100]);
    cluster.setTopic('t', [0, 0]);
    assert.equal((await found).length, 2);
    assert.equal(clock.pendingTimers, 0);
  });

  it('a connection that was late serves the next call', async () => {
    const { clock, producer, arrive } = startLate();
    const failed = assert.rejects(producer.ready(), { kind: 'TIMEOUT' });
    await clock.advance(300);
    await failed;
    arrive(new FakeCluster().setTopic('t', [0]));
    await producer.ready();
    assert.equal((await producer.partitionsFor('t')).length, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('flush() ends after max.block.ms and delivery.timeout.ms, though nothing is ever answered', async () => {
    const { clock, cluster, producer, send, told } = start(BRIEF);
    send('unknown', { topic: 'new' });
    send('unanswered');
    let isFlushed = false;
    const flushing = producer.flush().then(() => {
      isFlushed = true;
    });
    await clock.advance(299);
    cluster.setTopic('new', [0]);
    await clock.advance(1000);
    assert.deepEqual(told, ['unanswered:TIMEOUT', 'unknown:TIMEOUT']);
    assert.ok(isFlushed);
    await flushing;
  });

  it('close() within a time leaves no timer of a topic that is asked for again and again', async () => {
    for (const topic of ['refused', 't']) {
      const { clock, cluster, producer, told, send } = start({ ...BRIEF, 'max.block.ms': 5000 });
      cluster.metadataFor = async (name) => {
        if (name === 'refused') throw kafkaError(3, name);
        return cluster.cachedTopic(name)!;
      };
      // One waits for its topic, the other for a partition of it.
      send('a', { topic, partition: topic === 't' ? 7 : 0 });
      await clock.advance(150);
      const closing = producer.close({ timeoutMs: 10 });
      await clock.advance(10);
      await closing;
      await clock.settle();
      assert.deepEqual(told, ['a:PRODUCER_CLOSED']);
      assert.equal(clock.pendingTimers, 0, topic);
    }
  });
});
