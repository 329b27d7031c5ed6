import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kafkaErrorByCode } from '../../../core/base/errors.ts';
import { iterateBatches } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { COMPRESSION_TYPES } from '../../../core/record/types.ts';
import { deleteTopicsApi } from '../../../core/wire/messages/delete-topics.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { batchOf } from './batches.ts';
import { RawClient } from './raw-client.ts';
import { createTopic, fetchBody, fetchOne, produce } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

/** Long enough that a fetch that waits for its time instead of its data fails the test by its time-out. */
const FOREVER_MS = 10_000;
const errorName = (code: number) => kafkaErrorByCode(code).name;

describe('Fetch', () => {
  let cluster: TestCluster;
  let client: RawClient;
  before(async () => {
    cluster = await startTestCluster();
    client = await RawClient.connect(cluster.ports[0]!);
  });
  after(async () => {
    client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  it('gives back what was produced in every codec, in every version served', async () => {
    const topicId = await createTopic(client, 'codecs');
    const values = COMPRESSION_TYPES.flatMap((type) => [`${type}-1`, `${type}-2`]);
    for (const compression of COMPRESSION_TYPES) {
      await produce(client, 'codecs', batchOf([`${compression}-1`, `${compression}-2`], { compression }));
    }
    for (let version = 4; version <= 18; version++) {
      const body = fetchBody('codecs');
      body.topics[0] = { ...body.topics[0]!, topicId } as never;
      const answer = (await client.ask(fetchApi, version, body)).responses[0]!.partitions[0]!;
      assert.deepEqual([version, answer.errorCode, answer.highWatermark], [version, 0, values.length]);
      assert.deepEqual(valuesOf(answer.records!), values);
    }
  });

  it('cuts at whole batches, and gives at least one in all', async () => {
    await createTopic(client, 'limits', { partitions: 2 });
    const batch = batchOf(['x'.repeat(100)]);
    for (const index of [0, 0, 0, 1]) await produce(client, 'limits', batch, { index });
    const one = await fetchOne(client, 'limits', { partitionMaxBytes: 1 });
    assert.equal(one.records!.length, batch.length);
    const two = await fetchOne(client, 'limits', { maxBytes: batch.length * 2 + 5 });
    assert.equal(two.records!.length, batch.length * 2);
    const both = await client.ask(fetchApi, 12, {
      maxBytes: 10,
      minBytes: 1,
      topics: [
        {
          topic: 'limits',
          partitions: [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: 1000 })),
        },
      ],
    });
    const lengths = both.responses[0]!.partitions.map(({ records }) => records!.length);
    assert.deepEqual(lengths, [batch.length, 0], 'the first partition with data alone may exceed the limit');
  });

  it('answers an empty partition after max wait, and at once when min bytes is 0', async () => {
    await createTopic(client, 'empty');
    const started = performance.now();
    assert.equal(
      (await fetchOne(client, 'empty', { minBytes: 0, maxWaitMs: FOREVER_MS })).records!.length,
      0,
    );
    const { errorCode, records } = await fetchOne(client, 'empty', { maxWaitMs: 30 });
    assert.deepEqual([errorCode, records!.length], [0, 0]);
    assert.ok(performance.now() - started >= 29);
  });

  it('wakes a waiting fetch once appends have brought min bytes', async () => {
    await createTopic(client, 'waiting');
    const batch = batchOf(['hello']);
    const consumer = await RawClient.connect(cluster.ports[0]!);
    const waiting = fetchOne(consumer, 'waiting', { minBytes: batch.length + 1, maxWaitMs: FOREVER_MS });
    await produce(client, 'waiting', batch);
    let isDone = false;
    void waiting.then(() => {
      isDone = true;
    });
    await produce(client, 'empty', batch);
    assert.equal(isDone, false, 'one batch is less than it waits for');
    await produce(client, 'waiting', batch);
    assert.deepEqual(valuesOf((await early(waiting)).records!), ['hello', 'hello']);
    consumer.close();
  });

  it('answers a waiting fetch when its topic is deleted, and forgets one whose connection closed', async () => {
    await createTopic(client, 'doomed');
    const gone = await RawClient.connect(cluster.ports[0]!);
    gone.send(fetchApi, 12, fetchBody('doomed', { maxWaitMs: FOREVER_MS }));
    const consumer = await RawClient.connect(cluster.ports[0]!);
    const waiting = fetchOne(consumer, 'doomed', { maxWaitMs: FOREVER_MS });
    gone.close();
    await client.ask(deleteTopicsApi, 5, { topicNames: ['doomed'], timeoutMs: 1000 });
    assert.equal(errorName((await early(waiting)).errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
    consumer.close();
  });

  it('refuses offsets outside the log, unknown ids, other leader epochs and sessions, without waiting', async () => {
    await createTopic(client, 'errors');
    const wait = { maxWaitMs: FOREVER_MS };
    assert.equal(
      errorName((await fetchOne(client, 'errors', { ...wait, offset: 1 })).errorCode),
      'OFFSET_OUT_OF_RANGE',
    );
    assert.equal(errorName((await fetchOne(client, 'none', wait)).errorCode), 'UNKNOWN_TOPIC_OR_PARTITION');
    const unknownId = fetchBody('', wait);
    unknownId.topics[0] = { ...unknownId.topics[0]!, topicId: 'cd'.repeat(16) } as never;
    const byId = await client.ask(fetchApi, 13, unknownId);
    assert.equal(errorName(byId.responses[0]!.partitions[0]!.errorCode), 'UNKNOWN_TOPIC_ID');
    const newer = fetchBody('errors', wait);
    newer.topics[0]!.partitions[0] = { ...newer.topics[0]!.partitions[0]!, currentLeaderEpoch: 3 } as never;
    const fenced = await client.ask(fetchApi, 12, newer);
    assert.equal(errorName(fenced.responses[0]!.partitions[0]!.errorCode), 'UNKNOWN_LEADER_EPOCH');
    const session = await client.ask(fetchApi, 12, {
      ...fetchBody('errors', wait),
      sessionId: 9,
      sessionEpoch: 1,
    });
    assert.equal(errorName(session.errorCode), 'FETCH_SESSION_ID_NOT_FOUND');
  });

  it('takes the next request of a connection only after the answer to a waiting fetch', async () => {
    await createTopic(client, 'order');
    const consumer = await RawClient.connect(cluster.ports[0]!);
    const first = consumer.send(fetchApi, 12, fetchBody('order', { maxWaitMs: 50 }));
    const second = consumer.send(fetchApi, 12, fetchBody('order', { minBytes: 0 }));
    const order = [
      (await consumer.nextFrame())!.readInt32BE(0),
      (await consumer.nextFrame())!.readInt32BE(0),
    ];
    assert.deepEqual(order, [first, second]);
    consumer.close();
  });
});

/** What comes of it, which must be long before a fetch's time has passed. */
async function early<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the fetch waits on')), FOREVER_MS / 2);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function valuesOf(records: Buffer): string[] {
  const cursor = new RecordCursor();
  const values: string[] = [];
  for (const batch of iterateBatches(records)) {
    cursor.reset(batch);
    while (cursor.next()) values.push(cursor.value!.toString());
  }
  return values;
}
