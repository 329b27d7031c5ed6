import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import type { ClientConfig } from '../../../core/client/client-config.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeBroker } from './fake-broker.ts';
import { PipeNetwork } from './pipe-network.ts';

const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
const INVALID_TOPIC = 17;
const HOST = '127.0.0.1';

interface FakeTopic {
  errorCode: number;
  leaders: number[];
  epoch?: number;
}

/** Brokers that share a picture of the cluster, which the test paints. */
async function setUp(options: { brokers?: number; config?: Partial<ClientConfig> } = {}) {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock });
  const topics = new Map<string, FakeTopic>();
  const asked: { topics: string[]; create: boolean }[] = [];
  const brokers: FakeBroker[] = [];
  const ports: number[] = [];
  const answer = (names: string[]) => ({
    brokers: ports.map((port, nodeId) => ({ nodeId, host: HOST, port })),
    controllerId: 0,
    clusterId: 'fake',
    topics: names.map((name) => {
      const topic = topics.get(name) ?? { errorCode: UNKNOWN_TOPIC, leaders: [] };
      const partitions = topic.leaders.map((leaderId, partitionIndex) => ({
        partitionIndex,
        leaderId,
        leaderEpoch: topic.epoch ?? 0,
        errorCode: leaderId < 0 ? LEADER_NOT_AVAILABLE : 0,
      }));
      return { errorCode: topic.errorCode, name, partitions };
    }),
  });
  for (let nodeId = 0; nodeId < (options.brokers ?? 2); nodeId++) {
    const broker = await FakeBroker.listen(network);
    broker.on(metadataApi, (request) => {
      const names = request.topics!.map((topic) => topic.name!);
      asked.push({ topics: names, create: request.allowAutoTopicCreation });
      return answer(names);
    });
    brokers.push(broker);
    ports.push(broker.endpoint.port);
  }
  const connect = (bootstrapServers = ports.map((port) => `${HOST}:${port}`)) =>
    clock.runUntil(
      Cluster.connect({
        bootstrapServers,
        clientId: 'tester',
        network,
        clock,
        random: new SeededRandom(7),
        config: options.config,
      }),
    );
  return { clock, network, topics, asked, brokers, ports, connect };
}

describe('connecting to a cluster', () => {
  it('tries the bootstrap servers in turn and takes the first that answers as the node it is', async () => {
    const { connect, network, ports, clock } = await setUp();
    const cluster = await connect([`${HOST}:1`, `${HOST}:${ports[1]}`, `${HOST}:${ports[0]}`]);
    assert.deepEqual(network.attempts, [`${HOST}:1`, `${HOST}:${ports[1]}`]);
    assert.deepEqual(
      cluster.brokers.map((broker) => broker.nodeId),
      [0, 1],
    );
    assert.equal(cluster.controllerId, 0);
    assert.equal(cluster.clusterId, 'fake');
    assert.ok(cluster.openConnectionTo(1));
    assert.equal(cluster.openConnectionTo(0), null);
    await cluster.close();
    await clock.settle();
    assert.equal(network.openConnections, 0);
    assert.equal(clock.pendingTimers, 0);
  });

  it('closing ends connections that are being opened', async () => {
    const { connect, brokers, network, ports, clock } = await setUp();
    const cluster = await connect([`${HOST}:${ports[1]}`]);
    brokers[0]!.handlers.set(18, () => {});
    const silent = assert.rejects(cluster.connectionTo(0), {
      kind: 'NETWORK',
      message: 'the client is closed',
    });
    await clock.settle();
    assert.equal(network.openConnections, 2);
    await cluster.close();
    await silent;
    await clock.settle();
    assert.equal(network.openConnections, 0);
    assert.equal(clock.pendingTimers, 0);
  });

  it('a server that closes early is insisted on, and then concluded to want something else', async () => {
    const { connect, brokers, network, ports, clock } = await setUp();
    const servers = [`${HOST}:${ports[0]}`];
    let toClose = 3;
    const answer = brokers[0]!.handlers.get(18)!;
    brokers[0]!.handlers.set(18, (exchange) =>
      toClose-- > 0 ? exchange.connection.close() : answer(exchange),
    );
    const cluster = await connect(servers);
    await cluster.close();
    assert.equal(network.attempts.length, 4);
    toClose = 4;
    await assert.rejects(connect(servers), {
      kind: 'AUTHENTICATION',
      retriable: false,
      message: /closed the connection during ApiVersions.*security.protocol is PLAINTEXT/,
    });
    assert.equal(network.attempts.length, 8);
    assert.equal(clock.pendingTimers, 0);
  });

  it('fails soon with NETWORK, naming each server and its reason', async () => {
    const { connect, clock, brokers } = await setUp();
    brokers[0]!.handlers.set(18, ({ connection }) => connection.close());
    const startNs = clock.nowNs();
    await assert.rejects(connect([`${HOST}:1`, `${HOST}:2`, `${HOST}:${brokers[0]!.endpoint.port}`]), {
      kind: 'NETWORK',
      message:
        /none of the bootstrap servers is of use: cannot connect to 127\.0\.0\.1:1: connect ECONNREFUSED.*127\.0\.0\.1:2: .*closed the connection during ApiVersions/,
    });
    // A server that closes at once is tried again: it may be one that stops, or one that speaks TLS.
    assert.ok(clock.nowNs() - startNs < 1e9);
    assert.equal(clock.pendingTimers, 0);
  });

  it('refuses a malformed list before it connects anywhere', async () => {
    const { connect, network } = await setUp();
    await assert.rejects(connect(['localhost']), { kind: 'CONFIG', message: /the port is missing/ });
    await assert.rejects(connect([]), { kind: 'CONFIG' });
    assert.deepEqual(network.attempts, []);
  });
});

describe('metadata of a topic', () => {
  it('is fetched once for all who ask at the same time, then cached', async () => {
    const { connect, topics, asked, clock } = await setUp();
    topics.set('t', { errorCode: 0, leaders: [0, 1, 0] });
    const cluster = await connect();
    asked.length = 0;
    assert.equal(cluster.cachedTopic('t'), null);
    const [one, two] = await clock.runUntil(
      Promise.all([cluster.metadataFor('t'), cluster.metadataFor('t')]),
    );
    assert.equal(one, two);
    assert.deepEqual(
      one.partitions.map((partition) => [partition.partition, partition.leaderId]),
      [
        [0, 0],
        [1, 1],
        [2, 0],
      ],
    );
    assert.equal(cluster.cachedTopic('t'), one);
    await cluster.metadataFor('t');
    assert.equal(asked.flatMap((each) => each.topics).length, 1);
    await cluster.close();
  });

  it('waits for a topic being created and for its leader, backing off', async () => {
    const { connect, topics, asked, clock } = await setUp();
    const cluster = await connect();
    asked.length = 0;
    const found = cluster.metadataFor('t');
    await clock.advance(50);
    assert.deepEqual(asked, [{ topics: ['t'], create: true }]);
    topics.set('t', { errorCode: LEADER_NOT_AVAILABLE, leaders: [] });
    await clock.advance(150);
    topics.set('t', { errorCode: 0, leaders: [-1, -1] });
    await clock.advance(400);
    topics.set('t', { errorCode: 0, leaders: [-1, 1] });
    assert.equal((await clock.runUntil(found)).partitions[1]!.leaderId, 1);
    assert.ok(asked.length >= 3 && asked.length <= 6, `${asked.length} requests`);
    await cluster.close();
  });

  it('ends with TIMEOUT that tells the last reason when the time budget is used up', async () => {
    const { connect, clock } = await setUp();
    const cluster = await connect();
    const startNs = clock.nowNs();
    await assert.rejects(clock.runUntil(cluster.metadataFor('nope', { timeoutMs: 5_000 })), {
      kind: 'TIMEOUT',
      message: /topic nope not present in metadata after 5000 ms; last: .*UNKNOWN_TOPIC_OR_PARTITION/,
    });
    assert.equal((clock.nowNs() - startNs) / 1e6, 5_000);
    await cluster.close();
  });

  it('rejects at once where a retry cannot help', async () => {
    const { connect, topics, clock } = await setUp();
    topics.set('bad/name', { errorCode: INVALID_TOPIC, leaders: [] });
    const cluster = await connect();
    await assert.rejects(clock.runUntil(cluster.metadataFor('bad/name')), {
      kind: 'INVALID_TOPIC_EXCEPTION',
    });
    await cluster.close();
    await assert.rejects(cluster.metadataFor('t'), { kind: 'NETWORK', message: /closed/ });
  });

  it('lets the broker create only what somebody waits for and allows to be created', async () => {
    const { connect, topics, asked, clock } = await setUp();
    topics.set('old', { errorCode: 0, leaders: [0] });
    topics.set('new', { errorCode: 0, leaders: [0] });
    const cluster = await connect();
    await clock.runUntil(cluster.metadataFor('old', { allowAutoCreation: false }));
    asked.length = 0;
    cluster.requestRefresh();
    await clock.runUntil(cluster.metadataFor('new'));
    await clock.advance(1_000);
    assert.deepEqual(asked.map((each) => `${each.create}:${each.topics}`).sort(), ['false:old', 'true:new']);
    asked.length = 0;
    topics.delete('old');
    cluster.requestRefresh();
    await clock.advance(1_000);
    assert.deepEqual(asked, [{ topics: ['old', 'new'], create: false }]);
    assert.equal(cluster.cachedTopic('old'), null);
    await cluster.close();
  });

  it('is renewed after its max age, and soon but not more often than retry.backoff.ms when suspected', async () => {
    const { connect, topics, asked, clock } = await setUp({ config: { metadataMaxAgeMs: 60_000 } });
    topics.set('t', { errorCode: 0, leaders: [0] });
    const cluster = await connect();
    await clock.runUntil(cluster.metadataFor('t'));
    asked.length = 0;
    await clock.advance(59_000);
    assert.equal(asked.length, 0);
    topics.set('t', { errorCode: 0, leaders: [1] });
    await clock.advance(2_000);
    assert.equal(asked.length, 1);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 1);
    let updates = 0;
    const stop = cluster.onUpdate(() => updates++);
    for (let ms = 0; ms < 1_000; ms += 10) {
      cluster.requestRefresh();
      await clock.advance(10);
    }
    stop();
    assert.ok(asked.length >= 9 && asked.length <= 12, `${asked.length} requests in a second of suspicion`);
    assert.equal(updates, asked.length - 1);
    await cluster.close();
  });

  it('is renewed after all when the first attempt to renew it failed', async () => {
    const { connect, topics, brokers, clock } = await setUp({ brokers: 1 });
    topics.set('t', { errorCode: 0, leaders: [0] });
    const cluster = await connect();
    await clock.runUntil(cluster.metadataFor('t'));
    const answer = brokers[0]!.handlers.get(metadataApi.key)!;
    brokers[0]!.handlers.set(metadataApi.key, ({ connection }) => {
      brokers[0]!.handlers.set(metadataApi.key, answer);
      connection.close();
    });
    topics.set('t', { errorCode: 0, leaders: [7] });
    cluster.requestRefresh();
    await clock.advance(1_000);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 7);
    await cluster.close();
  });

  it('is not undone by an answer from before an election', async () => {
    const { connect, topics, clock } = await setUp();
    topics.set('t', { errorCode: 0, leaders: [1], epoch: 5 });
    const cluster = await connect();
    await clock.runUntil(cluster.metadataFor('t'));
    topics.set('t', { errorCode: 0, leaders: [0], epoch: 4 });
    cluster.requestRefresh();
    await clock.advance(500);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 1);
    topics.set('t', { errorCode: 0, leaders: [0], epoch: 6 });
    cluster.requestRefresh();
    await clock.advance(500);
    assert.equal(cluster.cachedTopic('t')!.partitions[0]!.leaderId, 0);
    await cluster.close();
  });

  it('with partitions that are not 0 to n-1 is refused, and does not hang', async () => {
    const { connect, brokers, clock } = await setUp({ brokers: 1 });
    const cluster = await connect();
    brokers[0]!.on(metadataApi, () => ({
      topics: [{ name: 't', partitions: [{ partitionIndex: 0x7fff_ffff, leaderId: 0 }] }],
    }));
    await assert.rejects(clock.runUntil(cluster.metadataFor('t', { timeoutMs: 2_000 })), {
      kind: 'TIMEOUT',
      message: /tells 1 partitions and partition 2147483647/,
    });
    await cluster.close();
  });

  it('survives every broker being away for a while', async () => {
    const { connect, topics, network, brokers, ports, clock } = await setUp();
    topics.set('t', { errorCode: 0, leaders: [0] });
    const cluster = await connect();
    for (const broker of brokers) await broker.close();
    const found = cluster.metadataFor('t');
    await clock.advance(20_000);
    const attempts = network.attempts.length;
    assert.ok(attempts > 10 && attempts < 80, `${attempts} attempts in 20 s`);
    const back = await FakeBroker.listen(network, { host: HOST, port: ports[1]! });
    back.handlers.set(metadataApi.key, brokers[1]!.handlers.get(metadataApi.key)!);
    assert.equal((await clock.runUntil(found)).name, 't');
    await cluster.close();
  });
});

describe('connections of a cluster', () => {
  it('are opened once per node, shared, and opened again after they closed', async () => {
    const { connect, network, brokers, clock } = await setUp();
    const cluster = await connect();
    const [one, two] = await clock.runUntil(Promise.all([cluster.connectionTo(1), cluster.connectionTo(1)]));
    assert.equal(one, two);
    assert.equal(network.openConnections, 2);
    assert.equal(await cluster.connectionTo(1), one);
    brokers[1]!.dropConnections();
    await clock.settle();
    assert.equal(cluster.openConnectionTo(1), null);
    const startNs = clock.nowNs();
    const again = await clock.runUntil(cluster.connectionTo(1));
    assert.notEqual(again, one);
    const waitedMs = (clock.nowNs() - startNs) / 1e6;
    assert.ok(waitedMs >= 40 && waitedMs <= 60, `reconnect.backoff.ms of 50 with jitter, was ${waitedMs}`);
    await assert.rejects(cluster.connectionTo(9), { kind: 'NETWORK', message: /node 9 .*known: 0, 1/ });
    await cluster.close();
  });

  it('back off longer with each failure, up to reconnect.backoff.max.ms', async () => {
    const { connect, brokers, network, clock } = await setUp();
    const cluster = await connect();
    await brokers[1]!.close();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const startNs = clock.nowNs();
      await assert.rejects(clock.runUntil(cluster.connectionTo(1)), { kind: 'NETWORK' });
      waits.push((clock.nowNs() - startNs) / 1e6);
    }
    assert.equal(waits[0], 0);
    for (const [index, plain] of [50, 100, 200, 400, 800, 1000, 1000].entries()) {
      const waited = waits[index + 1]!;
      assert.ok(waited >= plain * 0.79 && waited <= plain * 1.21, `wait ${index}: ${waited}`);
    }
    const back = await FakeBroker.listen(network, brokers[1]!.endpoint);
    await clock.runUntil(cluster.connectionTo(1));
    back.dropConnections();
    await clock.settle();
    const startNs = clock.nowNs();
    await clock.runUntil(cluster.connectionTo(1));
    assert.ok(clock.nowNs() - startNs <= 60e6, 'a success starts the back-off anew');
    await cluster.close();
  });

  it('close after connections.max.idle.ms without a request, and open again without waiting', async () => {
    const { connect, network, clock } = await setUp({
      config: { connectionsMaxIdleMs: 10_000, metadataMaxAgeMs: 1e12 },
    });
    const cluster = await connect();
    await clock.runUntil(cluster.connectionTo(1));
    await clock.advance(6_000);
    await clock.runUntil((await cluster.connectionTo(0)).request(metadataApi, { topics: [] }));
    await clock.advance(5_000);
    assert.equal(cluster.openConnectionTo(1), null);
    assert.ok(cluster.openConnectionTo(0));
    await clock.advance(5_000);
    assert.equal(network.openConnections, 0);
    const startNs = clock.nowNs();
    await clock.runUntil(cluster.connectionTo(0));
    assert.equal(clock.nowNs(), startNs);
    await cluster.close();
    assert.equal(clock.pendingTimers, 0);
  });

  it('follow a node that moves, and leave one that is gone', async () => {
    const { connect, network, ports, brokers, clock } = await setUp();
    const cluster = await connect();
    const before = await clock.runUntil(cluster.connectionTo(1));
    const moved = await FakeBroker.listen(network);
    moved.handlers.set(metadataApi.key, brokers[1]!.handlers.get(metadataApi.key)!);
    ports[1] = moved.endpoint.port;
    cluster.requestRefresh();
    await clock.advance(500);
    assert.equal(before.isOpen, false);
    assert.equal((await clock.runUntil(cluster.connectionTo(1))).endpoint.port, moved.endpoint.port);
    ports.pop();
    cluster.requestRefresh();
    await clock.advance(500);
    await assert.rejects(cluster.connectionTo(1), { kind: 'NETWORK' });
    await cluster.close();
  });

  it('that wait for their turn are rejected when the cluster closes', async () => {
    const { connect, brokers, clock } = await setUp();
    const cluster = await connect();
    await brokers[1]!.close();
    await assert.rejects(clock.runUntil(cluster.connectionTo(1)));
    const waiting = assert.rejects(cluster.connectionTo(1), { message: /closed/ });
    const topic = assert.rejects(cluster.metadataFor('t'), { message: /closed/ });
    await clock.settle();
    await cluster.close();
    await Promise.all([waiting, topic]);
    assert.equal(clock.pendingTimers, 0);
  });
});
