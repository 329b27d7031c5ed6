import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kafkaErrorByCode } from '../../../core/base/errors.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { deleteTopicsApi } from '../../../core/wire/messages/delete-topics.ts';
import { describeConfigsApi } from '../../../core/wire/messages/describe-configs.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { listOffsetsApi } from '../../../core/wire/messages/list-offsets.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { batchOf } from './batches.ts';
import { RawClient } from './raw-client.ts';
import { createTopic, fetchBody, listOffset, produce } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const TOPIC = 2;
const BROKER = 4;
const errorName = (code: number) => kafkaErrorByCode(code).name;

/** Counts how often the list of topics was stored. */
class CountingStorage extends MemoryStorage {
  renames = 0;
  override rename(from: string, to: string): void {
    this.renames++;
    super.rename(from, to);
  }
}

describe('topics', () => {
  let cluster: TestCluster;
  let client: RawClient;
  before(async () => {
    cluster = await startTestCluster({ defaultPartitions: 4, limits: { maxPartitions: 100 } });
    client = await RawClient.connect(cluster.ports[0]!);
  });
  after(async () => {
    client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  const metadataOf = async (name: string, options: { allow?: boolean; version?: number } = {}) => {
    const body = { topics: [{ name }], allowAutoTopicCreation: options.allow ?? false };
    return (await client.ask(metadataApi, options.version ?? 9, body)).topics[0]!;
  };

  it('come into being by Metadata only when the request allows it', async () => {
    assert.equal(errorName((await metadataOf('auto')).errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
    const made = await metadataOf('auto', { allow: true });
    assert.deepEqual([made.errorCode, made.partitions.length], [0, 4]);
    assert.equal((await metadataOf('auto')).errorCode, 0);
  });

  it('are told by Metadata in every version, all of them when none is named', async () => {
    const topicId = await createTopic(client, 'told');
    for (let version = 0; version <= 13; version++) {
      const all = await client.ask(metadataApi, version, { topics: version === 0 ? [] : null });
      assert.ok(all.topics.some(({ name }) => name === 'told'));
      assert.equal(all.controllerId, version === 0 ? -1 : 1);
      if (version >= 10) assert.equal((await metadataOf('told', { version })).topicId, topicId);
    }
    assert.equal((await client.ask(metadataApi, 1, { topics: [] })).topics.length, 0);
    const byId = await client.ask(metadataApi, 12, { topics: [{ name: null, topicId }] });
    assert.equal(byId.topics[0]!.name, 'told');
    const unknown = await client.ask(metadataApi, 12, { topics: [{ name: null, topicId: 'ef'.repeat(16) }] });
    assert.equal(errorName(unknown.topics[0]!.errorCode), 'UNKNOWN_TOPIC_ID');
  });

  it('have legal names', async () => {
    for (const name of ['', '.', '..', 'a/b', 'a b', 'ä', 'x'.repeat(250), '../../etc']) {
      assert.equal(
        errorName((await metadataOf(name, { allow: true })).errorCode),
        'INVALID_TOPIC_EXCEPTION',
        name,
      );
    }
    assert.equal((await metadataOf('x'.repeat(249), { allow: true })).errorCode, 0);
  });

  it('are created in every version, and refused with a reason', async () => {
    for (let version = 2; version <= 7; version++) {
      const ask = (topic: object, validateOnly = false) =>
        client.ask(createTopicsApi, version, {
          topics: [{ numPartitions: 1, replicationFactor: 1, ...topic } as never],
          timeoutMs: 1000,
          validateOnly,
        });
      const name = `created-${version}`;
      assert.equal((await ask({ name }, true)).topics[0]!.errorCode, 0);
      assert.equal(errorName((await metadataOf(name)).errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
      assert.equal((await ask({ name })).topics[0]!.errorCode, 0);
      const refused: [object, string][] = [
        [{ name }, 'TOPIC_ALREADY_EXISTS'],
        [{ name: 'n', numPartitions: 0 }, 'INVALID_PARTITIONS'],
        [{ name: 'n', numPartitions: 2_000_000_000 }, 'INVALID_PARTITIONS'],
        [{ name: 'n', replicationFactor: 3 }, 'INVALID_REPLICATION_FACTOR'],
        [{ name: 'n', configs: [{ name: 'no.such.config', value: '1' }] }, 'INVALID_CONFIG'],
        [{ name: 'n', configs: [{ name: 'segment.bytes', value: 'many' }] }, 'INVALID_CONFIG'],
        [{ name: 'n/m' }, 'INVALID_TOPIC_EXCEPTION'],
        [
          {
            name: 'n',
            numPartitions: -1,
            replicationFactor: -1,
            assignments: [{ partitionIndex: 0, brokerIds: [9] }],
          },
          'INVALID_REPLICA_ASSIGNMENT',
        ],
      ];
      for (const [topic, expected] of refused) {
        const answer = (await ask(topic)).topics[0]!;
        assert.equal(errorName(answer.errorCode), expected, JSON.stringify(topic));
        assert.ok(answer.errorMessage!.length > 10);
      }
    }
    const twice = await client.ask(createTopicsApi, 5, { topics: [{ name: 'twin' }, { name: 'twin' }] });
    assert.deepEqual([twice.topics.length, errorName(twice.topics[0]!.errorCode)], [1, 'INVALID_REQUEST']);
  });

  it('take the cluster defaults for -1, and the leaders that an assignment names', async () => {
    const response = await client.ask(createTopicsApi, 7, {
      topics: [
        { name: 'default-count', numPartitions: -1, replicationFactor: -1 },
        {
          name: 'assigned',
          numPartitions: -1,
          replicationFactor: -1,
          assignments: [{ partitionIndex: 0, brokerIds: [1] }],
        },
      ],
    });
    const counts = response.topics.map((topic) => [
      topic.errorCode,
      topic.numPartitions,
      topic.replicationFactor,
    ]);
    assert.deepEqual(counts, [
      [0, 4, 1],
      [0, 1, 1],
    ]);
  });

  it('are deleted by name and by id, and start empty when made again', async () => {
    const firstId = await createTopic(client, 'again');
    await produce(client, 'again', batchOf(['x']));
    for (let version = 1; version <= 6; version++) {
      const body = { topicNames: ['again'], topics: [{ name: 'again' }], timeoutMs: 1000 };
      assert.equal((await client.ask(deleteTopicsApi, version, body)).responses[0]!.errorCode, 0);
      const missing = await client.ask(deleteTopicsApi, version, body);
      assert.equal(errorName(missing.responses[0]!.errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
      const id = await createTopic(client, 'again');
      assert.notEqual(id, firstId);
      assert.equal((await listOffset(client, 'again', -1)).offset, 0);
      if (version < 6) continue;
      const byId = await client.ask(deleteTopicsApi, 6, { topics: [{ name: null, topicId: id }] });
      assert.deepEqual([byId.responses[0]!.errorCode, byId.responses[0]!.name], [0, 'again']);
      const unknown = await client.ask(deleteTopicsApi, 6, { topics: [{ name: null, topicId: id }] });
      assert.equal(errorName(unknown.responses[0]!.errorCode), 'UNKNOWN_TOPIC_ID');
    }
  });

  it('tell their configs with default and source, and the broker its own', async () => {
    await createTopic(client, 'configured', { configs: { 'retention.ms': '1234' } });
    for (let version = 1; version <= 4; version++) {
      const resources = [
        { resourceType: TOPIC, resourceName: 'configured', configurationKeys: null },
        { resourceType: TOPIC, resourceName: 'configured', configurationKeys: ['max.message.bytes'] },
        { resourceType: BROKER, resourceName: '1', configurationKeys: null },
        { resourceType: BROKER, resourceName: '77', configurationKeys: null },
        { resourceType: TOPIC, resourceName: 'nowhere', configurationKeys: null },
      ];
      const { results } = await client.ask(describeConfigsApi, version, {
        resources,
        includeDocumentation: version >= 3,
      });
      const retention = results[0]!.configs.find(({ name }) => name === 'retention.ms')!;
      assert.deepEqual([retention.value, retention.configSource], ['1234', 1]);
      const sizes = results[1]!.configs.map(({ name, value, configSource }) => [name, value, configSource]);
      assert.deepEqual(sizes, [['max.message.bytes', '1048588', 5]]);
      const partitions = results[2]!.configs.find(({ name }) => name === 'num.partitions')!;
      assert.deepEqual([partitions.value, partitions.readOnly], ['4', true]);
      assert.equal(errorName(results[3]!.errorCode), 'INVALID_REQUEST');
      assert.equal(errorName(results[4]!.errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
      if (version >= 3) assert.ok((retention as { documentation: string | null }).documentation!.length > 10);
    }
  });

  it('are stored once for all that one request makes or deletes', async () => {
    const storage = new CountingStorage();
    const own = await startTestCluster({ storage: () => storage });
    const asker = await RawClient.connect(own.ports[0]!);
    const names = Array.from({ length: 50 }, (_, index) => `many-${index}`);
    const before = storage.renames;
    const topics = [...names, 'bad/name'].map((name) => ({ name, numPartitions: 1, replicationFactor: 1 }));
    const made = await asker.ask(createTopicsApi, 7, { topics });
    assert.deepEqual(
      made.topics.map(({ name, errorCode }) => [name, errorName(errorCode)]),
      [...names.map((name) => [name, 'NONE']), ['bad/name', 'INVALID_TOPIC_EXCEPTION']],
    );
    assert.equal(storage.renames, before + 1);
    const gone = await asker.ask(deleteTopicsApi, 5, { topicNames: [...names, 'many-0', 'nowhere'] });
    const unknown = 'UNKNOWN_TOPIC_OR_PARTITION';
    assert.deepEqual(
      gone.responses.map(({ errorCode }) => errorName(errorCode)),
      [...names.map(() => 'NONE'), unknown, unknown],
    );
    assert.equal(storage.renames, before + 2);
    const wanted = names.map((name) => ({ name }));
    const asked = await asker.ask(metadataApi, 9, { topics: wanted, allowAutoTopicCreation: true });
    assert.ok(asked.topics.every(({ errorCode, partitions }) => errorCode === 0 && partitions.length > 0));
    assert.equal(storage.renames, before + 3);
    asker.close();
    await own.close();
  });

  it('asked for again and again in one request cost no more than once', async () => {
    const topicId = await createTopic(client, 'echo');
    await produce(client, 'echo', batchOf(['x']));
    const many = <T>(each: T): T[] => Array.from({ length: 1000 }, () => each);
    const byName = await client.ask(metadataApi, 12, { topics: many({ name: 'echo' }) });
    assert.deepEqual(
      byName.topics.map(({ name }) => name),
      ['echo'],
    );
    const byId = await client.ask(metadataApi, 12, { topics: many({ name: null, topicId }) });
    assert.equal(byId.topics.length, 1);
    const resource = { resourceType: TOPIC, resourceName: 'echo', configurationKeys: null };
    const configs = await client.ask(describeConfigsApi, 4, { resources: many(resource) });
    assert.equal(configs.results.length, 1);
    const offsets = await client.ask(listOffsetsApi, 7, {
      topics: [
        { name: 'echo', partitions: [0, 0].map((partitionIndex) => ({ partitionIndex, timestamp: 0 })) },
      ],
    });
    assert.deepEqual(
      offsets.topics[0]!.partitions.map(({ errorCode }) => errorName(errorCode)),
      ['NONE', 'INVALID_REQUEST'],
    );
    const body = fetchBody('echo');
    const twice = body.topics.map((topic) => ({
      ...topic,
      partitions: [...topic.partitions, ...topic.partitions],
    }));
    const fetched = await client.ask(fetchApi, 12, { ...body, topics: twice });
    assert.deepEqual(
      fetched.responses[0]!.partitions.map(({ errorCode, records }) => [
        errorName(errorCode),
        records!.length > 0,
      ]),
      [
        ['NONE', true],
        ['INVALID_REQUEST', false],
      ],
    );
  });

  it('answer ListOffsets with the ends, by timestamp and for the largest timestamp', async () => {
    await createTopic(client, 'offsets');
    assert.deepEqual((await listOffset(client, 'offsets', -3)).offset, -1);
    await produce(client, 'offsets', batchOf(['a', 'b', 'c'], { timestampMs: 2000 }));
    await produce(client, 'offsets', batchOf(['d', 'e'], { timestampMs: 1000 }));
    const find = async (timestamp: number) => {
      const { offset, timestamp: found } = await listOffset(client, 'offsets', timestamp);
      return [offset, found];
    };
    assert.deepEqual(await find(-1), [5, -1]);
    assert.deepEqual(await find(-2), [0, -1]);
    assert.deepEqual(await find(-3), [2, 2002]);
    assert.deepEqual(await find(2001), [1, 2001]);
    assert.deepEqual(await find(1), [0, 2000]);
    assert.deepEqual(await find(2003), [-1, -1]);
    for (let version = 1; version <= 11; version++) {
      assert.equal((await listOffset(client, 'offsets', -1, version)).offset, 5);
    }
    const missing = await client.ask(listOffsetsApi, 5, {
      topics: [{ name: 'nowhere', partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    });
    assert.equal(errorName(missing.topics[0]!.partitions[0]!.errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
  });
});
