import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import type { ProducerInterceptor } from '../../../core/producer/intake/interceptors.ts';
import { Producer, type ProducerProperties } from '../../../core/producer/producer.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

type Text = ProducerInterceptor<string, string>;

function bench(interceptors: Text[], properties: ProducerProperties = {}) {
  const clock = new VirtualClock();
  const cluster = new FakeCluster().setTopic('t', [0]);
  const warnings: string[] = [];
  const producer = new Producer<string, string>(
    { 'linger.ms': 0, 'client.id': 'me', ...properties },
    {
      clock,
      random: new SeededRandom(1),
      connect: async () => cluster,
      observer: { onWarning: (message) => warnings.push(message) },
      interceptors,
    },
  );
  warnings.length = 0;
  return { clock, cluster, producer, warnings };
}

const adding = (letter: string): Text => ({
  onSend: (record) => ({ ...record, value: record.value + letter }),
});
const throwing = (what: keyof Text): Text => ({
  onSend: (record) => record,
  [what]: () => {
    throw new Error(`no ${what}`);
  },
});

describe('producer: interceptors', () => {
  it('see records in order, before they are serialized; one that throws is passed over, with one warning', async () => {
    const { clock, cluster, producer, warnings } = bench([adding('1'), throwing('onSend'), adding('2')]);
    producer.send({ topic: 't', value: 'a' }, null);
    producer.send({ topic: 't', value: 'b' }, null);
    await clock.settle();
    assert.deepEqual(cluster.take().batches[0]!.values, ['a12', 'b12']);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /onSend of interceptor 2 is passed over for topic t: no onSend/);
  });

  it('that return no record are passed over, too', async () => {
    const { clock, cluster, producer, warnings } = bench([{ onSend: () => undefined as never }, adding('2')]);
    producer.send({ topic: 't', value: 'a' }, null);
    await clock.settle();
    assert.deepEqual(cluster.take().batches[0]!.values, ['a2']);
    assert.match(warnings[0]!, /it returned no record/);
  });

  it('that return a promise, or something else without a topic, are passed over, and told so', async () => {
    const failing = async (): Promise<never> => {
      throw new Error('too late');
    };
    const { clock, cluster, producer, warnings } = bench([
      { onSend: failing as never },
      { onSend: () => [] as never },
    ]);
    producer.send({ topic: 't', value: 'a' }, null);
    await clock.settle();
    assert.deepEqual(cluster.take().batches[0]!.values, ['a']);
    assert.match(warnings[0]!, /interceptor 1 .*it returned no record, but a promise: onSend is synchronous/);
    assert.match(warnings[1]!, /interceptor 2 .*it returned no record, but Array/);
  });

  it('that are async and fail are a warning, not an unhandled rejection', async () => {
    const failing = async (): Promise<never> => {
      throw new Error('nobody waits');
    };
    const { clock, cluster, producer, warnings } = bench([
      { onAcknowledgement: failing as never, close: failing as never },
    ]);
    producer.send({ topic: 't', value: 'a' }, null);
    await clock.settle();
    cluster.take().respond();
    await clock.runUntil(producer.close());
    await clock.settle();
    assert.match(warnings[0]!, /onAcknowledgement of interceptor 1 failed: nobody waits/);
    assert.match(warnings[1]!, /close of interceptor 1 failed: nobody waits/);
  });

  it('are given as a list', () => {
    assert.throws(() => bench({ onSend: (record: unknown) => record } as never), {
      kind: 'CONFIG',
      message: /interceptors must be a list, got Object/,
    });
  });

  it('are told of every end before the callback, with the headers sent; what they throw harms nobody', async () => {
    const told: string[] = [];
    const { clock, cluster, producer, warnings } = bench([
      throwing('onAcknowledgement'),
      {
        onAcknowledgement: ({ topic, partition, offset }, error, headers) => {
          const names = headers.map(({ key }) => key).join();
          told.push(`${topic}-${partition}@${offset} ${error?.kind ?? 'ok'} [${names}]`);
        },
      },
    ]);
    const record = { topic: 't', value: 'v', headers: { h: 'x' } };
    producer.send(record, (_error, _metadata, opaque) => told.push(`callback ${opaque}`), 7);
    await clock.settle();
    cluster.take().respond();
    assert.deepEqual(told.splice(0), ['t-0@0 ok [h]', 'callback 7']);
    const promise = assert.rejects(producer.send(record), { kind: 'TOPIC_AUTHORIZATION_FAILED' });
    producer.send(record, null);
    await clock.settle();
    cluster.take().respond(29);
    await promise;
    assert.deepEqual(told, [
      't-0@-1 TOPIC_AUTHORIZATION_FAILED [h]',
      't-0@-1 TOPIC_AUTHORIZATION_FAILED [h]',
    ]);
    assert.equal(warnings.length, 1);
  });

  it('are told of records that failed before any broker saw them, with the partition asked for or -1', async () => {
    const told: string[] = [];
    const onAcknowledgement: Text['onAcknowledgement'] = ({ topic, partition, offset }, error) =>
      told.push(`${topic} ${partition} ${offset} ${error?.kind}`);
    const { clock, producer } = bench([{ onAcknowledgement }], {
      'max.block.ms': 50,
      'max.request.size': 200,
    });
    assert.throws(() => producer.send({ topic: 't', value: 5 as never }, null), { kind: 'SERIALIZATION' });
    assert.throws(() => producer.send({ topic: 't', value: 'v', partition: -1 }, null), {
      kind: 'INVALID_ARGUMENT',
    });
    producer.send({ topic: 'unknown', value: 'v', partition: 3 }, null);
    producer.send({ topic: 't', value: 'x'.repeat(300) }, null);
    await clock.advance(50);
    assert.deepEqual(told, [
      't -1 -1 SERIALIZATION',
      't -1 -1 INVALID_ARGUMENT',
      't -1 -1 RECORD_TOO_LARGE',
      'unknown 3 -1 TIMEOUT',
    ]);
  });

  it('come from modules named in interceptor.classes, are configured, and closed once', async () => {
    const seen: string[] = [];
    const { clock, cluster, producer, warnings } = bench(
      [
        {
          configure: (properties) => seen.push(`configure ${properties['client.id']}`),
          onSend: (record) => record,
          close: () => seen.push('close'),
        },
        throwing('close'),
      ],
      { 'interceptor.classes': 'test/core/producer/fixtures/stamping-interceptor.ts' },
    );
    producer.send({ topic: 't', value: 'v' }, null);
    await clock.settle();
    const request = cluster.take();
    const cursor = new RecordCursor();
    cursor.reset(new BatchView(request.batches[0]!.bytes));
    cursor.next();
    assert.equal(`${cursor.headers()[0]!.key}=${cursor.headers()[0]!.value}`, 'sender=me');
    request.respond();
    await producer.close();
    await producer.close();
    assert.deepEqual(seen, ['configure me', 'close']);
    assert.match(warnings.join(), /close of interceptor 3 failed: no close/);
  });

  it('that have neither onSend nor onAcknowledgement are a CONFIG error', () => {
    assert.throws(() => bench([{} as Text]), {
      kind: 'CONFIG',
      message: /interceptors\[0\] must be an object/,
    });
  });
});
