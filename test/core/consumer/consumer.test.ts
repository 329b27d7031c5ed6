import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
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
import { FakeLog, TOPIC_ID } from './fake-cluster.ts';

const OFFSET_OUT_OF_RANGE = 1;
const EVENTS_0 = { topic: 'events', partition: 0 };
const EVENTS_1 = { topic: 'events', partition: 1 };

interface Setup {
  readonly clock: VirtualClock;
  readonly broker: FakeBroker;
  readonly consumer: Consumer;
  /** Lets time pass until the promise has settled. */
  run<T>(promise: Promise<T>): Promise<T>;
  poll(): Promise<string[]>;
}

/** A consumer on one broker that leads topic `events`, all over the real client. */
async function setUp(
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
  return { clock, broker, consumer, run, poll };
}

function textOf({ partition, offset, value }: ConsumerRecord): string {
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

function values(partition: number, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `${partition}:${from + index}=v${from + index}`);
}

function hasKind(kind: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === kind && message.test(error.message);
}

test('poll returns every record in order, at most max.poll.records at a time, then nothing', async (t) => {
  const log = new FakeLog().append(5).append(4, 'zstd').append(3, 'lz4');
  const { consumer, poll, run } = await setUp(t, [log], { 'max.poll.records': 5 });
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 5));
  assert.equal(consumer.position('events', 0), 5);
  assert.deepEqual(await poll(), values(0, 5, 10));
  assert.deepEqual(await poll(), values(0, 10, 12));
  assert.deepEqual(await poll(), []);
  log.append(1);
  const [record] = await run(consumer.poll(1000));
  assert.equal(record?.key?.toString(), 'k12');
  assert.deepEqual([record?.timestamp, record?.timestampType, record?.headers], [1012, 'CreateTime', []]);
});

test('records stay as they were while later ones are fetched', async (t) => {
  const log = new FakeLog().append(5).append(5);
  const { consumer, run } = await setUp(t, [log], { 'max.partition.fetch.bytes': 1 });
  consumer.assign([EVENTS_0]);
  const first = await run(consumer.poll(1000));
  await run(consumer.poll(1000));
  await run(consumer.poll(1000));
  assert.deepEqual(first.map(textOf), values(0, 0, 5));
});

test('seek goes on from its offset, also inside a batch and with records waiting', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(10).append(10)], { 'max.poll.records': 3 });
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 12);
  assert.deepEqual(await poll(), values(0, 12, 15));
  consumer.seek('events', 0, 4);
  assert.equal(consumer.position('events', 0), 4);
  assert.deepEqual(await poll(), values(0, 4, 7));
});

test('a response under way when seek is called is not given out', async (t) => {
  const log = new FakeLog().append(4);
  const { consumer, poll, clock } = await setUp(t, [log]);
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 4);
  assert.deepEqual(await poll(), []);
  await clock.advance(50);
  log.append(1);
  consumer.seek('events', 0, 1);
  assert.deepEqual(await poll(), values(0, 1, 5));
});

test('auto.offset.reset begins at the earliest or the latest offset, and none is an error until a seek', async (t) => {
  const held = new FakeLog().append(3).append(3);
  held.batches.shift();
  const earliest = await setUp(t, [held]);
  earliest.consumer.assign([EVENTS_0]);
  assert.deepEqual(await earliest.poll(), values(0, 3, 6));

  const log = new FakeLog().append(3);
  const latest = await setUp(t, [log], { 'auto.offset.reset': 'latest' });
  latest.consumer.assign([EVENTS_0]);
  assert.deepEqual(await latest.poll(), []);
  assert.equal(latest.consumer.position('events', 0), 3);
  log.append(2);
  assert.deepEqual(await latest.poll(), values(0, 3, 5));

  const none = await setUp(t, [new FakeLog().append(3)], { 'auto.offset.reset': 'none' });
  none.consumer.assign([EVENTS_0]);
  await assert.rejects(none.poll(), hasKind('OFFSET_OUT_OF_RANGE', /events-0 has no offset/));
  none.consumer.seek('events', 0, 1);
  assert.deepEqual(await none.poll(), values(0, 1, 3));
});

test('an offset that the log does not hold is reset', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(3)]);
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 99);
  assert.deepEqual(await poll(), values(0, 0, 3));
  const strict = await setUp(t, [new FakeLog().append(3)], { 'auto.offset.reset': 'none' });
  strict.consumer.assign([EVENTS_0]);
  strict.consumer.seek('events', 0, 99);
  await assert.rejects(strict.poll(), hasKind('OFFSET_OUT_OF_RANGE', /offset 99/));
});

test('one partition out of range does not lose what came for the others', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(3), new FakeLog().append(2)]);
  consumer.assign([EVENTS_0, EVENTS_1]);
  consumer.seek('events', 0, 0);
  consumer.seek('events', 1, 77);
  const seen = [...(await poll()), ...(await poll())];
  assert.deepEqual(seen.sort(), [...values(0, 0, 3), ...values(1, 0, 2)]);
});

test('assign replaces what is read, and what stays keeps its place', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(4), new FakeLog().append(4)], {
    'max.poll.records': 2,
  });
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 2));
  consumer.assign([EVENTS_0, EVENTS_1]);
  assert.deepEqual(consumer.assignment, [EVENTS_0, EVENTS_1]);
  assert.deepEqual(await poll(), values(0, 2, 4));
  consumer.assign([EVENTS_1]);
  assert.deepEqual(await poll(), values(1, 0, 2));
  assert.throws(() => consumer.seek('events', 0, 0), hasKind('ILLEGAL_STATE', /events-0 is not assigned/));
});

test('a batch that fails its CRC rejects the poll after what came before it was given out', async (t) => {
  const log = new FakeLog().append(2).append(2);
  const broken = log.batches[1]!;
  broken[broken.length - 3]! ^= 1;
  const { consumer, poll } = await setUp(t, [log]);
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 2));
  await assert.rejects(poll(), hasKind('CORRUPT_MESSAGE', /events-0: the batch at offset 2/));
  broken[broken.length - 3]! ^= 1;
  assert.deepEqual(await poll(), values(0, 2, 4));
});

test('endOffsets and beginningOffsets answer in the order asked', async (t) => {
  const held = new FakeLog().append(3).append(3);
  held.batches.shift();
  const { consumer, run } = await setUp(t, [held, new FakeLog().append(2)]);
  assert.deepEqual(await run(consumer.endOffsets([EVENTS_1, EVENTS_0])), [
    { ...EVENTS_1, offset: 2 },
    { ...EVENTS_0, offset: 6 },
  ]);
  assert.deepEqual(await run(consumer.beginningOffsets([EVENTS_0])), [{ ...EVENTS_0, offset: 3 }]);
});

test('a consumer without work waits instead of asking again and again', async (t) => {
  const { consumer, poll, broker } = await setUp(t, [new FakeLog()]);
  consumer.assign([EVENTS_0]);
  for (let round = 0; round < 5; round++) assert.deepEqual(await poll(), []);
  assert.ok(broker.count(fetchApi) <= 12, `${broker.count(fetchApi)} fetches in 5 s`);
});

test('close ends a poll under way with nothing, and what comes after is refused', async (t) => {
  const { consumer, run, clock } = await setUp(t, [new FakeLog()]);
  consumer.assign([EVENTS_0]);
  const polling = consumer.poll(60_000);
  await clock.advance(200);
  await assert.rejects(consumer.poll(1), hasKind('ILLEGAL_STATE', /under way/));
  await consumer.close();
  assert.deepEqual(await run(polling), []);
  await assert.rejects(consumer.poll(1), hasKind('ILLEGAL_STATE', /closed/));
});

test('everything wrong with the properties is told at once', () => {
  assert.throws(
    () =>
      new Consumer({
        'fetch.min.byte': 1,
        'fetch.max.wait.ms': -1,
        'auto.offset.reset': 'first',
        'request.timeout.ms': 'x',
      }),
    hasKind(
      'CONFIG',
      /fetch.min.byte is not .* did you mean fetch.min.bytes\?; fetch.max.wait.ms must be >= 0, got -1; auto.offset.reset must be one of .*; request.timeout.ms must be/,
    ),
  );
});

test('poll without an assignment, and a seek to no offset, are refused', async (t) => {
  const { consumer, run } = await setUp(t, [new FakeLog()]);
  await assert.rejects(run(consumer.poll(10)), hasKind('ILLEGAL_STATE', /assignment/));
  consumer.assign([EVENTS_0]);
  assert.throws(() => consumer.seek('events', 0, -1), hasKind('CONFIG', /-1 is no offset/));
});
