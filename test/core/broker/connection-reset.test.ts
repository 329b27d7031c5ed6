/** What becomes of a producer's requests when its connection goes, over real TCP. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { iterateBatches } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { decodeResponse } from '../../../core/wire/framing.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { idempotentBatch } from './batches.ts';
import { frameOf, RawClient } from './raw-client.ts';
import { createTopic, fetchBody, fetchOne, listOffset, produceBody } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const IN_FLIGHT = 5;
const PRODUCE_VERSION = 9;

/** Batch `index` of a producer that sends two records in each. */
function batchAt(index: number, producerId: number): Buffer {
  const place = { producerId, producerEpoch: 0, baseSequence: producerId < 0 ? -1 : index * 2 };
  return idempotentBatch(place, [`${index}a`, `${index}b`]);
}

const produceFrame = (topic: string, index: number, producerId: number) =>
  frameOf(produceApi, PRODUCE_VERSION, index, produceBody(topic, batchAt(index, producerId)));

async function valuesOf(client: RawClient, topic: string): Promise<string[]> {
  const { records } = await fetchOne(client, topic);
  const cursor = new RecordCursor();
  const values: string[] = [];
  for (const batch of iterateBatches(records!)) {
    cursor.reset(batch);
    while (cursor.next()) values.push(String(cursor.value));
  }
  return values;
}

const expectedValues = (batches: number) =>
  Array.from({ length: batches }, (_, index) => [`${index}a`, `${index}b`]).flat();

describe('a connection that goes with requests under way', () => {
  let cluster: TestCluster;
  let observer: RawClient;
  before(async () => {
    cluster = await startTestCluster();
    observer = await RawClient.connect(cluster.ports[0]!);
  });
  after(async () => {
    observer.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  const connect = () => RawClient.connect(cluster.ports[0]!);

  /** Asks the broker until it has no other connection than the observer's. */
  async function othersGone(topic: string): Promise<void> {
    while (cluster.stats().connections > 1) await listOffset(observer, topic, -1);
  }

  async function endReaches(topic: string, offset: number): Promise<void> {
    while ((await listOffset(observer, topic, -1)).offset < offset);
  }

  for (const [name, producerId, records] of [
    ['the same batches sent again are answered with their offsets and not appended', 71, 10],
    ['without a producer id they are appended twice', -1, 20],
  ] as const) {
    it(`answers lost in a reset: ${name}`, async () => {
      const topic = `lost-${records}`;
      await createTopic(observer, topic);
      const first = await connect();
      first.socket.pause();
      for (let index = 0; index < IN_FLIGHT; index++) first.write(produceFrame(topic, index, producerId));
      await endReaches(topic, 10);
      first.socket.resetAndDestroy();
      const second = await connect();
      const offsets: number[] = [];
      for (let index = 0; index < IN_FLIGHT; index++) {
        const body = produceBody(topic, batchAt(index, producerId));
        const answer = await second.ask(produceApi, PRODUCE_VERSION, body);
        offsets.push(answer.responses[0]!.partitionResponses[0]!.baseOffset);
      }
      assert.deepEqual(offsets, producerId < 0 ? [10, 12, 14, 16, 18] : [0, 2, 4, 6, 8]);
      assert.equal((await listOffset(second, topic, -1)).offset, records);
      second.close();
    });
  }

  it('requests that had come and waited are appended all the same, once', async () => {
    await createTopic(observer, 'queued');
    const first = await connect();
    first.send(fetchApi, 12, fetchBody('queued', { maxWaitMs: 600_000, minBytes: 1_000_000 }));
    for (let index = 0; index < IN_FLIGHT; index++) first.write(produceFrame('queued', index, 72));
    first.write(produceFrame('queued', IN_FLIGHT, 72).subarray(0, 60));
    first.socket.end();
    await othersGone('queued');
    assert.equal((await listOffset(observer, 'queued', -1)).offset, 10, 'all but the one that is not whole');
    const second = await connect();
    for (let index = 0; index <= IN_FLIGHT; index++) second.write(produceFrame('queued', index, 72));
    await endReaches('queued', 12);
    assert.deepEqual(await valuesOf(observer, 'queued'), expectedValues(6));
    second.close();
  });

  it('what waits behind a request that closes the connection is dropped', async () => {
    await createTopic(observer, 'dropped');
    const first = await connect();
    first.send(fetchApi, 12, fetchBody('dropped', { maxWaitMs: 600_000, minBytes: 1_000_000 }));
    first.write(produceFrame('dropped', 0, 73));
    first.send(produceApi, PRODUCE_VERSION, produceBody('dropped', batchAt(5, 73), { acks: 0 }));
    first.write(produceFrame('dropped', 1, 73));
    first.socket.end();
    await othersGone('dropped');
    assert.equal((await listOffset(observer, 'dropped', -1)).offset, 2);
    assert.equal(cluster.stats().heldBytes, 0);
  });

  for (const seed of [1, 2, 3]) {
    it(`resets anywhere, 40 times: every batch once, in order, where it was said to be (seed ${seed})`, async () => {
      const topic = `resets-${seed}`;
      await createTopic(observer, topic);
      const random = new SeededRandom(seed);
      const acknowledged: number[] = [];
      const { duplicateBatches } = cluster.stats();
      for (let round = 0; round < 40; round++) {
        const client = await connect();
        const frames = Array.from({ length: IN_FLIGHT }, (_, at) =>
          produceFrame(topic, acknowledged.length + at, 80 + seed),
        );
        const bytes = Buffer.concat(frames);
        client.write(bytes.subarray(0, random.nextBelow(bytes.length + 1)));
        // Not all answers are read: a part of what was appended stays unknown to the producer.
        const read = random.nextBelow(IN_FLIGHT);
        const listening = takeAnswers(client, acknowledged, read);
        if (random.nextBelow(2) === 0) {
          client.socket.resetAndDestroy();
        } else {
          client.socket.end();
        }
        await listening;
      }
      // The log holds at most what was in flight beyond the answers.
      const count = acknowledged.length + IN_FLIGHT;
      const last = await connect();
      for (let index = acknowledged.length; index < count; index++) {
        last.write(produceFrame(topic, index, 80 + seed));
      }
      await takeAnswers(last, acknowledged, IN_FLIGHT);
      await othersGone(topic);
      assert.deepEqual(
        acknowledged,
        Array.from({ length: count }, (_, index) => index * 2),
      );
      assert.ok(cluster.stats().duplicateBatches > duplicateBatches, 'some were sent again');
      assert.deepEqual(await valuesOf(observer, topic), expectedValues(count));
    });
  }

  /** Takes up to `count` answers, or as many as come before the connection is gone. */
  async function takeAnswers(client: RawClient, offsets: number[], count: number): Promise<void> {
    for (let taken = 0; taken < count; taken++) {
      const frame = await client.nextFrame();
      if (frame === null) return;
      const { correlationId, body } = decodeResponse(produceApi, PRODUCE_VERSION, frame);
      const { errorCode, baseOffset } = body.responses[0]!.partitionResponses[0]!;
      assert.deepEqual([correlationId, errorCode], [offsets.length, 0]);
      offsets.push(baseOffset);
    }
    if (!client.isClosed) client.socket.destroy();
  }
});
