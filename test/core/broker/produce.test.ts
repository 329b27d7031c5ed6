import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kafkaErrorByCode } from '../../../core/base/errors.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { altered, batchOf } from './batches.ts';
import { RawClient } from './raw-client.ts';
import { createTopic, fetchOne, listOffset, produce, produceBody } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const COUNT_OFFSET = 57;
const errorName = (code: number) => kafkaErrorByCode(code).name;

describe('Produce', () => {
  let cluster: TestCluster;
  let client: RawClient;
  before(async () => {
    cluster = await startTestCluster({ brokers: 2 });
    client = await RawClient.connect(cluster.ports[0]!);
  });
  after(async () => {
    client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  /** A topic of one partition, and a client of the broker that leads it. */
  async function ownTopic(name: string, configs: Record<string, string> = {}): Promise<RawClient> {
    await createTopic(client, name, { configs });
    const metadata = await client.ask(metadataApi, 9, { topics: [{ name }] });
    return RawClient.connect(cluster.ports[metadata.topics[0]!.partitions[0]!.leaderId - 1]!);
  }

  it('gives each batch the offset after the last, in every version served', async () => {
    const leader = await ownTopic('versions');
    const { topicId } = (await client.ask(metadataApi, 12, { topics: [{ name: 'versions' }] })).topics[0]!;
    let expected = 0;
    for (let version = 3; version <= 13; version++) {
      const response = await leader.ask(produceApi, version, {
        acks: 1,
        timeoutMs: 1000,
        topicData: [
          { name: 'versions', topicId, partitionData: [{ index: 0, records: [batchOf(['a', 'b'])] }] },
        ],
      });
      const answer = response.responses[0]!.partitionResponses[0]!;
      assert.deepEqual([version, answer.errorCode, answer.baseOffset], [version, 0, expected]);
      expected += 2;
    }
    leader.close();
  });

  it('refuses bad batches by name, appends nothing of them and keeps the connection', async () => {
    const leader = await ownTopic('refused', { 'max.message.bytes': '500' });
    const good = batchOf(['one', 'two']);
    const flipped = Buffer.from(good);
    flipped[70]! ^= 0xff;
    const cases: [string, Uint8Array | null, string][] = [
      ['no records', null, 'INVALID_RECORD'],
      ['empty records', Buffer.alloc(0), 'INVALID_RECORD'],
      ['a flipped bit', flipped, 'CORRUPT_MESSAGE'],
      ['a wrong count', altered(good, (copy) => copy.writeInt32BE(3, COUNT_OFFSET)), 'INVALID_RECORD'],
      ['two batches', Buffer.concat([good, good]), 'INVALID_RECORD'],
      ['half a batch', good.subarray(0, good.length - 3), 'CORRUPT_MESSAGE'],
      ['part of a header', good.subarray(0, 30), 'CORRUPT_MESSAGE'],
      ['too large', batchOf(['x'.repeat(600)]), 'MESSAGE_TOO_LARGE'],
      [
        'a transaction',
        altered(good, (copy) => copy.writeInt16BE(0x10, 21)),
        'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      ],
    ];
    for (const [what, records, expected] of cases) {
      const answer = await produce(leader, 'refused', records);
      assert.deepEqual([what, errorName(answer.errorCode)], [what, expected]);
      assert.equal(answer.baseOffset, -1);
    }
    assert.equal((await listOffset(leader, 'refused', -1)).offset, 0);
    assert.equal((await produce(leader, 'refused', good)).errorCode, 0);
    leader.close();
  });

  it('names what is wrong with the topic, the partition and acks', async () => {
    const leader = await ownTopic('acks');
    const batch = batchOf(['x']);
    assert.equal(
      errorName((await produce(leader, 'missing', batch)).errorCode),
      'UNKNOWN_TOPIC_OR_PARTITION',
    );
    for (const index of [1, -1]) {
      const answer = await produce(leader, 'acks', batch, { index });
      assert.equal(errorName(answer.errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
    }
    assert.equal(
      errorName((await produce(leader, 'acks', batch, { acks: 2 })).errorCode),
      'INVALID_REQUIRED_ACKS',
    );
    const byId = await leader.ask(produceApi, 13, {
      acks: 1,
      topicData: [{ topicId: 'ab'.repeat(16), partitionData: [{ index: 0, records: [batch] }] }],
    });
    assert.equal(errorName(byId.responses[0]!.partitionResponses[0]!.errorCode), 'UNKNOWN_TOPIC_ID');
    leader.close();
  });

  it('refuses acks=all alone while fewer replicas live than min.insync.replicas', async () => {
    const leader = await ownTopic('min-isr', { 'min.insync.replicas': '2' });
    const refused = await produce(leader, 'min-isr', batchOf(['x']), { acks: -1 });
    assert.equal(errorName(refused.errorCode), 'NOT_ENOUGH_REPLICAS');
    assert.equal((await produce(leader, 'min-isr', batchOf(['x']), { acks: 1 })).baseOffset, 0);
    leader.close();
  });

  it('sends a client of the wrong broker to the leader, with its address from v10 on', async () => {
    await createTopic(client, 'spread', { partitions: 2 });
    const metadata = await client.ask(metadataApi, 9, { topics: [{ name: 'spread' }] });
    const foreign = metadata.topics[0]!.partitions.find(({ leaderId }) => leaderId === 2)!;
    const response = await client.ask(
      produceApi,
      10,
      produceBody('spread', batchOf(['x']), { index: foreign.partitionIndex }),
    );
    const answer = response.responses[0]!.partitionResponses[0]!;
    assert.equal(errorName(answer.errorCode), 'NOT_LEADER_OR_FOLLOWER');
    assert.deepEqual(answer.currentLeader, { leaderId: 2, leaderEpoch: 0 });
    assert.deepEqual(response.nodeEndpoints, [
      { nodeId: 2, host: '127.0.0.1', port: cluster.ports[1]!, rack: null },
    ]);
  });

  it('answers acks=0 never, and closes the connection when such a request fails', async () => {
    const leader = await ownTopic('fire');
    leader.send(produceApi, 9, produceBody('fire', batchOf(['a', 'b']), { acks: 0 }));
    assert.equal(
      (await listOffset(leader, 'fire', -1)).offset,
      2,
      'the next answer is that of the next request',
    );
    leader.send(produceApi, 9, produceBody('missing', batchOf(['a']), { acks: 0 }));
    assert.equal(await leader.nextFrame(), null);
  });

  it('answers pipelined requests in their order', async () => {
    const leader = await ownTopic('pipeline');
    const ids = Array.from({ length: 200 }, () =>
      leader.send(produceApi, 9, produceBody('pipeline', batchOf(['x']))),
    );
    const answered: number[] = [];
    for (const _ of ids) answered.push((await leader.nextFrame())!.readInt32BE(0));
    assert.deepEqual(answered, ids);
    assert.equal((await listOffset(leader, 'pipeline', -1)).offset, 200);
    leader.close();
  });

  it('stamps records with its own time where the topic wants LogAppendTime', async () => {
    const leader = await ownTopic('stamped', { 'message.timestamp.type': 'LogAppendTime' });
    const earliest = Date.now();
    const answer = await produce(leader, 'stamped', batchOf(['x'], { timestampMs: 5 }));
    assert.ok(answer.logAppendTimeMs >= earliest && answer.logAppendTimeMs <= Date.now());
    const { records } = await fetchOne(leader, 'stamped');
    assert.equal(Number(records!.readBigInt64BE(35)), answer.logAppendTimeMs);
    leader.close();
  });
});
