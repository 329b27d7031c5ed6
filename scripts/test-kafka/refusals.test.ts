/** Wrong configurations get from a real broker what Kafka gives, as typed errors and in time. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deleteTopic } from '../../core/client/admin.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import { findKafka } from '../kafka/kafka-tool.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { dumpLogSegments, problemOfBatches, segmentFiles } from './dump-log.ts';
import { readTopic } from './read-topic.ts';
import { reasonsOf, settleAll } from './settled-sends.ts';
import { startTestKafka } from './start-test-kafka.ts';

/** Beyond the times that are configured: for a machine that is busy with other things. */
const SLACK_MS = 5_000;
const MAX_MESSAGE_BYTES = 20_000;

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;

before(async () => {
  kafka = await startTestKafka({ config: { 'auto.create.topics.enable': 'false' } });
  admin = await connectAdmin(kafka.bootstrapServers);
});

after(async () => {
  await admin?.close();
  await kafka?.close();
});

function openProducer(properties: Readonly<Record<string, string | number | boolean>>): Producer {
  return new Producer({ 'bootstrap.servers': kafka.bootstrapServers, ...properties });
}

for (const isIdempotent of [true, false]) {
  const how = isIdempotent ? 'with idempotence' : 'without idempotence';
  test(`a batch above the topic's max.message.bytes is split, and all of it arrives, ${how}`, async () => {
    const topic = `small-batches-${isIdempotent}`;
    const configs = { 'max.message.bytes': String(MAX_MESSAGE_BYTES) };
    await makeTopic(admin, topic, { partitions: 1, configs });
    await using producer = openProducer({
      'batch.size': 200_000,
      'linger.ms': 200,
      'enable.idempotence': isIdempotent,
      'max.in.flight.requests.per.connection': isIdempotent ? 5 : 1,
      // Splitting uses up no retry.
      retries: 1,
    });
    const records = Array.from({ length: 500 }, (_, index) => ({
      topic,
      value: `${index}`.padEnd(1_000, '.'),
    }));
    const settled = await settleAll(producer, records, 30_000);
    assert.deepEqual(
      settled.filter(({ error }) => error !== null),
      [],
    );
    const [read] = await readTopic(kafka.bootstrapServers, topic, 1);
    assert.deepEqual(
      read!.map(({ value }) => String(value)),
      records.map(({ value }) => value),
    );
    assert.deepEqual(
      settled.map(({ metadata }) => metadata!.offset),
      records.map((_, index) => index),
    );
    const files = segmentFiles(kafka.dataDirectory(1), topic, 1);
    const [batches] = (await dumpLogSegments(await findKafka(), files)).values();
    assert.equal(problemOfBatches(batches!), null);
    assert.equal(
      batches!.every(({ producerId }) => producerId >= 0 === isIdempotent),
      true,
    );
  });
}

test('one record above max.message.bytes fails with MESSAGE_TOO_LARGE; those after it arrive', async () => {
  const topic = 'small-records';
  await makeTopic(admin, topic, {
    partitions: 1,
    configs: { 'max.message.bytes': String(MAX_MESSAGE_BYTES) },
  });
  await using producer = openProducer({ 'linger.ms': 0 });
  const [large] = await settleAll(
    producer,
    [{ topic, value: Buffer.alloc(MAX_MESSAGE_BYTES + 1) }],
    SLACK_MS,
  );
  assert.equal(large!.error?.kind, 'MESSAGE_TOO_LARGE');
  assert.equal(large!.error.code, 10);
  assert.equal(large!.error.retriable, false);
  assert.match(large!.error.message, /small-records/);
  const [small] = await settleAll(producer, [{ topic, value: 'small' }], SLACK_MS);
  assert.equal(small!.error, null);
  assert.equal(small!.metadata?.offset, 0);
});

test('an unknown topic with auto-creation off: TIMEOUT after max.block.ms, which names the reason', async () => {
  const maxBlockMs = 1_500;
  await using producer = openProducer({ 'max.block.ms': maxBlockMs });
  const [settled] = await settleAll(
    producer,
    [{ topic: 'nobody-made-it', value: 'x' }],
    maxBlockMs + SLACK_MS,
  );
  assert.equal(settled!.error?.kind, 'TIMEOUT');
  assert.match(settled!.error.message, /nobody-made-it/);
  assert.match(reasonsOf(settled!.error), /UNKNOWN_TOPIC_OR_PARTITION/);
  assert.ok(settled!.tookMs >= maxBlockMs - 50, `after ${settled!.tookMs} ms`);
});

test('a name that is no topic name: INVALID_TOPIC_EXCEPTION', async () => {
  await using producer = openProducer({ 'max.block.ms': 10_000 });
  const [settled] = await settleAll(producer, [{ topic: 'no topic/name', value: 'x' }], SLACK_MS);
  assert.equal(settled!.error?.kind, 'INVALID_TOPIC_EXCEPTION');
  assert.equal(settled!.error.retriable, false);
});

test('a timestamp that the topic does not accept: INVALID_TIMESTAMP', async () => {
  const topic = 'present-only';
  await makeTopic(admin, topic, { partitions: 1 });
  await using producer = openProducer({});
  const dayAheadMs = Date.now() + 86_400_000;
  const [settled] = await settleAll(producer, [{ topic, value: 'x', timestamp: dayAheadMs }], SLACK_MS);
  assert.equal(settled!.error?.kind, 'INVALID_TIMESTAMP');
});

for (const acks of ['all', '1']) {
  test(`a topic deleted under way: every record settles, with a typed error, acks=${acks}`, async () => {
    const topic = `short-lived-${acks}`;
    const deliveryTimeoutMs = 3_000;
    await makeTopic(admin, topic, { partitions: 2 });
    await using producer = openProducer({
      acks,
      'enable.idempotence': acks === 'all',
      'linger.ms': 0,
      'request.timeout.ms': 1_000,
      'delivery.timeout.ms': deliveryTimeoutMs,
      'max.block.ms': deliveryTimeoutMs,
    });
    const send = (count: number) =>
      settleAll(
        producer,
        Array.from({ length: count }, (_, index) => ({ topic, value: `${index}` })),
        deliveryTimeoutMs + SLACK_MS,
      );
    const before = await send(100);
    assert.ok(before.every(({ error }) => error === null));
    const [underWay] = await Promise.all([send(2_000), deleteTopic(admin, topic)]);
    const afterwards = await send(100);
    for (const { error, tookMs } of [...underWay, ...afterwards]) {
      if (error === null) continue;
      assert.match(
        error.kind,
        /^(TIMEOUT|UNKNOWN_TOPIC_OR_PARTITION|UNKNOWN_TOPIC_ID|NOT_LEADER_OR_FOLLOWER)$/,
      );
      assert.match(error.message, new RegExp(topic));
      assert.ok(tookMs < deliveryTimeoutMs + SLACK_MS, `${tookMs} ms`);
    }
    assert.ok(afterwards.every(({ error }) => error !== null));
  });
}
