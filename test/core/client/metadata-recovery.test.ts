import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import type { ClientConfig } from '../../../core/client/client-config.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeBroker } from './fake-broker.ts';
import { PipeNetwork } from './pipe-network.ts';

const HOST = '127.0.0.1';
const TOPIC_ID = 'ab'.repeat(16);

/** Broker 0 behind the bootstrap address, which tells of broker 1 on a port of its own. */
async function setUp(config: Partial<ClientConfig> = {}) {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock });
  const [first, second] = [await FakeBroker.listen(network), await FakeBroker.listen(network)];
  const picture = { nodes: [1], errorCode: 0, leaderEpoch: 3, silent: false };
  for (const broker of [first!, second!]) {
    broker.on(metadataApi, (request) => {
      if (picture.silent && broker === second) return null;
      return {
        errorCode: picture.errorCode,
        controllerId: 1,
        clusterId: 'fake',
        brokers: picture.nodes.map((nodeId) => {
          return { nodeId, host: HOST, port: (nodeId === 1 ? second! : first!).endpoint.port };
        }),
        topics: request.topics!.map(({ name }) => ({
          errorCode: 0,
          name: name!,
          topicId: TOPIC_ID,
          partitions: [{ partitionIndex: 0, leaderId: 1, leaderEpoch: picture.leaderEpoch, errorCode: 0 }],
        })),
      };
    });
  }
  const cluster = await clock.runUntil(
    Cluster.connect({
      bootstrapServers: [`${HOST}:${first!.endpoint.port}`],
      clientId: 'tester',
      network,
      clock,
      random: new SeededRandom(7),
      config: { metadataMaxAgeMs: 60_000, ...config },
    }),
  );
  await clock.runUntil(cluster.metadataFor('t'));
  // From here on metadata comes from broker 1.
  first!.dropConnections();
  await clock.runUntil(cluster.connectionTo(1));
  return { clock, network, cluster, first: first!, second: second!, picture };
}

describe('metadata.recovery.strategy', () => {
  it('rebootstrap: a cluster that answers nothing is looked for at the bootstrap servers after the trigger', async () => {
    const { clock, cluster, picture, first } = await setUp({
      requestTimeoutMs: 30_000,
      rebootstrapTriggerMs: 100_000,
    });
    const before = first.count(metadataApi);
    picture.silent = true;
    cluster.requestRefresh();
    // Time-outs of 30 s each, with pauses between them: the fourth ends past the trigger.
    await clock.advance(95_000);
    assert.equal(first.count(metadataApi), before);
    picture.nodes = [0];
    await clock.advance(40_000);
    assert.ok(first.count(metadataApi) > before);
    assert.deepEqual(
      cluster.brokers.map((broker) => broker.nodeId),
      [0],
    );
    await cluster.close();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0);
  });

  it('rebootstrap: brokers that say REBOOTSTRAP_REQUIRED are believed at once', async () => {
    const { clock, cluster, picture, first } = await setUp();
    const before = first.count(metadataApi);
    picture.errorCode = 129;
    cluster.requestRefresh();
    const found = cluster.metadataFor('u', { timeoutMs: 5000 });
    await clock.advance(10);
    picture.errorCode = 0;
    await clock.runUntil(found);
    assert.ok(first.count(metadataApi) > before);
    await cluster.close();
  });

  it('rebootstrap: the bootstrap servers are asked as soon as no known broker can be reached', async () => {
    const { clock, cluster, second, picture } = await setUp();
    await second.close();
    picture.nodes = [0];
    await clock.advance(100);
    cluster.requestRefresh();
    await clock.advance(2000);
    assert.deepEqual(
      cluster.brokers.map((broker) => broker.nodeId),
      [0],
    );
    await cluster.close();
  });

  it('none: only brokers known are asked', async () => {
    const { clock, cluster, second, first, picture } = await setUp({ metadataRecovery: 'none' });
    const before = first.count(metadataApi);
    await second.close();
    picture.nodes = [0];
    cluster.requestRefresh();
    await clock.advance(600_000);
    assert.equal(first.count(metadataApi), before);
    assert.deepEqual(
      cluster.brokers.map((broker) => broker.nodeId),
      [1],
    );
    await cluster.close();
  });
});

describe('leaders named outside of metadata', () => {
  it('are taken over when they are newer and their broker is known or told', async () => {
    const { cluster, first } = await setUp();
    let updates = 0;
    cluster.onUpdate(() => updates++);
    const node = { nodeId: 5, host: HOST, port: first.endpoint.port, rack: null };
    const news = (leaderId: number, leaderEpoch: number, partition = 0) => [
      { topic: 't', partition, leaderId, leaderEpoch },
    ];
    cluster.noteLeaders(news(5, 3), [node]);
    cluster.noteLeaders(news(5, 4), []);
    cluster.noteLeaders(news(5, 4, 9), [node]);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 1);
    assert.equal(updates, 0);
    cluster.noteLeaders(news(5, 4), [node]);
    const [partition] = cluster.cachedTopic('t')!.partitions;
    assert.deepEqual([partition!.leaderId, partition!.leaderEpoch, updates], [5, 4, 1]);
    assert.equal((await cluster.connectionTo(5)).endpoint.port, first.endpoint.port);
    await cluster.close();
  });

  it('outlive metadata that is older', async () => {
    const { clock, cluster, first, picture } = await setUp();
    const node = { nodeId: 0, host: HOST, port: first.endpoint.port, rack: null };
    cluster.noteLeaders([{ topic: 't', partition: 0, leaderId: 0, leaderEpoch: 4 }], [node]);
    cluster.requestRefresh();
    await clock.advance(1000);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 0);
    picture.leaderEpoch = 5;
    cluster.requestRefresh();
    await clock.advance(1000);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 1);
    await cluster.close();
  });
});

it('topics that nobody wants are forgotten when metadata comes, but for those waited for', async () => {
  const { clock, cluster } = await setUp();
  await clock.runUntil(cluster.metadataFor('u'));
  cluster.retainTopics((topic) => topic === 'u');
  assert.ok(cluster.cachedTopic('t'));
  cluster.requestRefresh();
  await clock.advance(1000);
  assert.equal(cluster.cachedTopic('t'), null);
  assert.ok(cluster.cachedTopic('u'));
  await clock.runUntil(cluster.metadataFor('t'));
  await cluster.close();
});

describe('a lost connection', () => {
  it('has the metadata renewed, as leaders may have moved; one closed for being idle has not', async () => {
    const { clock, cluster, second } = await setUp({ connectionsMaxIdleMs: 5000 });
    await clock.advance(1000);
    const before = second.count(metadataApi);
    second.dropConnections();
    await clock.advance(1000);
    assert.equal(second.count(metadataApi), before + 1);
    await clock.advance(20_000);
    assert.equal(second.connections.size, 0, 'idle connections are closed');
    assert.equal(second.count(metadataApi), before + 1);
    await cluster.close();
  });

  it('asks no sooner than the failed look-up that lost it would be repeated', async () => {
    const { clock, cluster, second, first } = await setUp({
      retryBackoffMs: 100,
      retryBackoffMaxMs: 10_000,
      reconnectBackoffMs: 0,
      reconnectBackoffMaxMs: 0,
      metadataRecovery: 'none',
    });
    await clock.advance(1000);
    const before = second.count(metadataApi);
    second.on(metadataApi, (_request, { connection }) => {
      connection.close();
      return null;
    });
    await first.close();
    second.dropConnections();
    // Pauses of 100, 200, 400, ... ms, 20 % more or less.
    await clock.advance(10_000);
    const asked = second.count(metadataApi) - before;
    assert.ok(asked >= 6 && asked <= 8, `${asked} times in 10 s`);
    await cluster.close();
  });
});
