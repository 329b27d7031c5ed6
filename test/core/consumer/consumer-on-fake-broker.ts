import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { Consumer } from '../../../core/consumer/consumer.ts';
import type { ConsumerRecord } from '../../../core/consumer/consumer-record.ts';
import { type FetchRequest, type FetchResponse, fetchApi } from '../../../core/wire/messages/fetch.ts';
import {
  EARLIEST_TIMESTAMP,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsetsApi,
} from '../../../core/wire/messages/list-offsets.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import type { Draft } from '../../../core/wire/schema.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FakeBroker } from '../client/fake-broker.ts';
import { PipeNetwork } from '../client/pipe-network.ts';
import { type FakeLog, TOPIC_ID } from './fake-cluster.ts';

const OFFSET_OUT_OF_RANGE = 1;
export const EVENTS_0 = { topic: 'events', partition: 0 };
export const EVENTS_1 = { topic: 'events', partition: 1 };

export interface Setup {
  readonly clock: VirtualClock;
  readonly broker: FakeBroker;
  readonly network: PipeNetwork;
  readonly consumer: Consumer;
  /** Lets time pass until the promise has settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  poll(): Promise<string[]>;
}

/** A consumer on one broker that leads topic `events`, all over the real client. */
export async function setUp(
  t: TestContext,
  logs: FakeLog[],
  properties: Record<string, string | number> = {},
): Promise<Setup> {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock, chunkBytes: 1000 });
  const broker = await FakeBroker.listen(network);
  const { host, port } = broker.endpoint;
  serveMetadata(broker, logs.length);
  const held = serveFetch(broker, logs, clock);
  broker.on(listOffsetsApi, (request) => {
    // Responses keep the order of requests: what is held goes first.
    held.release();
    return offsetsOf(request, logs);
  });
  const consumer = new Consumer(
    { 'bootstrap.servers': `${host}:${port}`, 'auto.offset.reset': 'earliest', ...properties },
    { clock, network, random: new SeededRandom(1) },
  );
  t.after(async () => {
    await consumer.close();
    await broker.close();
    await clock.advance(1000);
    assert.equal(clock.pendingTimers, 0, 'timers left behind');
  });
  const run = async <T>(promise: Promise<T>): Promise<T> => {
    let isSettled = false;
    const settled = () => {
      isSettled = true;
    };
    promise.then(settled, settled);
    for (let step = 0; step < 1000 && !isSettled; step++) await clock.advance(10);
    return promise;
  };
  const poll = async () => (await run(consumer.poll(1000))).map(textOf);
  return { clock, broker, network, consumer, run, poll };
}

export function textOf({ partition, offset, value }: ConsumerRecord): string {
  return `${partition}:${offset}=${value}`;
}

function startOf(log: FakeLog): number {
  return log.batches.length === 0 ? log.endOffset : Number(log.batches[0]!.readBigInt64BE(0));
}

function serveMetadata(broker: FakeBroker, partitions: number): void {
  const { host, port } = broker.endpoint;
  broker.on(metadataApi, () => ({
    brokers: [{ nodeId: 1, host, port }],
    controllerId: 1,
    topics: [
      {
        name: 'events',
        topicId: TOPIC_ID,
        partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
          partitionIndex,
          leaderId: 1,
        })),
      },
    ],
  }));
}

function offsetsOf(request: ListOffsetsRequest, logs: FakeLog[]): Draft<ListOffsetsResponse> {
  return {
    topics: request.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => {
        const log = logs[partitionIndex]!;
        return { partitionIndex, offset: timestamp === EARLIEST_TIMESTAMP ? startOf(log) : log.endOffset };
      }),
    })),
  };
}

/** Answers with what there is, else holds the request for max.wait or until released. */
function serveFetch(broker: FakeBroker, logs: FakeLog[], clock: VirtualClock): { release(): void } {
  const held = { release: () => {} };
  broker.on(fetchApi, (request, exchange) => {
    const respond = () => exchange.respond(fetchApi, fetchedOf(request, logs).response);
    const { response, hasNews } = fetchedOf(request, logs);
    if (hasNews) return response;
    const timer = clock.setTimer(() => held.release(), request.maxWaitMs);
    held.release = () => {
      clock.clearTimer(timer);
      held.release = () => {};
      respond();
    };
    return null;
  });
  return held;
}

function fetchedOf(
  request: FetchRequest,
  logs: FakeLog[],
): { response: Draft<FetchResponse>; hasNews: boolean } {
  const partitions = (request.topics[0]?.partitions ?? []).map(
    ({ partition, fetchOffset, partitionMaxBytes }) => {
      const log = logs[partition]!;
      const isOutside = fetchOffset < startOf(log) || fetchOffset > log.endOffset;
      return {
        partitionIndex: partition,
        errorCode: isOutside ? OFFSET_OUT_OF_RANGE : 0,
        highWatermark: log.endOffset,
        records: isOutside ? [] : log.read(fetchOffset, partitionMaxBytes),
      };
    },
  );
  const hasNews = partitions.some(({ errorCode, records }) => errorCode !== 0 || records.length > 0);
  return { response: { responses: [{ topicId: TOPIC_ID, partitions }] }, hasNews };
}

/** What textOf gives of a log's records. */
export function values(partition: number, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `${partition}:${from + index}=v${from + index}`);
}
