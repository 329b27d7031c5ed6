import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { kafkaErrorByCode, TidemarkError } from '../../../core/base/errors.ts';
import { FileStorage } from '../../../core/log/file-storage.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { deleteTopicsApi } from '../../../core/wire/messages/delete-topics.ts';
import { findCoordinatorApi } from '../../../core/wire/messages/find-coordinator.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { batchOf } from './batches.ts';
import { RawClient } from './raw-client.ts';
import { createTopic, fetchOne, listOffset, produce, produceBody } from './requests.ts';
import { startTestCluster as start, type TestCluster } from './test-cluster.ts';

/** Led by the first broker. */
const ASSIGNED = {
  name: 'stays',
  numPartitions: -1,
  replicationFactor: -1,
  assignments: [{ partitionIndex: 0, brokerIds: [1] }],
};

describe('an embedded cluster', () => {
  const started: TestCluster[] = [];
  afterEach(async () => {
    for (const cluster of started.splice(0)) await cluster.close();
  });

  async function startTestCluster(overrides: Parameters<typeof start>[0] = {}): Promise<TestCluster> {
    const cluster = await start(overrides);
    started.push(cluster);
    return cluster;
  }

  it('spreads leaders evenly over its brokers, each on a port of its own', async () => {
    const cluster = await startTestCluster({ brokers: 3 });
    const client = await RawClient.connect(cluster.ports[1]!);
    await createTopic(client, 'six', { partitions: 6 });
    const { brokers, topics } = await client.ask(metadataApi, 9, { topics: [{ name: 'six' }] });
    assert.deepEqual(
      brokers.map(({ port }) => port),
      cluster.ports,
    );
    assert.equal(new Set(cluster.ports).size, 3);
    const leaders = topics[0]!.partitions.map(({ leaderId }) => leaderId);
    for (const id of [1, 2, 3]) assert.equal(leaders.filter((leader) => leader === id).length, 2);
    client.close();
    await cluster.close();
  });

  it('takes consecutive ports from the one given', async () => {
    const probe = await startTestCluster();
    const port = probe.ports[0]!;
    await probe.close();
    const cluster = await startTestCluster({ port });
    assert.equal(cluster.bootstrapServers, `127.0.0.1:${port}`);
    await cluster.close();
  });

  it('names host and port when a port is in use, and leaves nothing open', async () => {
    const blocker = net.createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as net.AddressInfo;
    await assert.rejects(startTestCluster({ port }), (error: unknown) => {
      assert.ok(error instanceof TidemarkError);
      assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port}.*EADDRINUSE`));
      return error.kind === 'NETWORK';
    });
    await new Promise((resolve) => blocker.close(resolve));
    await (await startTestCluster({ port })).close();
  });

  it('refuses options that cannot be, all at once', async () => {
    await assert.rejects(startTestCluster({ brokers: 0, port: 70_000, defaultPartitions: 0 }), {
      kind: 'CONFIG',
      message: /brokers.*port.*partitions/,
    });
    await assert.rejects(startTestCluster({ replicationFactor: 3 }), { kind: 'INVALID_REPLICATION_FACTOR' });
    await assert.rejects(startTestCluster({ topicConfigs: { 'no.such.config': 1 } }), /no\.such\.config/);
  });

  it('finds its topics and their records again after a restart', async () => {
    const storages = [new MemoryStorage(), new MemoryStorage()];
    const storage = (nodeId: number) => storages[nodeId - 1]!;
    const before = await startTestCluster({ brokers: 2, storage });
    const first = await RawClient.connect(before.ports[0]!);
    const topicId = await createTopic(first, 'kept', { partitions: 2, configs: { 'retention.ms': '-1' } });
    const leaders = (await first.ask(metadataApi, 9, { topics: [{ name: 'kept' }] })).topics[0]!.partitions;
    const here = leaders.find(({ leaderId }) => leaderId === 1)!.partitionIndex;
    await produce(first, 'kept', batchOf(['one', 'two']), { index: here });
    first.close();
    await before.close();

    const again = await startTestCluster({ brokers: 2, storage });
    assert.equal(again.clusterId, before.clusterId);
    const second = await RawClient.connect(again.ports[0]!);
    const topic = (await second.ask(metadataApi, 10, { topics: [{ name: 'kept' }] })).topics[0]!;
    assert.equal(topic.topicId, topicId);
    assert.deepEqual(
      topic.partitions.map(({ leaderId }) => leaderId),
      leaders.map(({ leaderId }) => leaderId),
    );
    const { records, highWatermark } = await fetchOne(second, 'kept', { index: here });
    assert.equal(highWatermark, 2);
    assert.ok(records!.includes('two'));
    second.close();
    await again.close();

    await assert.rejects(startTestCluster({ brokers: 1, storage }), {
      kind: 'KAFKA_STORAGE_ERROR',
      message: /broker 2.*start at least 2/,
    });
  });

  it('keeps each broker in a directory of its own, and removes deleted topics from the disk', async () => {
    const root = mkdtempSync(join(tmpdir(), 'tidemark-broker-'));
    try {
      for (const offset of [0, 1]) {
        const files = new FileStorage(root);
        const cluster = await startTestCluster({ brokers: 2, storage: () => files });
        const client = await RawClient.connect(cluster.ports[0]!);
        if (offset === 0) await createTopic(client, 'doomed', { partitions: 2 });
        if (offset === 0) await client.ask(createTopicsApi, 5, { topics: [ASSIGNED] });
        assert.deepEqual(
          [1, 2].map(
            (id) =>
              readdirSync(join(root, `broker-${id}`)).filter((name) => name.startsWith('doomed')).length,
          ),
          [1, 1],
        );
        assert.equal((await produce(client, ASSIGNED.name, batchOf(['x']))).baseOffset, offset);
        if (offset === 1) await client.ask(deleteTopicsApi, 5, { topicNames: ['doomed'] });
        client.close();
        await cluster.close();
      }
      assert.deepEqual(readdirSync(join(root, 'broker-2')), []);
      assert.deepEqual(readdirSync(join(root, 'broker-1')), [`${ASSIGNED.name}-0`]);
      new FileStorage(root).close();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('sends what was answered before it closes, and closes once', async () => {
    const cluster = await startTestCluster();
    const client = await RawClient.connect(cluster.ports[0]!);
    await createTopic(client, 'last');
    client.send(produceApi, 9, produceBody('last', batchOf(['x'])));
    assert.notEqual(await client.nextFrame(), null);
    await Promise.all([cluster.close(), cluster.close()]);
    await client.closed;
    await assert.rejects(RawClient.connect(cluster.ports[0]!), { code: 'ECONNREFUSED' });
  });

  it('says in every version that nobody coordinates groups', async () => {
    const cluster = await startTestCluster();
    const client = await RawClient.connect(cluster.ports[0]!);
    for (let version = 0; version <= 6; version++) {
      const body = version < 4 ? { key: 'group' } : { coordinatorKeys: ['group'] };
      const response = await client.ask(findCoordinatorApi, version, body);
      const { errorCode } = version < 4 ? response : response.coordinators[0]!;
      assert.equal(kafkaErrorByCode(errorCode).name, 'COORDINATOR_NOT_AVAILABLE');
    }
    client.close();
  });

  it('counts what it did', async () => {
    const cluster = await startTestCluster();
    const client = await RawClient.connect(cluster.ports[0]!);
    await createTopic(client, 'counted');
    const batch = batchOf(['a', 'b', 'c']);
    await produce(client, 'counted', batch);
    await listOffset(client, 'counted', -1);
    const stats = cluster.stats();
    assert.deepEqual(
      [stats.appendedBatches, stats.appendedRecords, stats.appendedBytes, stats.requests, stats.connections],
      [1, 3, batch.length, 3, 1],
    );
    assert.equal(stats.heldBytes, 0);
    client.close();
    await cluster.close();
  });
});
