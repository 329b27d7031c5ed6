import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection, ConnectionHandler, Network } from '../../../core/base/network.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { idempotentBatch } from './batches.ts';
import { frameOf } from './raw-client.ts';
import { type FetchOptions, fetchBody, produceBody } from './requests.ts';
import { startTestCluster } from './test-cluster.ts';

/** A network whose one listener is handed connections by the test. */
class HandedNetwork implements Network {
  accept: (connection: Connection) => ConnectionHandler = () => assert.fail('nobody listens');

  connect(): Promise<Connection> {
    return assert.fail('brokers do not connect');
  }

  listen(_endpoint: unknown, accept: (connection: Connection) => ConnectionHandler) {
    this.accept = accept;
    return Promise.resolve({ endpoint: { host: 'handed', port: 1 }, close: () => Promise.resolve() });
  }
}

/** Counts what is written to it. */
class CountingConnection implements Connection {
  readonly remote = 'test';
  readonly pendingBytes = 0;
  writes = 0;
  write(_chunks: readonly Uint8Array[], onWritten?: () => void): void {
    this.writes++;
    if (onWritten !== undefined) queueMicrotask(onWritten);
  }
  pause(): void {}
  resume(): void {}
  close(): void {}
  end(): void {}
}

const batch = (baseSequence: number) =>
  idempotentBatch({ producerId: 1, producerEpoch: 0, baseSequence }, ['x']);
const produceFrame = (sequence: number, acks = -1) =>
  frameOf(produceApi, 9, sequence, produceBody('orders', batch(sequence), { acks }));
const fetchFrame = (options: FetchOptions = { minBytes: 1_000_000 }) =>
  frameOf(fetchApi, 12, 99, fetchBody('orders', { maxWaitMs: 60_000, ...options }));

async function start() {
  const network = new HandedNetwork();
  const clock = new VirtualClock();
  const cluster = await startTestCluster({ network, clock });
  const connect = () => {
    const connection = new CountingConnection();
    return { connection, handler: network.accept(connection) };
  };
  const topics = [{ name: 'orders', numPartitions: 1, replicationFactor: 1 }];
  connect().handler.onData(frameOf(createTopicsApi, 7, 1, { topics, timeoutMs: 1_000 }));
  return { cluster, clock, connect };
}

describe('a connection that its client closes', () => {
  it('has what waited appended, is written nothing more, and leaves nothing that waits', async () => {
    const { cluster, clock, connect } = await start();
    const { connection, handler } = connect();
    const timers = clock.pendingTimers;
    handler.onData(fetchFrame());
    for (const frame of [produceFrame(0), fetchFrame(), produceFrame(1), fetchFrame()]) handler.onData(frame);
    assert.equal(clock.pendingTimers, timers + 1, 'the first fetch waits, and the others behind it');
    handler.onClose(null);
    assert.equal(clock.pendingTimers, timers, 'no fetch waits for who is gone');
    await clock.advance(100_000);
    assert.equal(connection.writes, 0);
    const { appendedRecords, heldBytes, disconnects } = cluster.stats();
    assert.deepEqual([appendedRecords, heldBytes, disconnects], [2, 0, 0]);
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('has nothing appended behind a request that the broker closes the connection for', async () => {
    const { cluster, connect } = await start();
    const { handler } = connect();
    for (const frame of [fetchFrame(), produceFrame(0), produceFrame(7, 0), produceFrame(1)])
      handler.onData(frame);
    handler.onClose(null);
    const { appendedRecords, heldBytes, disconnects } = cluster.stats();
    assert.deepEqual([appendedRecords, heldBytes, disconnects], [1, 0, 1]);
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('that the broker closed has nothing of what waited appended', async () => {
    const { cluster, connect } = await start();
    const { handler } = connect();
    handler.onData(fetchFrame());
    handler.onData(produceFrame(0));
    handler.onData(Buffer.from([0xff, 0xff, 0xff, 0xff]));
    handler.onClose(null);
    const { appendedRecords, heldBytes, disconnects } = cluster.stats();
    assert.deepEqual([appendedRecords, heldBytes, disconnects], [0, 0, 1]);
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });
});

describe('a fetch that waits for new records', () => {
  it('is not woken by a duplicate', async () => {
    const { cluster, clock, connect } = await start();
    const producer = connect();
    const reader = connect();
    producer.handler.onData(produceFrame(0));
    reader.handler.onData(fetchFrame({ offset: 1, minBytes: 1 }));
    producer.handler.onData(produceFrame(0));
    await clock.settle();
    assert.deepEqual([producer.connection.writes, reader.connection.writes], [2, 0]);
    producer.handler.onData(produceFrame(1));
    await clock.settle();
    assert.deepEqual([producer.connection.writes, reader.connection.writes], [3, 1]);
    await cluster.close();
  });
});
