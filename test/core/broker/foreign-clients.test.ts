import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { iterateBatches } from '../../../core/record/batch-view.ts';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { RawClient } from './raw-client.ts';
import { fetchOne } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

type Sequences = Map<number, { baseSequence: number; count: number }[]>;

/** Each partition's sequence begins with 0 and has no gap. */
function assertInSequence(sequences: Sequences, recordCount: number): void {
  let total = 0;
  for (const [partition, batches] of sequences) {
    let next = 0;
    for (const { baseSequence, count } of batches) {
      assert.equal(baseSequence, next, `partition ${partition}`);
      next += count;
    }
    total += next;
  }
  assert.equal(total, recordCount);
}

describe('foreign clients', () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await startTestCluster({ brokers: 3 });
  });
  after(async () => {
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('kafkajs administers topics and produces in the codecs it has', async () => {
    const kafka = new kafkajs.Kafka({
      brokers: cluster.bootstrapServers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    assert.equal((await admin.describeCluster()).brokers.length, 3);
    await admin.createTopics({ topics: [{ topic: 'kafkajs', numPartitions: 2 }] });
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    for (const compression of [kafkajs.CompressionTypes.None, kafkajs.CompressionTypes.GZIP]) {
      const messages = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: `v${index}` }));
      await producer.send({ topic: 'kafkajs', compression, messages });
    }
    await producer.disconnect();
    const offsets = await admin.fetchTopicOffsets('kafkajs');
    assert.equal(
      offsets.reduce((sum, { high }) => sum + Number(high), 0),
      100,
    );
    await admin.deleteTopics({ topics: ['kafkajs'] });
    assert.deepEqual(await admin.listTopics(), []);
    await admin.disconnect();
  });

  it('@platformatic/kafka produces in every codec and fetches it back', async () => {
    const bootstrapBrokers = cluster.bootstrapServers.split(',');
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers,
      serializers: stringSerializers,
      autocreateTopics: true,
    });
    const topic = 'platformatic';
    for (const compression of COMPRESSION_TYPES) {
      const messages = Array.from({ length: 20 }, (_, index) => ({
        topic,
        key: `k${index}`,
        value: `${compression} ${index}`,
      }));
      await producer.send({ messages, compression, acks: -1 });
    }
    await producer.close();
    const consumer = new Consumer({
      clientId: 'test',
      groupId: 'unused',
      bootstrapBrokers,
      deserializers: stringDeserializers,
    });
    const metadata = (await consumer.metadata({ topics: [topic] })).topics.get(topic)!;
    let recordCount = 0;
    for (const [partition, { leader }] of metadata.partitions.entries()) {
      const wanted = {
        partition,
        fetchOffset: 0n,
        partitionMaxBytes: 1_000_000,
        currentLeaderEpoch: -1,
        lastFetchedEpoch: -1,
      };
      const topics = [{ topicId: metadata.id, partitions: [wanted] }];
      const fetched = await consumer.fetch({ node: leader, topics, minBytes: 1, maxWaitTime: 100 });
      for (const batch of fetched.responses[0]!.partitions[0]!.records ?? [])
        recordCount += batch.records.length;
    }
    await consumer.close();
    assert.equal(recordCount, 100);
  });

  it("kafkajs's idempotent producer gets an id, and its batches are in sequence", async () => {
    const kafka = new kafkajs.Kafka({
      brokers: cluster.bootstrapServers.split(','),
      logLevel: kafkajs.logLevel.NOTHING,
      retry: { retries: 2 },
    });
    const producer = kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    const topic = 'kafkajs-idempotent';
    for (let round = 0; round < 4; round++) {
      const messages = Array.from({ length: 10 }, (_, index) => ({ key: `k${index}`, value: `v${round}` }));
      await producer.send({ topic, messages });
    }
    await producer.disconnect();
    const { producers, sequences } = await idempotentBatches(topic);
    assert.equal(producers.size, 1);
    assertInSequence(sequences, 40);
  });

  it("@platformatic/kafka's idempotent producer gets an id, and its batches are in sequence", async () => {
    const producer = new Producer({
      clientId: 'test',
      bootstrapBrokers: cluster.bootstrapServers.split(','),
      serializers: stringSerializers,
      autocreateTopics: true,
      idempotent: true,
      retries: 0,
    });
    const topic = 'platformatic-idempotent';
    for (let round = 0; round < 4; round++) {
      const messages = Array.from({ length: 10 }, (_, index) => ({
        topic,
        key: `k${index}`,
        value: `v${round}`,
      }));
      await producer.send({ messages, acks: -1 });
    }
    await producer.close();
    const { producers, sequences } = await idempotentBatches(topic);
    assert.equal(producers.size, 1);
    assertInSequence(sequences, 40);
  });

  /** The stored batches of a topic, by partition, and the producers that wrote them. */
  async function idempotentBatches(topic: string) {
    const client = await RawClient.connect(cluster.ports[0]!);
    const metadata = await client.ask(metadataApi, 9, { topics: [{ name: topic }] });
    const producers = new Set<number>();
    const sequences: Sequences = new Map();
    for (const { partitionIndex, leaderId } of metadata.topics[0]!.partitions) {
      const leader = await RawClient.connect(cluster.ports[leaderId - 1]!);
      const { records } = await fetchOne(leader, topic, { index: partitionIndex });
      leader.close();
      for (const { producerId, producerEpoch, baseSequence, count } of iterateBatches(records!)) {
        assert.deepEqual([producerId >= 0, producerEpoch], [true, 0]);
        producers.add(producerId);
        sequences.set(partitionIndex, [...(sequences.get(partitionIndex) ?? []), { baseSequence, count }]);
      }
    }
    client.close();
    return { producers, sequences };
  }
});
