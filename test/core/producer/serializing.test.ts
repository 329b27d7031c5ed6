import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { partitionForKey } from '../../../core/producer/partitioners/key-hash.ts';
import { Producer, type ProducerOptions, type ProducerProperties } from '../../../core/producer/producer.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import type { Serializer } from '../../../core/record/serializers.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

const FIXTURES = 'test/core/producer/fixtures';

function bench<K, V>(options: ProducerOptions<K, V>, properties: ProducerProperties = {}) {
  const clock = new VirtualClock();
  const cluster = new FakeCluster().setTopic('t', [0]);
  const producer = new Producer<K, V>(
    { 'linger.ms': 0, ...properties },
    { clock, random: new SeededRandom(1), connect: async () => cluster, ...options },
  );
  /** `key=value` of the records of the next request, with headers behind. */
  const taken = async () => {
    await clock.settle();
    const request = cluster.take();
    request.respond();
    await clock.settle();
    const cursor = new RecordCursor();
    return request.batches.flatMap(({ bytes }) => {
      cursor.reset(new BatchView(bytes));
      const lines: string[] = [];
      while (cursor.next()) {
        const headers = cursor.headers().map(({ key, value }) => ` ${key}:${value}`);
        lines.push(`${cursor.key}=${cursor.value}${headers.join('')}`);
      }
      return lines;
    });
  };
  return { clock, cluster, producer, taken };
}

describe('producer: serializers', () => {
  it('are chosen by option and by property, and see topic and data', async () => {
    const { producer, taken } = bench<string, { n: number }>(
      { valueSerializer: 'json' },
      { 'key.serializer': 'org.apache.kafka.common.serialization.StringSerializer' },
    );
    producer.send({ topic: 't', key: 'a', value: { n: 1 } }, null);
    producer.send({ topic: 't', value: null }, null);
    assert.deepEqual(await taken(), ['a={"n":1}', 'null=null']);
  });

  it('of an application may add headers to the record, and not to what the caller gave', async () => {
    const tagging: Serializer<number> = {
      serialize: (topic, data, headers) => {
        headers.push({ key: 'topic', value: topic });
        return `${data}`;
      },
    };
    const { producer, taken } = bench<string, number>({ valueSerializer: tagging });
    const headers = [{ key: 'a', value: '1' }];
    producer.send({ topic: 't', value: 5, headers }, null);
    assert.deepEqual(await taken(), ['null=5 a:1 topic:t']);
    assert.equal(headers.length, 1);
  });

  it('come from modules, as classes too, and are configured before the first record', async () => {
    const { producer, taken } = bench<number, number>(
      { keySerializer: `${FIXTURES}/hex-serializer.ts` },
      { 'value.serializer': `${FIXTURES}/hex-serializer.ts`, 'client.id': 'c' },
    );
    producer.send({ topic: 't', key: 255, value: 16 }, null);
    assert.deepEqual(await taken(), ['k-c-ff=v-c-10']);
  });

  it('that cannot be had are a CONFIG error of the constructor that says why', () => {
    const fails = (options: ProducerOptions, message: RegExp) =>
      assert.throws(() => bench(options), { kind: 'CONFIG', message });
    fails(
      { keySerializer: './nowhere.js' },
      /key.serializer=\.\/nowhere\.js cannot be loaded: Cannot find module/,
    );
    fails(
      { valueSerializer: `${FIXTURES}/last-partition.ts` },
      /must export an object or a class with serialize\(\)/,
    );
    fails({ valueSerializer: `${FIXTURES}/awaiting-module.ts` }, /awaits at its top level/);
    fails(
      { valueSerializer: 'jsn' },
      /valueSerializer must be an object, one of bytes, string, json.*got "jsn"/,
    );
    fails({ valueSerializer: {} as Serializer }, /valueSerializer must have a method serialize/);
  });

  it('that fail do so from send() itself, before anything is counted', async () => {
    const { producer, taken, clock, cluster } = bench<string, number>({ valueSerializer: 'integer' });
    const bad = { topic: 't', value: 1.5 };
    const expected = {
      kind: 'SERIALIZATION',
      retriable: false,
      message: /value of a record for topic t.*1\.5/,
    };
    assert.throws(() => producer.send(bad, () => assert.fail('called back')), expected);
    assert.throws(() => producer.send(bad, null), expected);
    await assert.rejects(producer.send(bad), expected);
    await clock.settle();
    assert.equal(producer.stats().failedRecords, 0);
    assert.equal(producer.metricValues()['record-error-total'], 0);
    assert.equal(producer.bufferAvailableBytes, producer.config.bufferMemoryBytes);
    assert.equal(cluster.requests.length, 0);
    producer.send({ topic: 't', value: 7 }, null);
    assert.deepEqual(await taken(), ['null=\0\0\0\x07']);
  });

  it('are closed once with the producer', async () => {
    let closed = 0;
    const serializer: Serializer<string> = {
      serialize: (_topic, data) => data,
      close: () => {
        closed++;
      },
    };
    const { producer } = bench<string, string>({ valueSerializer: serializer });
    await producer.close();
    await producer.close();
    assert.equal(closed, 1);
  });
});

describe('producer: partitioner option', () => {
  it('takes an object, a name or a path, before partitioner.class', async () => {
    const chosen = async (partitioner: NonNullable<ProducerOptions['partitioner']>) => {
      const { producer, cluster, clock } = bench(
        { partitioner },
        { 'partitioner.class': `${FIXTURES}/last-partition.ts` },
      );
      cluster.setTopic('t', [0, 0, 0]);
      producer.send({ topic: 't', key: 'k', value: 'v' }, null);
      await clock.settle();
      return cluster.take().batches[0]!.partition;
    };
    assert.equal(await chosen({ partition: () => 0 }), 0);
    assert.equal(await chosen('keyed'), partitionForKey('k', 3));
    assert.equal(await chosen(`${FIXTURES}/last-partition.ts`), 2);
  });

  it('is closed once with the producer, and what that throws is a warning', async () => {
    let closed = 0;
    const warnings: string[] = [];
    const partitioner = {
      partition: () => 0,
      close: () => {
        closed++;
        throw new Error('mine');
      },
    };
    const observer = { onWarning: (message: string) => void warnings.push(message) };
    const { producer, cluster, clock } = bench({ partitioner, observer });
    cluster.setTopic('t', [0]);
    await clock.settle();
    await producer.ready();
    await producer.close();
    await producer.close();
    assert.equal(closed, 1);
    assert.deepEqual(warnings, ['close() of the partitioner failed: mine']);
  });
});
