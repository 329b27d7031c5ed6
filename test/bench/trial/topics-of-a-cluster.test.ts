import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTrialSession } from '../../../bench/trial/session.ts';
import type { TrialOutcome } from '../../../bench/trial-session.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { realClock } from '../../../core/base/real-clock.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../../core/broker/embedded-cluster.ts';
import { createTopic, listOffsets } from '../../../core/client/admin.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { createTcpNetwork } from '../../../core/client/tcp-network.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { Producer } from '../../../core/producer/producer.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import type { TopicSpec, TrialSpec } from '../../../workers/trial-spec.ts';

let embedded: EmbeddedCluster;
let bootstrapServers = '';
let admin: Cluster;
before(async () => {
  embedded = await startEmbeddedCluster({
    brokers: 1,
    host: '127.0.0.1',
    port: 0,
    defaultPartitions: 1,
    storage: () => new MemoryStorage(),
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(0),
    onFailure: (error) => {
      throw error;
    },
  });
  bootstrapServers = embedded.bootstrapServers;
  admin = await Cluster.connect({
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'test',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(1),
  });
});
after(async () => {
  await admin.close();
  await embedded.close();
});

function specOf(topic: Partial<TopicSpec>, acks: string): TrialSpec {
  return {
    id: 'r1-base-1',
    round: 1,
    factor: null,
    level: null,
    producer: { 'linger.ms': '1', 'batch.size': '16384', 'buffer.memory': '33554432', acks },
    topic: { name: 'mine', exists: false, partitions: 4, replicationFactor: 1, configs: {}, ...topic },
    workload: {
      payload: { kind: 'json', poolSize: 64 },
      keys: { kind: 'none' },
      headers: [],
      stamp: 'header',
      send: 'callback',
    },
    load: {
      generators: 1,
      warmupMs: 10,
      saturatedMs: 30,
      pacedMs: 50,
      pace: { kind: 'rate', recordsPerSecond: 2000 },
    },
    verify: 'full',
    seed: 3,
  };
}

async function runOnce(
  spec: TrialSpec,
  existingTopic: string | null = null,
  isResumed = false,
): Promise<TrialOutcome> {
  const { signal } = new AbortController();
  const session = await openTrialSession({
    target: { kind: 'kafka', bootstrapServers },
    runId: 'abc',
    isResumed,
    generators: 1,
    existingTopic,
    base: {},
    secrets: new Map(),
    onNote() {},
    signal,
  });
  try {
    return await session.runTrial(spec, { pacedRate: 2000, onProgress() {}, signal });
  } finally {
    await session.close();
  }
}

async function topicNames(): Promise<string[]> {
  const connection = await admin.anyConnection();
  const { topics } = await connection.request(metadataApi, { topics: null, allowAutoTopicCreation: false });
  return topics.map(({ name }) => name!).sort();
}

for (const acks of ['1', '0']) {
  test(`a topic that exists is used as it is, judged by what was added to it, and kept (acks=${acks})`, async () => {
    const name = `orders-${acks}`;
    await createTopic(admin, { name, partitions: 3, replicationFactor: 1 });
    await using producer = new Producer({ 'bootstrap.servers': bootstrapServers, acks: '1' });
    for (let count = 0; count < 10; count++) await producer.send({ topic: name, value: `old ${count}` });

    const { result } = await runOnce(specOf({ name, exists: true, partitions: 12 }, acks), name);

    assert.equal(result.error, null);
    assert.deepEqual([result.topic.name, result.topic.partitions, result.partitions.length], [name, 3, 3]);
    assert.deepEqual([result.records.lost, result.records.duplicated, result.records.corrupted], [0, 0, 0]);
    const ends = await listOffsets(admin, name, [0, 1, 2], 'latest');
    const written = [...ends.values()].reduce((sum, { offset }) => sum + offset, 0);
    // The rehearsal writes too.
    assert.ok(written >= 10 + result.records.sent, `${written} records after ${result.records.sent} sent`);
  });
}

test('a topic that should exist and does not is bad input, found before the first trial', async () => {
  await assert.rejects(runOnce(specOf({ name: 'nowhere', exists: true }, '1'), 'nowhere'), {
    exitCode: 2,
    message: /--topic nowhere: there is no such topic/,
  });
  assert.ok(!(await topicNames()).includes('nowhere'));
});

test('a replication factor above the live brokers is capped, and the result says what it was', async () => {
  const { result } = await runOnce(specOf({ replicationFactor: 3 }, '1'));
  assert.equal(result.error, null);
  assert.equal(result.topic.replicationFactor, 1);
});

test('topics made for a trial are gone after it', async () => {
  const before = await topicNames();
  const { result } = await runOnce(specOf({}, '1'));
  assert.match(result.topic.name, /^mine-abc-/);
  assert.deepEqual(await topicNames(), before);
});

test('a topic that has the name a trial would make is left alone', async () => {
  const name = 'mine-abc-r1-base-1';
  await createTopic(admin, { name, partitions: 1, replicationFactor: 1 });
  const { result } = await runOnce(specOf({}, '1'));
  assert.match(result.error!, /TOPIC_ALREADY_EXISTS/);
  assert.ok((await topicNames()).includes(name));
});

test('a run that goes on makes anew what a cut-off trial left behind, and nothing stays', async () => {
  // The one above was left alone.
  const names = ['mine-abc-r1-base-1', 'mine-abc-r1-base-1-rehearsal'];
  await createTopic(admin, { name: names[1]!, partitions: 1, replicationFactor: 1 });
  await using producer = new Producer({ 'bootstrap.servers': bootstrapServers });
  for (const topic of names) await producer.send({ topic, value: 'of the trial that was cut off' });

  const { result } = await runOnce(specOf({}, '1'), null, true);

  assert.equal(result.error, null);
  assert.deepEqual([result.records.lost, result.records.duplicated, result.records.corrupted], [0, 0, 0]);
  const left = await topicNames();
  assert.deepEqual(
    names.filter((name) => left.includes(name)),
    [],
  );
});
