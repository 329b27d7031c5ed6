import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import kafkajs from 'kafkajs';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

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
});
