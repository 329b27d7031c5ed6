import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WindowedStat } from '../../../core/producer/metrics/windowed-stat.ts';
import { start, warm } from './producer-bench.ts';

describe('windowed stats', () => {
  const window = { samples: 2, sampleMs: 1000 };

  it('average and take the largest over the samples kept, then forget', () => {
    const stat = new WindowedStat(window);
    stat.record(10, 0);
    stat.record(20, 999);
    stat.record(60, 1000);
    assert.equal(stat.average(1500), 30);
    assert.equal(stat.max(1500), 60);
    stat.record(0, 3000);
    // What was recorded before 1000 lies behind the window of 2 s; all of what came at 1000 does from 3000 on.
    assert.equal(stat.average(3000), 0);
    assert.equal(stat.max(3000), 0);
    assert.ok(Number.isNaN(stat.average(5000)));
    assert.ok(Number.isNaN(stat.max(5000)));
    assert.equal(stat.total, 90);
  });

  it('give rates over a window that counts as all but full at first, as in Kafka', () => {
    const stat = new WindowedStat(window);
    assert.equal(stat.perSecond(0), 0);
    stat.record(300, 0);
    // 500 ms and one sample of 1000 ms that was not there.
    assert.equal(stat.perSecond(500), 200);
    assert.equal(stat.eventsPerSecond(500), 1 / 1.5);
    stat.record(100, 1000);
    // What came at 0 is behind the window by now.
    assert.equal(stat.perSecond(2000), 100);
  });

  it('keep no more samples than one beyond those asked for', () => {
    const stat = new WindowedStat(window);
    for (let ms = 0; ms < 100_000; ms += 500) stat.record(1, ms);
    assert.equal((stat as unknown as { samples: unknown[] }).samples.length, 3);
    assert.equal(stat.totalEvents, 200);
  });
});

describe('producer: metrics()', () => {
  it('tells of batches, requests and records under the names of the Java producer, in ms, bytes and seconds', async () => {
    const { clock, cluster, send, producer } = start({ 'linger.ms': 10, 'client.id': 'me' });
    for (let index = 0; index < 4; index++) send('x'.repeat(100));
    await clock.advance(10);
    const request = cluster.take();
    assert.equal(producer.metricValues()['requests-in-flight'], 1);
    await clock.advance(20);
    request.respond();
    const values = producer.metricValues();
    const batchBytes = request.batches[0]!.bytes.length;
    assert.equal(values['batch-size-avg'], batchBytes);
    assert.equal(values['batch-size-max'], batchBytes);
    assert.equal(values['record-queue-time-avg'], 10);
    assert.equal(values['record-queue-time-max'], 10);
    assert.equal(values['request-latency-avg'], 20);
    assert.equal(values['request-latency-max'], 20);
    assert.equal(values['records-per-request-avg'], 4);
    assert.equal(values['record-send-total'], 4);
    // Over the 30 s of a sample that was not there, and 0.02 s.
    assert.equal(values['record-send-rate']!.toFixed(4), (4 / 30.02).toFixed(4));
    assert.equal(values['record-size-avg'], (batchBytes - 61) / 4);
    assert.equal(values['compression-rate-avg'], 1);
    assert.equal(values['request-total'], 1);
    assert.equal(values['response-total'], 1);
    assert.equal(values['outgoing-byte-total'], batchBytes);
    assert.equal(values['requests-in-flight'], 0);
    assert.equal(values['produce-throttle-time-max'], 0);
    assert.equal(values['buffer-total-bytes'], producer.config.bufferMemoryBytes);
    assert.equal(values['buffer-available-bytes'], producer.bufferAvailableBytes);
    assert.ok(values['metadata-age']! >= 0.02);
  });

  it('keeps figures for each topic and each broker apart', async () => {
    const { clock, cluster, send, producer } = start({ 'client.id': 'me' }, [1, 2]);
    send('a');
    send('b', { partition: 1 });
    await clock.settle();
    cluster.take().respond();
    cluster.take().respond();
    const metrics = producer.metrics();
    const find = (name: string, group: string) =>
      metrics.filter((metric) => metric.name === name && metric.group === group);
    const [topic] = find('record-send-total', 'producer-topic-metrics');
    assert.deepEqual(topic!.tags, { 'client-id': 'me', topic: 't' });
    assert.equal(topic!.value, 2);
    const nodes = find('request-total', 'producer-node-metrics');
    assert.deepEqual(
      nodes.map(({ tags, value }) => [tags['node-id'], value]),
      [
        ['node-1', 1],
        ['node-2', 1],
      ],
    );
    const names = metrics.map(({ name, group, tags }) => `${group} ${name} ${JSON.stringify(tags)}`);
    assert.equal(new Set(names).size, names.length);
    assert.ok(metrics.every(({ description }) => description !== ''));
  });

  it('counts retries and errors, also of records that no batch took', async () => {
    const { clock, cluster, send, producer } = await warm({ 'max.block.ms': 1000, 'max.request.size': 1000 });
    send('a');
    await clock.settle();
    cluster.take().respond(6);
    await clock.advance(1000);
    cluster.take().respond(10);
    send('x'.repeat(2000));
    const values = producer.metricValues();
    assert.equal(values['record-retry-total'], 1);
    assert.equal(values['record-error-total'], 2);
    // Sent again counts again, as in Kafka.
    assert.equal(values['record-send-total'], 3);
    const ofTopic = producer.metrics().filter(({ group }) => group === 'producer-topic-metrics');
    const value = (name: string) => ofTopic.find((metric) => metric.name === name)!.value;
    assert.deepEqual([value('record-retry-total'), value('record-error-total')], [1, 2]);
  });

  it('tells how long records waited: for memory while any did, for metadata each, and in flush()', async () => {
    const { clock, cluster, send, producer } = await warm({
      'batch.size': 200,
      'buffer.memory': 200,
      'max.block.ms': 50,
    });
    send('a'.repeat(100));
    send('b'.repeat(100));
    send('c'.repeat(100));
    assert.equal(producer.metricValues()['waiting-threads'], 2);
    await clock.advance(50);
    const values = producer.metricValues();
    assert.equal(values['buffer-exhausted-total'], 2);
    assert.equal(values['bufferpool-wait-time-ns-total'], 50e6);
    assert.equal(values['bufferpool-wait-ratio']!.toFixed(6), (0.05 / 30).toFixed(6));
    assert.equal(values['waiting-threads'], 0);
    send('d', { topic: 'late' });
    const flushing = producer.flush();
    await clock.advance(30);
    cluster.answersItself = true;
    cluster.setTopic('late', [0]);
    cluster.take().respond();
    await clock.runUntil(flushing);
    assert.equal(producer.metricValues()['metadata-wait-time-ns-total'], 30e6);
    assert.equal(producer.metricValues()['flush-time-ns-total'], 30e6);
  });

  it('holds no figures for topics that nothing was sent to', async () => {
    const { clock, send, producer } = await warm({ 'max.block.ms': 10 });
    for (let index = 0; index < 100; index++) send('v', { topic: `none-${index}` });
    await clock.advance(10);
    assert.equal(producer.metricValues()['record-error-total'], 100);
    const topics = new Set(producer.metrics().map(({ tags }) => tags['topic']));
    assert.deepEqual([...topics], [undefined, 't']);
  });
});
