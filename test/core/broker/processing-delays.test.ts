import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection, ConnectionHandler, Network } from '../../../core/base/network.ts';
import { createTopicsApi } from '../../../core/wire/messages/create-topics.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { batchOf } from './batches.ts';
import { frameOf } from './raw-client.ts';
import { produceBody } from './requests.ts';
import { startTestCluster } from './test-cluster.ts';

/** Every broker's listener, in order, handed connections by the test. */
class HandedNetwork implements Network {
  readonly accepts: ((connection: Connection) => ConnectionHandler)[] = [];

  connect(): Promise<Connection> {
    return assert.fail('brokers do not connect');
  }

  listen(_endpoint: unknown, accept: (connection: Connection) => ConnectionHandler) {
    this.accepts.push(accept);
    const endpoint = { host: 'handed', port: this.accepts.length };
    return Promise.resolve({ endpoint, close: () => Promise.resolve() });
  }
}

/** When each answer was written, in virtual milliseconds. */
class TimedConnection implements Connection {
  readonly remote = 'test';
  readonly pendingBytes = 0;
  readonly writtenMs: number[] = [];
  readonly #clock: VirtualClock;
  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }
  write(): void {
    this.writtenMs.push(this.#clock.nowNs() / 1e6);
  }
  pause(): void {}
  resume(): void {}
  close(): void {}
  end(): void {}
}

async function start(processingMs: Readonly<Record<number, number>>, brokers = 1) {
  const network = new HandedNetwork();
  const clock = new VirtualClock();
  const cluster = await startTestCluster({ network, clock, brokers, processingMs });
  const connect = (broker = 1) => {
    const connection = new TimedConnection(clock);
    return { connection, handler: network.accepts[broker - 1]!(connection) };
  };
  const topics = [{ name: 'orders', numPartitions: 2, replicationFactor: 1 }];
  connect().handler.onData(frameOf(createTopicsApi, 7, 1, { topics, timeoutMs: 1_000 }));
  const startMs = clock.nowNs() / 1e6;
  return { cluster, clock, connect, startMs };
}

const produceFrame = (id: number, acks = -1) =>
  frameOf(produceApi, 9, id, produceBody('orders', batchOf(['x']), { acks }));

describe('a broker with a processing delay', () => {
  it('takes the next request of a connection only after it answered: 20 ms let 50 per second pass', async () => {
    const { cluster, clock, connect, startMs } = await start({ 1: 20 });
    const { connection, handler } = connect();
    for (let id = 0; id < 60; id++) handler.onData(produceFrame(id));
    await clock.advance(1_000);
    assert.equal(connection.writtenMs.length, 50);
    assert.deepEqual(
      connection.writtenMs.slice(0, 3).map((ms) => ms - startMs),
      [20, 40, 60],
    );
    await cluster.close();
  });

  it('holds one connection, not the others', async () => {
    const { cluster, clock, connect } = await start({ 1: 20 });
    const both = [connect(), connect()];
    for (const { handler } of both) handler.onData(produceFrame(1));
    await clock.advance(20);
    for (const { connection } of both) assert.equal(connection.writtenMs.length, 1);
    await cluster.close();
  });

  it('leaves other requests and other brokers alone', async () => {
    const { cluster, connect } = await start({ 1: 20 }, 2);
    const slow = connect(1);
    slow.handler.onData(frameOf(metadataApi, 9, 1, { topics: [{ name: 'orders' }] }));
    assert.equal(slow.connection.writtenMs.length, 1);
    const fast = connect(2);
    fast.handler.onData(produceFrame(1));
    assert.equal(fast.connection.writtenMs.length, 1);
    await cluster.close();
  });

  it('holds the connection with acks=0 too, where nothing is answered', async () => {
    const { cluster, clock, connect, startMs } = await start({ 1: 20 });
    const { connection, handler } = connect();
    handler.onData(produceFrame(1, 0));
    handler.onData(frameOf(metadataApi, 9, 2, { topics: [{ name: 'orders' }] }));
    await clock.advance(25);
    assert.deepEqual(
      connection.writtenMs.map((ms) => ms - startMs),
      [20],
    );
    await cluster.close();
  });

  it('forgets its delay when the client goes, after the append', async () => {
    const { cluster, clock, connect } = await start({ 1: 20 });
    const { connection, handler } = connect();
    const timersBefore = clock.pendingTimers;
    handler.onData(produceFrame(1));
    assert.equal(clock.pendingTimers, timersBefore + 1);
    handler.onClose(null);
    assert.equal(clock.pendingTimers, timersBefore);
    await clock.advance(100);
    assert.equal(connection.writtenMs.length, 0);
    assert.equal(cluster.stats().appendedBatches, 1);
    assert.deepEqual(cluster.failures, []);
    await cluster.close();
  });

  it('is refused for a broker that is not there, and for what is no delay', async () => {
    await assert.rejects(startTestCluster({ brokers: 3, processingMs: { 0: 20 } }), {
      kind: 'CONFIG',
      message: 'processing: there is no broker 0: brokers are numbered 1 to 3',
    });
    await assert.rejects(startTestCluster({ processingMs: { 2: 20 } }), /broker 1 is the only one/);
    for (const delayMs of [-1, 10_001, Number.NaN]) {
      await assert.rejects(startTestCluster({ processingMs: { 1: delayMs } }), /from 0 to 10000 ms/);
    }
  });
});
