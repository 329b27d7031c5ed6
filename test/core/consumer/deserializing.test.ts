import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Consumer, type ConsumerOptions } from '../../../core/consumer/consumer.ts';
import { RecordDeserializationError } from '../../../core/consumer/record-decoder.ts';
import { EVENTS_0, setUp } from './consumer-on-fake-broker.ts';
import { FakeLog } from './fake-cluster.ts';

/** Reads v0, v1, ... with these deserializers. */
async function reading<V>(t: TestContext, options: ConsumerOptions<Buffer, V>, batches: number[]) {
  const log = new FakeLog();
  // Before the clean-up of setUp, which looks for timers left behind.
  t.after(() => consumer.close());
  for (const records of batches) log.append(records);
  const { broker, network, clock, run } = await setUp(t, [log]);
  const { host, port } = broker.endpoint;
  const consumer = new Consumer<Buffer, V>(
    { 'bootstrap.servers': `${host}:${port}`, 'auto.offset.reset': 'earliest' },
    { clock, network, ...options },
  );
  consumer.assign([EVENTS_0]);
  return { consumer, poll: () => run(consumer.poll(1000)) };
}

test('values are what the deserializer makes of them', async (t) => {
  const { poll } = await reading<string>(t, { valueDeserializer: 'string' }, [2]);
  assert.deepEqual(
    (await poll()).map(({ value }) => value),
    ['v0', 'v1'],
  );
});

test('a record that cannot be deserialized is named, stayed at, and can be sought past', async (t) => {
  const picky = {
    deserialize: (_topic: string, data: Buffer) => {
      if (data.toString() === 'v2') throw new Error('I do not like it');
      return data.toString();
    },
  };
  const { consumer, poll } = await reading<string>(t, { valueDeserializer: picky }, [3, 2]);
  const values = async () => (await poll()).map(({ value }) => value);
  assert.deepEqual(await values(), ['v0', 'v1']);
  for (let round = 0; round < 2; round++) {
    await assert.rejects(poll(), (error) => {
      assert.ok(error instanceof RecordDeserializationError);
      assert.deepEqual(
        [error.kind, error.topic, error.partition, error.offset, error.part],
        ['DESERIALIZATION', 'events', 0, 2, 'value'],
      );
      assert.equal(error.record.value!.toString(), 'v2');
      assert.match(
        error.message,
        /the value of events-0 at offset 2 cannot be deserialized: I do not like it/,
      );
      return true;
    });
    assert.equal(consumer.position('events', 0), 2);
  }
  consumer.seek('events', 0, 3);
  assert.deepEqual(await values(), ['v3', 'v4']);
});

test('what is no deserializer is a CONFIG error that names those there are', () => {
  const fails = (valueDeserializer: never, message: RegExp) =>
    assert.throws(() => new Consumer({}, { valueDeserializer }), { kind: 'CONFIG', message });
  fails('jsn' as never, /valueDeserializer must be an object.*bytes, string, json.*got "jsn"/);
  fails({} as never, /got object/);
  fails('./nowhere.ts' as never, /valueDeserializer=\.\/nowhere\.ts cannot be loaded/);
});
