import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { encodeRequest, encodeResponse } from '../../../core/wire/framing.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';

const identity = { correlationId: 1, clientId: null };

function refusal(message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === 'UNSUPPORTED_VERSION' && message.test(error.message);
}

function notSerializable(error: unknown): boolean {
  return error instanceof TidemarkError && error.kind === 'SERIALIZATION';
}

test('a value that the version cannot carry is refused by name', () => {
  assert.throws(
    () => encodeRequest(metadataApi, 3, identity, { allowAutoTopicCreation: false }),
    refusal(/Metadata v3 request cannot carry allowAutoTopicCreation = false/),
  );
  assert.throws(
    () => encodeRequest(fetchApi, 14, identity, { replicaState: { replicaId: 2 } }),
    refusal(/replicaState/),
  );
  assert.throws(
    () => encodeRequest(fetchApi, 6, identity, { forgottenTopicsData: [{ topic: 'a' }] }),
    refusal(/forgottenTopicsData/),
  );
  assert.throws(() => encodeRequest(fetchApi, 15, identity, { replicaId: 2 }), refusal(/replicaId/));
});

test('its default may be given in any version', () => {
  encodeRequest(metadataApi, 3, identity, { allowAutoTopicCreation: true });
  encodeRequest(fetchApi, 14, identity, { replicaState: { replicaId: -1 } });
  encodeRequest(fetchApi, 6, identity, { forgottenTopicsData: [] });
});

test('an ignorable value is dropped silently', () => {
  const withRack = encodeResponse(metadataApi, 0, 1, { brokers: [{ host: 'h', rack: 'r' }], clusterId: 'c' });
  const without = encodeResponse(metadataApi, 0, 1, { brokers: [{ host: 'h' }] });
  assert.deepEqual(withRack, without);
  const topic = { name: 'a', topicId: '00112233445566778899aabbccddeeff', partitionData: [] };
  assert.deepEqual(
    encodeRequest(produceApi, 9, identity, { topicData: [topic] }),
    encodeRequest(produceApi, 9, identity, { topicData: [{ name: 'a' }] }),
  );
});

test('null is refused where the version has no null', () => {
  assert.throws(
    () => encodeRequest(metadataApi, 0, identity, { topics: null }),
    refusal(/Metadata v0 request cannot carry topics = null/),
  );
  assert.throws(() => encodeRequest(metadataApi, 9, identity, { topics: [{ name: null }] }), refusal(/name/));
});

test('values outside their type are refused', () => {
  const topic = (fields: object) => () => encodeRequest(createTopicsApi, 7, identity, { topics: [fields] });
  assert.throws(topic({ replicationFactor: 0x8000 }), notSerializable);
  assert.throws(topic({ numPartitions: 1.5 }), notSerializable);
  assert.throws(topic({ numPartitions: Number.NaN }), notSerializable);
  assert.throws(
    () => encodeRequest(createTopicsApi, 4, identity, { topics: [{ name: 'x'.repeat(0x8000) }] }),
    notSerializable,
  );
  assert.throws(
    () => encodeRequest(produceApi, 13, identity, { topicData: [{ topicId: 'not-a-uuid' }] }),
    notSerializable,
  );
  const offset = (value: number) => ({ topics: [{ partitions: [{ fetchOffset: value }] }] });
  for (const value of [0.5, 2 ** 64, Number.POSITIVE_INFINITY]) {
    assert.throws(() => encodeRequest(fetchApi, 12, identity, offset(value)), notSerializable);
  }
});
