import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createTcpNetwork } from '../../../core/client/tcp-network.ts';
import { Producer } from '../../../core/producer/producer.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { initProducerIdApi } from '../../../core/wire/messages/init-producer-id.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { FakeBroker } from '../client/fake-broker.ts';

const PARTITIONS = 3;

/** A broker that checks each batch and counts its records. */
async function startBroker(): Promise<{ broker: FakeBroker; servers: string; records: number[] }> {
  const broker = await FakeBroker.listen(createTcpNetwork());
  const records = new Array<number>(PARTITIONS).fill(0);
  const partitions = records.map((_, partitionIndex) => ({
    partitionIndex,
    leaderId: 1,
    replicaNodes: [1],
    isrNodes: [1],
  }));
  broker.on(metadataApi, (request) => ({
    brokers: [{ nodeId: 1, host: '127.0.0.1', port: broker.endpoint.port }],
    controllerId: 1,
    topics: (request.topics ?? []).map(({ name }) => ({ name, topicId: 'ab'.repeat(16), partitions })),
  }));
  broker.on(initProducerIdApi, () => ({ errorCode: 0, producerId: 1, producerEpoch: 0 }));
  broker.on(produceApi, (request) => {
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index, records: bytes }) => {
        const view = new BatchView(bytes as Buffer);
        assert.ok(view.isCrcValid());
        const baseOffset = records[index]!;
        records[index] = baseOffset + view.count;
        return { index, baseOffset };
      }),
    }));
    return request.acks === 0 ? null : { responses };
  });
  return { broker, servers: `127.0.0.1:${broker.endpoint.port}`, records };
}

describe('producer over TCP', () => {
  const brokers: FakeBroker[] = [];
  after(async () => {
    for (const broker of brokers) await broker.close();
  });

  for (const acks of ['0', '1', 'all']) {
    it(`delivers every record with acks=${acks}`, async () => {
      const { broker, servers, records } = await startBroker();
      brokers.push(broker);
      const offsets = new Set<string>();
      let failed = 0;
      const producer = new Producer({ 'bootstrap.servers': servers, acks, 'linger.ms': 1 });
      for (let index = 0; index < 5000; index++) {
        producer.send({ topic: 't', key: `k${index}`, value: `value ${index}` }, (error, metadata) => {
          if (error !== null) failed++;
          offsets.add(`${metadata.partition}:${metadata.offset}`);
        });
      }
      await producer.close();
      assert.equal(failed, 0);
      const total = records.reduce((sum, count) => sum + count, 0);
      if (acks === '0') {
        assert.deepEqual([...offsets].sort(), ['0:-1', '1:-1', '2:-1']);
      } else {
        assert.equal(total, 5000);
        assert.equal(offsets.size, 5000);
      }
      const stats = producer.stats();
      assert.equal(stats.acknowledgedRecords, 5000);
      assert.ok(stats.requestBytes > stats.compressedBytes);
    });
  }

  it('asks a partitioner loaded from a module', async () => {
    const { broker, servers, records } = await startBroker();
    brokers.push(broker);
    await using producer = new Producer({
      'bootstrap.servers': servers,
      'partitioner.class': 'test/core/producer/fixtures/last-partition.ts',
    });
    const sent = [1, 2, 3].map((index) => producer.send({ topic: 't', value: `${index}` }));
    await Promise.all(sent);
    assert.deepEqual(records, [0, 0, 3]);
    assert.equal((await producer.partitionsFor('t')).length, PARTITIONS);
  });

  it('fails sends at once when the partitioner cannot be loaded', async () => {
    await using producer = new Producer({
      'bootstrap.servers': '127.0.0.1:1',
      'partitioner.class': './no-such-module.ts',
    });
    await assert.rejects(producer.send({ topic: 't', value: 'v' }), { kind: 'CONFIG' });
    await assert.rejects(producer.ready(), { kind: 'CONFIG' });
  });

  it('names the server that cannot be reached: from ready() at once, from send() after max.block.ms', async () => {
    await using producer = new Producer({ 'bootstrap.servers': '127.0.0.1:1', 'max.block.ms': 150 });
    await assert.rejects(producer.ready(), { kind: 'NETWORK', message: /127\.0\.0\.1:1/ });
    await assert.rejects(producer.send({ topic: 't', value: 'v' }), {
      kind: 'TIMEOUT',
      message: /not present in metadata after 150 ms.*127\.0\.0\.1:1/,
    });
  });
});
