import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { PRODUCER_OPTIONS } from '../../../core/producer/config/options.ts';
import { SERIALIZER_NAMES } from '../../../core/producer/config/serializer-choice.ts';
import type { UsualProperty } from '../../../core/producer/producer.ts';
import { DESERIALIZERS } from '../../../core/record/deserializers.ts';
import { SERIALIZERS } from '../../../core/record/serializers.ts';
import { Consumer, Producer, type ProducerRecord } from '../../../core/tidemark.ts';
import { start } from './producer-bench.ts';

/** The compiler holds this complete. */
const USUAL: { readonly [Name in UsualProperty]: true } = {
  'bootstrap.servers': true,
  'client.id': true,
  acks: true,
  'batch.size': true,
  'linger.ms': true,
  'buffer.memory': true,
  'max.block.ms': true,
  'max.request.size': true,
  'compression.type': true,
  'compression.gzip.level': true,
  'compression.lz4.level': true,
  'compression.zstd.level': true,
  'enable.idempotence': true,
  'max.in.flight.requests.per.connection': true,
  retries: true,
  'retry.backoff.ms': true,
  'delivery.timeout.ms': true,
  'request.timeout.ms': true,
  'partitioner.class': true,
  'partitioner.ignore.keys': true,
  'key.serializer': true,
  'value.serializer': true,
  'interceptor.classes': true,
  'security.protocol': true,
  'ssl.truststore.type': true,
  'ssl.truststore.location': true,
  'ssl.truststore.certificates': true,
  'ssl.keystore.type': true,
  'ssl.keystore.location': true,
  'ssl.keystore.key': true,
  'ssl.keystore.certificate.chain': true,
  'ssl.key.password': true,
  'sasl.mechanism': true,
  'sasl.jaas.config': true,
};

describe('the library', () => {
  it('completes only names of properties that there are', () => {
    const known = new Set(PRODUCER_OPTIONS.map(({ name }) => name));
    assert.deepEqual(
      Object.keys(USUAL).filter((name) => !known.has(name)),
      [],
    );
  });

  it('has a serializer and a deserializer for every name that properties may give', () => {
    const names = Object.keys(SERIALIZER_NAMES).sort();
    assert.deepEqual(Object.keys(SERIALIZERS).sort(), names);
    assert.deepEqual(Object.keys(DESERIALIZERS).sort(), names);
  });

  it('holds records to the types of keys and values', async () => {
    const typed = (producer: Producer<string, number>): void => {
      producer.send({ topic: 't', key: 'k', value: 1 }, null);
      // @ts-expect-error a value is a number here
      const wrong: ProducerRecord<string, number> = { topic: 't', value: 'one' };
      void wrong;
    };
    const { producer } = start();
    assert.throws(() => typed(producer as unknown as Producer<string, number>), {
      kind: 'SERIALIZATION',
      message: /got number 1; a value.serializer takes other types/,
    });
  });

  it('refuses misspelt properties by the nearest name', () => {
    const misspelt = { kind: 'CONFIG', message: /linger.mss .*did you mean linger.ms\?/ };
    assert.throws(() => new Producer({ 'linger.mss': 5 }), misspelt);
  });

  it('asks errors whether they are timeouts', () => {
    for (const kind of ['TIMEOUT', 'BUFFER_EXHAUSTED', 'REQUEST_TIMED_OUT']) {
      assert.ok(new TidemarkError(kind, '').isTimeout, kind);
    }
    assert.ok(!new TidemarkError('NETWORK', '').isTimeout);
  });

  it('is closed by leaving the block', async () => {
    let closing: Producer | null = null;
    {
      await using producer = start().producer;
      closing = producer;
      await using consumer = new Consumer({ 'bootstrap.servers': '127.0.0.1:1' });
      assert.deepEqual(consumer.assignment, []);
    }
    assert.throws(() => closing!.send({ topic: 't', value: 'v' }, null), { kind: 'PRODUCER_CLOSED' });
  });
});

describe('a producer without client.id', () => {
  it('has a name of its own all the same, as quotas of default clients need it', () => {
    const ids = [0, 1].map(() => new Producer({ 'bootstrap.servers': 'localhost:1' }).config.clientId);
    assert.match(ids[0]!, /^producer-[1-9]\d*$/);
    assert.notEqual(ids[0], ids[1]);
    assert.equal(
      new Producer({ 'bootstrap.servers': 'localhost:1', 'client.id': 'mine' }).config.clientId,
      'mine',
    );
  });
});
