import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Consumer, Producer } from '../../../core/tidemark.ts';
import { startTestCluster } from '../broker/test-cluster.ts';

const LONG_AGO_MS = 1_000_000_000_000;

/** The timestamp that the producer tells of a record from long ago, and the one it is read back with. */
async function timesOf(timestampType: string): Promise<{ told: number; read: number; type: string }> {
  const cluster = await startTestCluster({
    topicConfigs: { 'retention.ms': -1, 'message.timestamp.type': timestampType },
  });
  try {
    const servers = { 'bootstrap.servers': cluster.bootstrapServers };
    await using producer = new Producer(servers);
    const { partition, timestamp: told } = await producer.send({
      topic: 't',
      value: 'v',
      timestamp: LONG_AGO_MS,
    });
    await using consumer = new Consumer({ ...servers, 'auto.offset.reset': 'earliest' });
    consumer.assign([{ topic: 't', partition }]);
    const [record] = await consumer.poll(10_000);
    return { told, read: record!.timestamp, type: record!.timestampType };
  } finally {
    await cluster.close();
  }
}

describe('producer: times of records', () => {
  it("are the broker's where the topic says LogAppendTime", async () => {
    const { told, read, type } = await timesOf('LogAppendTime');
    assert.ok(told > LONG_AGO_MS);
    assert.deepEqual({ read, type }, { read: told, type: 'LogAppendTime' });
  });

  it('are as given where it says CreateTime', async () => {
    assert.deepEqual(await timesOf('CreateTime'), {
      told: LONG_AGO_MS,
      read: LONG_AGO_MS,
      type: 'CreateTime',
    });
  });
});
