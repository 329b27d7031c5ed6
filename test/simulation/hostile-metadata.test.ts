import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../core/base/random.ts';
import { encodeResponse } from '../../core/wire/framing.ts';
import { metadataApi } from '../../core/wire/messages/metadata.ts';
import { DELIVERY_TIMEOUT_MS, HostileBench, MAX_BLOCK_MS } from './hostile-bench.ts';

const LATE_MS = 60;
const MANY = 100_000;
/** More connections than this would be a storm. */
const MOST_ATTEMPTS = 400;
const MEMORY_BYTES = 300 * 1024 * 1024;

describe('producer: hostile metadata', () => {
  it('no brokers: TIMEOUT after max.block.ms that says so', async () => {
    const bench = new HostileBench();
    bench.cluster.tellMetadata = (honest) => ({ ...honest, brokers: [] });
    const { kind, message, tookMs } = await bench.ending();
    assert.equal(kind, 'TIMEOUT');
    assert.match(message, /brokers/);
    assert.ok(tookMs >= MAX_BLOCK_MS && tookMs <= MAX_BLOCK_MS + LATE_MS, `after ${tookMs} ms`);
    await bench.finish();
  });

  it('a leader that is not among the brokers: TIMEOUT after delivery.timeout.ms', async () => {
    const bench = new HostileBench({}, { topics: { t: 3 } });
    bench.cluster.tellMetadata = (honest) => ({ ...honest, topics: led(honest.topics, [7, 8, 9]) });
    for (let partition = 0; partition < 3; partition++) bench.send(partition);
    await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
    assert.deepEqual(
      bench.endings.map(({ kind }) => kind),
      ['TIMEOUT', 'TIMEOUT', 'TIMEOUT'],
    );
    for (const { tookMs } of bench.endings)
      assert.ok(tookMs <= DELIVERY_TIMEOUT_MS + LATE_MS, `after ${tookMs} ms`);
    await bench.finish();
  });

  it('brokers that do not exist, refusing and as black holes: TIMEOUT after delivery.timeout.ms', async () => {
    for (const isBlackHole of [false, true]) {
      const bench = new HostileBench({}, { topics: { t: 2 } });
      const brokers = [7, 8].map((nodeId) => ({ nodeId, host: `nowhere-${nodeId}`, port: 9092 }));
      for (const broker of brokers) bench.network.trouble(broker, { isBlackHole });
      bench.cluster.tellMetadata = (honest) => ({ ...honest, brokers, topics: led(honest.topics, [7, 8]) });
      for (let partition = 0; partition < 2; partition++) bench.send(partition);
      await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
      assert.equal(bench.endings.length, 2);
      for (const { kind, tookMs } of bench.endings) {
        assert.equal(kind, 'TIMEOUT');
        assert.ok(tookMs <= MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS, `after ${tookMs} ms`);
      }
      assert.ok(bench.network.attempts < MOST_ATTEMPTS, `${bench.network.attempts} attempts to connect`);
      await bench.finish();
    }
  });

  it('another leader and another address each time: a typed error in time, no storm of connections', async () => {
    const bench = new HostileBench({ 'metadata.max.age.ms': 100 }, { topics: { t: 3 } });
    let turn = 0;
    bench.cluster.tellMetadata = (honest) => {
      turn++;
      const brokers = [1, 2, 3].map((nodeId) => ({ nodeId, host: `moving-${turn}`, port: 9000 + nodeId }));
      return {
        ...honest,
        brokers,
        topics: led(
          honest.topics,
          [turn, turn + 1, turn + 2].map((id) => 1 + (id % 3)),
        ),
      };
    };
    for (let partition = 0; partition < 3; partition++) bench.send(partition);
    await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
    assert.deepEqual(
      bench.endings.map(({ kind }) => kind),
      ['TIMEOUT', 'TIMEOUT', 'TIMEOUT'],
    );
    assert.ok(turn > 3 && turn < MOST_ATTEMPTS, `${turn} times asked`);
    assert.ok(bench.network.attempts < MOST_ATTEMPTS, `${bench.network.attempts} attempts to connect`);
    await bench.finish();
  });

  it('fewer partitions, more partitions, none, another topic, by turns: records end in time', async () => {
    const bench = new HostileBench({ 'metadata.max.age.ms': 50 }, { topics: { t: 2 } });
    const random = new SeededRandom(5);
    bench.cluster.tellMetadata = (honest) => {
      const topics = (honest.topics ?? []).map((topic) => ({
        ...topic,
        topicId: random.nextBelow(3) === 0 ? 'cd'.repeat(16) : topic.topicId!,
        partitions: [...(topic.partitions ?? []), ...(topic.partitions ?? [])]
          .slice(0, random.nextBelow(5))
          .map((partition, partitionIndex) => ({ ...partition, partitionIndex })),
      }));
      return { ...honest, topics: random.nextBelow(4) === 0 ? [{ name: 'other' }] : topics };
    };
    for (let count = 0; count < 40; count++) {
      bench.send(count % 2);
      await bench.clock.advance(40);
    }
    await bench.clock.advance(MAX_BLOCK_MS + DELIVERY_TIMEOUT_MS);
    assert.equal(bench.endings.length, 40);
    for (const { kind } of bench.endings)
      assert.match(`${kind}`, /^(null|TIMEOUT|INVALID_PARTITION|INVALID_ARGUMENT|UNKNOWN_TOPIC.*)$/);
    await bench.finish();
  });

  it('without topic ids from brokers that take Produce by id: topics go by name, and the record is delivered', async () => {
    for (const metadataVersion of [4, 9]) {
      const bench = new HostileBench({}, { produceVersion: 13, metadataVersion });
      const { kind, offset, message } = await bench.ending();
      assert.deepEqual([kind, offset], [null, 0], message);
      await bench.finish();
    }
  });

  it(`${MANY} topics that nobody asked for: the record is delivered, and they are not kept`, async () => {
    const bench = new HostileBench();
    const strangers = Array.from({ length: MANY }, (_, index) => ({ name: `stranger-${index}` }));
    bench.cluster.tellMetadata = (honest) => ({
      ...honest,
      topics: [...strangers, ...(honest.topics ?? [])],
    });
    const { kind, message } = await bench.ending();
    assert.equal(kind, null, message);
    await bench.finish();
  });

  it('a count of a million brokers in a few bytes: a typed error, no memory for it', async () => {
    const bench = new HostileBench();
    bench.spoil(metadataApi, (answer) => {
      // Length, correlation id, tags, throttle time; then the count of brokers, a varint of one more.
      const head = Buffer.concat([answer.frame.subarray(0, 13), Buffer.from([0xc1, 0x84, 0x3d])]);
      const frame = Buffer.concat([head, answer.frame.subarray(14)]);
      frame.writeInt32BE(frame.length - 4, 0);
      answer.write(frame);
      return true;
    });
    const before = process.memoryUsage().heapUsed;
    const { kind } = await bench.ending();
    assert.match(`${kind}`, /^(TIMEOUT|PROTOCOL)$/);
    assert.ok(process.memoryUsage().heapUsed - before < MEMORY_BYTES);
    await bench.finish();
  });

  it('ten thousand brokers that are there: the record is delivered', async () => {
    const bench = new HostileBench();
    const crowd = Array.from({ length: 10_000 }, (_, index) => ({
      nodeId: 100 + index,
      host: 'crowd',
      port: 1 + index,
    }));
    bench.cluster.tellMetadata = (honest) => ({ ...honest, brokers: [...(honest.brokers ?? []), ...crowd] });
    const { kind, message } = await bench.ending();
    assert.equal(kind, null, message);
    assert.ok(bench.network.attempts < MOST_ATTEMPTS);
    await bench.finish();
  });

  it('a null name, an empty name and a name twice: a typed error or the record, in time', async () => {
    for (const names of [[null], [''], ['t', 't'], ['t', null, '']]) {
      const bench = new HostileBench();
      bench.spoil(metadataApi, (answer) => {
        const body = {
          brokers: [{ nodeId: 1, host: 'broker-1', port: 9092 }],
          topics: names.map((name) => ({ name })),
        };
        const correlationId = answer.frame.readInt32BE(4);
        answer.write(Buffer.concat(encodeResponse(metadataApi, 12, correlationId, body)));
        return true;
      });
      const { kind } = await bench.ending();
      assert.match(`${kind}`, /^(TIMEOUT|PROTOCOL)$/, JSON.stringify(names));
      await bench.finish();
    }
  });
});

/** The partitions of each topic, led by the nodes told. */
function led<T extends { partitions?: readonly object[] | undefined }>(
  topics: readonly T[] | undefined,
  leaders: readonly number[],
) {
  return (topics ?? []).map((topic) => ({
    ...topic,
    partitions: (topic.partitions ?? []).map((partition, index) => ({
      ...partition,
      leaderId: leaders[index]!,
      leaderEpoch: -1,
    })),
  }));
}
