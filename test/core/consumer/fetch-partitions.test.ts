import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { type FetchPartitionsOptions, fetchPartitions } from '../../../core/consumer/fetch-partitions.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { setUp as setUpBroker } from './consumer-on-fake-broker.ts';
import { FakeCluster, FakeLog, TOPIC_ID } from './fake-cluster.ts';

const NOT_LEADER_OR_FOLLOWER = 6;
const OFFSET_OUT_OF_RANGE = 1;

interface Setup {
  readonly clock: VirtualClock;
  readonly cluster: FakeCluster;
  /** `partition:offset=value` of each record, in the order visited. */
  readonly seen: string[];
  start(options?: Partial<FetchPartitionsOptions>): Promise<unknown>;
}

function setUp(logs: FakeLog[], version?: number): Setup {
  const clock = new VirtualClock();
  const cluster = new FakeCluster(clock, logs, version);
  const seen: string[] = [];
  return {
    clock,
    cluster,
    seen,
    start: (options) => {
      const outcome = fetchPartitions({
        cluster,
        topic: 'events',
        ranges: logs.map((log, partition) => ({ partition, startOffset: 0, endOffset: log.endOffset })),
        onBatch: (partition, cursor) => {
          while (cursor.next()) seen.push(`${partition}:${cursor.offset}=${cursor.value}`);
        },
        ...options,
      });
      outcome.catch(() => {});
      return outcome;
    },
  };
}

function expected(partition: number, endOffset: number): string[] {
  return Array.from({ length: endOffset }, (_, offset) => `${partition}:${offset}=v${offset}`);
}

function ofPartition(seen: readonly string[], partition: number): string[] {
  return seen.filter((record) => record.startsWith(`${partition}:`));
}

function hasKind(kind: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === kind && message.test(error.message);
}

for (const version of [4, 11, 12, 13, 18]) {
  test(`every record of every partition once and in order (Fetch v${version})`, async () => {
    const logs = [
      new FakeLog().append(5).append(3),
      new FakeLog(),
      new FakeLog().append(7, 'zstd').append(2, 'gzip'),
    ];
    logs[2]!.leaderId = 2;
    const { start, seen, clock } = setUp(logs, version);
    const outcome = start();
    await clock.advance(100);
    const totals = await outcome;
    assert.deepEqual(ofPartition(seen, 0), expected(0, 8));
    assert.deepEqual(ofPartition(seen, 2), expected(2, 9));
    assert.equal(seen.length, 17);
    assert.deepEqual(totals, {
      batches: 4,
      records: 17,
      bytes: logs.flatMap((log) => log.batches).reduce((sum, batch) => sum + batch.length, 0),
    });
    assert.equal(clock.pendingTimers, 0);
  });
}

test('the partitions of a broker share one request, and a broker has one in flight', async () => {
  const logs = [0, 1, 2, 3].map((partition) => {
    const log = new FakeLog();
    log.leaderId = partition < 3 ? 1 : 2;
    for (let batch = 0; batch < 20; batch++) log.append(10);
    return log;
  });
  const { start, seen, cluster, clock } = setUp(logs);
  const outcome = start({ settings: { partitionMaxBytes: 500 } });
  await clock.advance(100);
  await outcome;
  assert.equal(seen.length, 800);
  assert.equal(cluster.maxInFlight, 1);
  const [first] = cluster.exchanges;
  assert.equal(first?.request.topics[0]?.partitions.length, 3);
  assert.equal(first?.request.topics[0]?.topicId, TOPIC_ID);
  assert.equal(first?.request.topics[0]?.partitions[0]?.currentLeaderEpoch, 4);
});

test('the next request is out while the records of the last are visited', async () => {
  const log = new FakeLog().append(10).append(10);
  const { start, cluster, clock } = setUp([log]);
  const requestsSeen: number[] = [];
  const outcome = start({
    settings: { partitionMaxBytes: 1 },
    onBatch: () => requestsSeen.push(cluster.exchanges.length),
  });
  await clock.advance(10);
  await outcome;
  assert.deepEqual(requestsSeen, [2, 2]);
});

test('a partition that has been read is not asked for again', async () => {
  const { start, cluster, clock } = setUp([new FakeLog().append(1), new FakeLog().append(1).append(1)]);
  const outcome = start({ settings: { partitionMaxBytes: 1 } });
  await clock.advance(10);
  await outcome;
  assert.deepEqual(
    cluster.exchanges.map(({ request }) =>
      request.topics[0]?.partitions.map(({ partition }) => partition).sort(),
    ),
    [[0, 1], [1]],
  );
});

test('empty responses that come at once do not spin', async () => {
  const { start, cluster, clock } = setUp([new FakeLog()]);
  cluster.onFetch = (exchange) => exchange.answer(cluster.response(exchange.request).response);
  const outcome = start({ ranges: [{ partition: 0, startOffset: 0, endOffset: 1 }], stallTimeoutMs: 1000 });
  await clock.advance(1000);
  await assert.rejects(
    outcome,
    hasKind('TIMEOUT', /nothing read for 1000 ms: events-0 at 0 of 1 \(log end 0\)/),
  );
  assert.ok(cluster.exchanges.length <= 101, `${cluster.exchanges.length} requests in a second`);
  assert.equal(clock.pendingTimers, 0);
});

test('a broker that holds its empty response for max.wait is asked again at once', async () => {
  const { start, cluster, clock } = setUp([new FakeLog()]);
  const outcome = start({ ranges: [{ partition: 0, startOffset: 0, endOffset: 1 }], stallTimeoutMs: 5000 });
  await clock.advance(2500);
  assert.equal(cluster.exchanges.length, 6);
  cluster.logs[0]!.append(1);
  await clock.advance(500);
  await outcome;
});

test('a moved leader is found and reading goes on where it stood', async () => {
  const log = new FakeLog().append(4).append(4);
  const { start, seen, cluster, clock } = setUp([log]);
  cluster.onFetch = (exchange) => {
    if (exchange.nodeId === log.leaderId && cluster.exchanges.length !== 2) return exchange.answer();
    log.leaderId = 3;
    const partitions = [{ partitionIndex: 0, errorCode: NOT_LEADER_OR_FOLLOWER }];
    exchange.answer({ responses: [{ topic: 'events', topicId: TOPIC_ID, partitions }] });
  };
  const outcome = start({ settings: { partitionMaxBytes: 1 } });
  await clock.advance(99);
  assert.equal(seen.length, 4);
  await clock.advance(10);
  await outcome;
  assert.deepEqual(seen, expected(0, 8));
  assert.deepEqual(
    cluster.exchanges.map(({ nodeId }) => nodeId),
    [1, 1, 3],
  );
  assert.equal(cluster.refreshes, 1);
});

test('a lost connection is retried after the backoff', async () => {
  const { start, seen, cluster, clock } = setUp([new FakeLog().append(3)]);
  cluster.onFetch = (exchange) => {
    if (cluster.exchanges.length > 2) exchange.answer();
    else exchange.fail(new TidemarkError('NETWORK', 'lost', { retriable: true }));
  };
  const outcome = start();
  await clock.advance(150);
  assert.equal(cluster.exchanges.length, 2);
  await clock.advance(100);
  await outcome;
  assert.deepEqual(seen, expected(0, 3));
});

test('an error that retrying does not help ends the reading', async () => {
  const { start, cluster, clock } = setUp([new FakeLog().append(3)]);
  cluster.onFetch = (exchange) => {
    const partitions = [{ partitionIndex: 0, errorCode: OFFSET_OUT_OF_RANGE }];
    exchange.answer({ responses: [{ topic: 'events', topicId: TOPIC_ID, partitions }] });
  };
  const outcome = start();
  await clock.advance(10);
  await assert.rejects(outcome, hasKind('OFFSET_OUT_OF_RANGE', /fetch of events-0 at offset 0/));
  assert.equal(clock.pendingTimers, 0);
});

test('a batch that fails its CRC ends the reading, unless it is not to be checked', async () => {
  const log = new FakeLog().append(3).append(2);
  const broken = log.batches[1]!;
  broken[broken.length - 3]! ^= 1;
  const checked = setUp([log]);
  const outcome = checked.start();
  await checked.clock.advance(10);
  await assert.rejects(outcome, hasKind('CORRUPT_MESSAGE', /events-0: the batch at offset 3 fails its CRC/));
  const unchecked = setUp([log]);
  const totals = unchecked.start({ checkCrcs: false });
  await unchecked.clock.advance(10);
  await totals;
  assert.equal(unchecked.seen.length, 5);
});

test('bytes that are no batches, and batches that lead nowhere, end the reading', async () => {
  for (const [records, kind] of [
    [Buffer.alloc(100, 0xff), 'CORRUPT_MESSAGE'],
    [Buffer.alloc(20), 'PROTOCOL'],
    [new FakeLog().append(3).batches[0]!, 'PROTOCOL'],
  ] as const) {
    const { start, cluster, clock } = setUp([new FakeLog()]);
    cluster.onFetch = (exchange) => {
      const partitions = [{ partitionIndex: 0, records: [records] }];
      exchange.answer({ responses: [{ topic: 'events', topicId: TOPIC_ID, partitions }] });
    };
    const outcome = start({ ranges: [{ partition: 0, startOffset: 5, endOffset: 9 }] });
    await clock.advance(10);
    await assert.rejects(outcome, hasKind(kind, /./));
  }
});

test('what the visitor throws ends the reading', async () => {
  const { start, clock } = setUp([new FakeLog().append(3)]);
  const outcome = start({
    onBatch: () => {
      throw new Error('enough');
    },
  });
  await clock.advance(10);
  await assert.rejects(outcome, /enough/);
});

test('ranges that are none, and partitions that are not there, are refused at once', async () => {
  const { start, cluster } = setUp([new FakeLog().append(3)]);
  await assert.rejects(
    start({ ranges: [{ partition: 0, startOffset: 3, endOffset: 1 }] }),
    hasKind('CONFIG', /3 to 1/),
  );
  await assert.rejects(
    start({ ranges: [{ partition: 7, startOffset: 0, endOffset: 1 }] }),
    hasKind('UNKNOWN_TOPIC_OR_PARTITION', /partitions 0 to 0, no 7/),
  );
  await assert.rejects(start({ topic: 'other' }), hasKind('INVALID_TOPIC_EXCEPTION', /other/));
  assert.deepEqual(await start({ ranges: [{ partition: 0, startOffset: 3, endOffset: 3 }] }), {
    batches: 0,
    records: 0,
    bytes: 0,
  });
  assert.equal(cluster.exchanges.length, 0);
});

test('over the real client: records are right though each response reuses the memory of the last', async (t) => {
  const logs = [new FakeLog(), new FakeLog()];
  for (let batch = 0; batch < 30; batch++) logs[batch % 2]!.append(40, batch % 3 === 0 ? 'gzip' : 'none');
  const { broker, network, clock, run } = await setUpBroker(t, logs);
  const { host, port } = broker.endpoint;
  const cluster = await Cluster.connect({
    bootstrapServers: [`${host}:${port}`],
    clientId: 'test',
    network,
    clock,
    random: new SeededRandom(1),
  });
  const seen: string[] = [];
  const totals = await run(
    fetchPartitions({
      cluster,
      topic: 'events',
      ranges: [0, 1].map((partition) => ({ partition, startOffset: 0, endOffset: 600 })),
      settings: { partitionMaxBytes: 3000 },
      onBatch: (partition, cursor) => {
        while (cursor.next()) seen.push(`${partition}:${cursor.offset}=${cursor.value}`);
      },
    }),
  );
  await cluster.close();
  assert.equal(totals.records, 1200);
  assert.deepEqual(ofPartition(seen, 0), expected(0, 600));
  assert.deepEqual(ofPartition(seen, 1), expected(1, 600));
});
