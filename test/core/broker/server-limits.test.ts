import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ServerLimits } from '../../../core/broker/server-limits.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { batchOf } from './batches.ts';
import { frameOf, RawClient } from './raw-client.ts';
import { createTopic, fetchBody, listOffset, produceBody } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const FOREVER_MS = 10_000;

describe('server limits', () => {
  let cluster: TestCluster;
  const clients: RawClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  async function start(limits: Partial<ServerLimits>): Promise<RawClient> {
    cluster = await startTestCluster({ limits });
    return connect();
  }

  async function connect(): Promise<RawClient> {
    const client = await RawClient.connect(cluster.ports[0]!);
    clients.push(client);
    return client;
  }

  it('close connections beyond max connections, and let new ones in as others go', async () => {
    const first = await start({ maxConnections: 2 });
    await connect();
    const third = await connect();
    assert.equal(await third.nextFrame(), null);
    first.close();
    await first.closed;
    await waitFor(() => cluster.stats().connections === 1);
    await createTopic(await connect(), 'in');
  });

  it('close a connection that is idle for too long, and none that is not', async () => {
    const busy = await start({ connectionsMaxIdleMs: 120 });
    const idle = await connect();
    await createTopic(busy, 'busy');
    const isIdleClosed = idle.closed.then(() => true);
    for (let round = 0; round < 100; round++) {
      await listOffset(busy, 'busy', -1);
      if (await Promise.race([isIdleClosed, delay(20)])) break;
    }
    assert.ok(idle.isClosed);
    assert.equal(busy.isClosed, false);
  });

  it('close a connection that leaves a request half read for too long, however it drips', async () => {
    const dripping = await start({ halfReadMaxMs: 100 });
    const frame = frameOf(produceApi, 9, 1, produceBody('t', batchOf(['x'])));
    for (let at = 0; at < frame.length && !dripping.isClosed; at++) {
      dripping.write(frame.subarray(at, at + 1));
      await delay(10);
    }
    assert.ok(dripping.isClosed);
    assert.match(cluster.stats().lastDisconnectReason!, /half read for more than 100 ms/);
  });

  it('shed the oldest half-read request when there are too many', async () => {
    const oldest = await start({ halfReadMaxCount: 2 });
    const partial = Buffer.from([0, 0, 1, 0, 0]);
    for (const client of [oldest, await connect(), await connect()]) {
      client.write(partial);
      await delay(20);
    }
    assert.equal(await oldest.nextFrame(), null);
    assert.equal(cluster.stats().connections, 2);
  });

  it('shed the oldest half-read request when all buffers together are full', async () => {
    const oldest = await start({ totalBufferMaxBytes: 300_000 });
    await createTopic(oldest, 'alive');
    const large = Buffer.alloc(200_000);
    large.writeInt32BE(1_000_000);
    oldest.write(large);
    await waitFor(() => cluster.stats().heldBytes === large.length);
    const second = await connect();
    second.write(large);
    assert.equal(await oldest.nextFrame(), null);
    await waitFor(() => cluster.stats().heldBytes === large.length);
    assert.equal(second.isClosed, false);
    second.close();
    await waitFor(() => cluster.stats().heldBytes === 0);
  });

  it('stop reading a connection whose queued requests pass its share, and go on after the answer', async () => {
    const admin = await start({ connectionQueueMaxBytes: 100_000 });
    await createTopic(admin, 'queue');
    const client = await connect();
    client.send(fetchApi, 12, fetchBody('queue', { maxWaitMs: FOREVER_MS, minBytes: 1 }));
    const request = produceBody('queue', batchOf(['y'.repeat(50_000)]));
    const count = 200;
    for (let sent = 0; sent < count; sent++) client.send(produceApi, 9, request);
    await waitFor(() => cluster.stats().heldBytes > 100_000);
    await delay(30);
    // One read of the socket (64 KiB) may come on top of what makes it pause.
    assert.ok(cluster.stats().heldBytes < 300_000, `held ${cluster.stats().heldBytes} of 10 MB sent`);
    admin.send(produceApi, 9, produceBody('queue', batchOf(['wake'])));
    for (let answered = 0; answered <= count; answered++) assert.notEqual(await client.nextFrame(), null);
    assert.equal((await listOffset(client, 'queue', -1)).offset, count + 1);
    assert.equal(cluster.stats().heldBytes, 0);
  });

  it('hold one response for a client that does not read, and account for it', async () => {
    const admin = await start({});
    await createTopic(admin, 'deaf');
    const batch = batchOf(['z'.repeat(900_000)]);
    for (let sent = 0; sent < 20; sent++) admin.send(produceApi, 9, produceBody('deaf', batch));
    for (let answered = 0; answered < 20; answered++) await admin.nextFrame();
    const deaf = await connect();
    deaf.socket.pause();
    const body = fetchBody('deaf', { maxBytes: 50_000_000, partitionMaxBytes: 50_000_000 });
    for (let asked = 0; asked < 5; asked++) deaf.send(fetchApi, 12, body);
    await waitFor(() => cluster.stats().heldBytes > 1_000_000);
    await delay(30);
    assert.ok(cluster.stats().heldBytes <= batch.length * 20 + 1000, 'one response, not five');
    deaf.close();
    await waitFor(() => cluster.stats().heldBytes === 0);
  });
});

function delay(delayMs: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), delayMs));
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500; round++) {
    if (condition()) return;
    await delay(5);
  }
  throw new Error('waited in vain');
}
