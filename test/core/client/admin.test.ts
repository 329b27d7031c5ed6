import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { createTopic, deleteTopic, describeTopicConfigs, listOffsets } from '../../../core/client/admin.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { deleteTopicsApi } from '../../../core/wire/messages/delete-topics.ts';
import { describeConfigsApi } from '../../../core/wire/messages/describe-configs.ts';
import { listOffsetsApi } from '../../../core/wire/messages/list-offsets.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeBroker } from './fake-broker.ts';
import { PipeNetwork } from './pipe-network.ts';

const NEW_TOPIC = { name: 't', partitions: 2, replicationFactor: 1, configs: { 'retention.bytes': '1000' } };

/** Two brokers; `state` is what their metadata says. */
async function setUp() {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock });
  const brokers = [await FakeBroker.listen(network), await FakeBroker.listen(network)] as const;
  const state = { controllerId: 1, leaders: null as number[] | null };
  for (const broker of brokers) {
    broker.on(metadataApi, (request) => ({
      brokers: brokers.map(({ endpoint }, nodeId) => ({ nodeId, ...endpoint })),
      controllerId: state.controllerId,
      topics: request.topics!.map(({ name }) => ({
        name,
        errorCode: state.leaders === null ? 3 : 0,
        partitions: (state.leaders ?? []).map((leaderId, partitionIndex) => ({ partitionIndex, leaderId })),
      })),
    }));
  }
  const cluster = await Cluster.connect({
    bootstrapServers: [`127.0.0.1:${brokers[0].endpoint.port}`],
    clientId: 'admin',
    network,
    clock,
    random: new SeededRandom(3),
  });
  return { clock, brokers, state, cluster };
}

describe('creating a topic', () => {
  it('goes to the controller and waits until every partition has a leader', async () => {
    const { clock, brokers, state, cluster } = await setUp();
    brokers[1].on(createTopicsApi, (request) => {
      const [topic] = request.topics;
      assert.equal(topic!.numPartitions, 2);
      assert.deepEqual(topic!.configs, [{ name: 'retention.bytes', value: '1000' }]);
      state.leaders = [0, -1];
      clock.setTimer(() => {
        state.leaders = [0, 1];
      }, 700);
      return { topics: [{ name: 't', numPartitions: 2 }] };
    });
    const startNs = clock.nowNs();
    const created = await clock.runUntil(createTopic(cluster, NEW_TOPIC));
    assert.deepEqual(
      created.partitions.map((partition) => partition.leaderId),
      [0, 1],
    );
    assert.ok(clock.nowNs() - startNs >= 700e6);
    assert.equal(brokers[1].count(createTopicsApi), 1);
    await cluster.close();
    assert.equal(clock.pendingTimers, 0);
  });

  it('fails with the error and the words of the broker', async () => {
    const { clock, brokers, cluster } = await setUp();
    const refusals: [number, string][] = [
      [36, 'TOPIC_ALREADY_EXISTS'],
      [37, 'INVALID_PARTITIONS'],
      [38, 'INVALID_REPLICATION_FACTOR'],
      [40, 'INVALID_CONFIG'],
      [17, 'INVALID_TOPIC_EXCEPTION'],
    ];
    for (const [errorCode, kind] of refusals) {
      brokers[1].on(createTopicsApi, () => ({
        topics: [{ name: 't', errorCode, errorMessage: 'so it said' }],
      }));
      await assert.rejects(clock.runUntil(createTopic(cluster, NEW_TOPIC)), {
        kind,
        code: errorCode,
        message: `create topic t: ${kind} (${errorCode}): so it said`,
      });
    }
    await cluster.close();
  });

  it('follows the controller when it moves', async () => {
    const { clock, brokers, state, cluster } = await setUp();
    brokers[1].on(createTopicsApi, () => {
      state.controllerId = 0;
      return { topics: [{ name: 't', errorCode: 41 }] };
    });
    brokers[0].on(createTopicsApi, () => {
      state.leaders = [0, 1];
      return { topics: [{ name: 't' }] };
    });
    await clock.runUntil(createTopic(cluster, NEW_TOPIC));
    assert.equal(brokers[0].count(createTopicsApi), 1);
    await cluster.close();
  });

  it('counts a topic that exists as created when the answer to the first attempt was lost', async () => {
    const { clock, brokers, state, cluster } = await setUp();
    brokers[1].on(createTopicsApi, (_, { connection }) => {
      if (state.leaders !== null) return { topics: [{ name: 't', errorCode: 36 }] };
      state.leaders = [0, 1];
      connection.close();
      return null;
    });
    const created = await clock.runUntil(createTopic(cluster, NEW_TOPIC));
    assert.equal(created.partitions.length, 2);
    assert.equal(brokers[1].count(createTopicsApi), 2);
    await cluster.close();
  });

  it('ends within its time budget, telling the last error', async () => {
    const { clock, brokers, cluster } = await setUp();
    brokers[1].on(createTopicsApi, () => ({ topics: [{ name: 't' }] }));
    const startNs = clock.nowNs();
    await assert.rejects(clock.runUntil(createTopic(cluster, NEW_TOPIC, { timeoutMs: 3_000 })), {
      kind: 'TIMEOUT',
      message: /create topic t: wait for its leaders: .*UNKNOWN_TOPIC_OR_PARTITION/,
    });
    assert.ok(clock.nowNs() - startNs <= 3_000e6);
    brokers[1].on(createTopicsApi, () => ({ topics: [] }));
    await assert.rejects(clock.runUntil(createTopic(cluster, NEW_TOPIC)), { kind: 'PROTOCOL' });
    await cluster.close();
  });
});

describe('deleting a topic', () => {
  it('names it in the way of the version and forgets it', async () => {
    const { clock, brokers, state, cluster } = await setUp();
    state.leaders = [0];
    await clock.runUntil(cluster.metadataFor('t'));
    const names: unknown[] = [];
    brokers[1].on(deleteTopicsApi, (request) => {
      names.push(
        request.topics.map((topic) => topic.name),
        request.topicNames,
      );
      return { responses: [{ name: 't' }] };
    });
    await clock.runUntil(deleteTopic(cluster, 't'));
    assert.deepEqual(names, [['t'], []]);
    assert.equal(cluster.cachedTopic('t'), null);
    brokers[1].on(deleteTopicsApi, () => ({ responses: [{ name: 't', errorCode: 3 }] }));
    await assert.rejects(clock.runUntil(deleteTopic(cluster, 't')), { kind: 'UNKNOWN_TOPIC_OR_PARTITION' });
    assert.equal(brokers[1].count(deleteTopicsApi), 2);
    await cluster.close();
  });
});

describe('describing the configs of a topic', () => {
  it('gives each with where it comes from', async () => {
    const { clock, brokers, cluster } = await setUp();
    for (const broker of brokers) {
      broker.on(describeConfigsApi, (request) => {
        assert.deepEqual(request.resources, [
          { resourceType: 2, resourceName: 't', configurationKeys: null },
        ]);
        return {
          results: [
            {
              resourceType: 2,
              resourceName: 't',
              configs: [{ name: 'retention.ms', value: '5', configSource: 1, documentation: null }],
            },
          ],
        };
      });
    }
    assert.deepEqual(await clock.runUntil(describeTopicConfigs(cluster, 't')), [
      { name: 'retention.ms', value: '5', isReadOnly: false, isSensitive: false, source: 1 },
    ]);
    await cluster.close();
  });
});

describe('listing offsets', () => {
  it('asks each leader for its partitions, and again where the leader has changed', async () => {
    const { clock, brokers, state, cluster } = await setUp();
    state.leaders = [0, 1, 0];
    const asked: string[] = [];
    brokers.forEach((broker, nodeId) => {
      broker.on(listOffsetsApi, (request) => ({
        topics: request.topics.map(({ name, partitions }) => ({
          name,
          partitions: partitions.map(({ partitionIndex, timestamp }) => {
            asked.push(`${nodeId}:${partitionIndex}@${timestamp}`);
            if (partitionIndex === 2 && nodeId === 0) {
              state.leaders = [0, 1, 1];
              return { partitionIndex, errorCode: 6 };
            }
            return { partitionIndex, offset: 100 + partitionIndex, timestamp: -1 };
          }),
        })),
      }));
    });
    const offsets = await clock.runUntil(listOffsets(cluster, 't', [0, 1, 2], 'latest'));
    assert.deepEqual([...offsets].map(([partition, { offset }]) => [partition, offset]).sort(), [
      [0, 100],
      [1, 101],
      [2, 102],
    ]);
    assert.deepEqual(asked.sort(), ['0:0@-1', '0:2@-1', '1:1@-1', '1:2@-1']);
    asked.length = 0;
    await clock.runUntil(listOffsets(cluster, 't', [0], 'earliest'));
    await clock.runUntil(listOffsets(cluster, 't', [0], 1234));
    assert.deepEqual(asked, ['0:0@-2', '0:0@1234']);
    await assert.rejects(clock.runUntil(listOffsets(cluster, 't', [3], 'latest')), {
      kind: 'UNKNOWN_TOPIC_OR_PARTITION',
      message: /topic t has 3 partitions, there is no partition 3/,
    });
    await cluster.close();
  });
});
