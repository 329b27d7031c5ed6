import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Producer } from '../../core/producer/producer.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';
import { PartitionLatencies } from '../../reports/measure/partition-latencies.ts';
import { DeliveryTracker } from '../../workers/delivery-tracker.ts';
import { runPacedPhase } from '../../workers/paced-phase.ts';
import { VirtualClock } from '../core/base/virtual-clock.ts';

interface Case {
  readonly burstRecords: number | null;
  /** How long a record takes to be acknowledged, by its sequence. */
  readonly takesMs?: (sequence: number) => number;
  /** Timers fire on whole milliseconds, as Node's do, and this much later where it says so. */
  readonly lateMs?: (nowMs: number) => number;
  /** Records under way at once before the producer is full. */
  readonly room?: number;
  readonly lingerMs?: number;
}

/** A paced phase of one second at 2,000 records/s over two partitions, and when its records were sent. */
async function pace({ burstRecords, takesMs = () => 1, lateMs = () => 0, room = 1e9, lingerMs = 0 }: Case) {
  const virtual = new VirtualClock();
  const startNs = virtual.nowNs();
  const nowMs = () => (virtual.nowNs() - startNs) / 1e6;
  const clock = {
    nowNs: () => virtual.nowNs(),
    wallMs: () => virtual.wallMs(),
    clearTimer: virtual.clearTimer.bind(virtual),
    // A deferred callback is a turn of the event loop, in which time passes a little.
    defer: (callback: () => void) => void virtual.setTimer(callback, 0.01),
    setTimer(callback: () => void, delayMs: number) {
      const dueMs = Math.ceil(nowMs() + delayMs);
      return virtual.setTimer(callback, dueMs + lateMs(dueMs) - nowMs());
    },
  };
  const tracker = new DeliveryTracker(2, () => 100);
  const stats = { batches: 0, requests: 0, uncompressedBytes: 0, compressedBytes: 0 };
  const producer = {
    stats: () => stats,
    get bufferAvailableBytes() {
      return tracker.outstanding < room ? 1 : 0;
    },
  } as unknown as Producer;
  const sentMs: number[] = [];
  const sendNext = () => {
    const sequence = tracker.nextSequence();
    sentMs.push(nowMs());
    virtual.setTimer(() => {
      tracker.onBatchSettled({ settledNs: virtual.nowNs() });
      const metadata = { topic: 't', partition: sequence % 2, offset: sequence, timestamp: 0 };
      tracker.onDelivery(null, metadata, sequence);
    }, takesMs(sequence));
  };
  const context = {
    ...{ clock, producer, tracker, partitions: 2, reserveBytes: 1, windowBytes: 1 },
    sender: { sendNext, maxOutstanding: Number.POSITIVE_INFINITY },
    post() {},
    queuedRecords: () => [tracker.outstanding, 0],
  };
  const command = {
    type: 'pace',
    startNs,
    warmupMs: 0,
    windowMs: 1000,
    recordsPerSecond: 2000,
    burstRecords,
  };
  const share = { generator: 0, generators: 1, lingerMs };
  const running = runPacedPhase(context, command as Parameters<typeof runPacedPhase>[1], share);
  await virtual.advance(60_000);
  const report = await running;
  const latency = LatencyHistogram.fromBytes(report.latency);
  const { maxNs, count } = latency;
  latency.destroy();
  return { sentMs, report, count, maxMs: maxNs! / 1e6 };
}

/** How many records went out at each moment. */
function burstsOf(sentMs: readonly number[]): number[] {
  return [...Map.groupBy(sentMs, (ms) => ms).values()].map(({ length }) => length);
}

describe('the paced phase', () => {
  it('sends what is due whenever it wakes: two at a time at 2,000 records/s on a clock that ticks every millisecond', async () => {
    const { sentMs, report } = await pace({ burstRecords: null });
    assert.equal(sentMs.length, 2000);
    const mean = report.bursts.records / report.bursts.count;
    assert.ok(report.bursts.max <= 3 && mean > 1.5 && mean < 2.5, `${report.bursts.max} ${mean}`);
  });

  it('sends bursts of 4 as a whole once the last is due, and takes latency from each slot', async () => {
    const { sentMs, report, count, maxMs } = await pace({ burstRecords: 4 });
    assert.deepEqual(new Set(burstsOf(sentMs)), new Set([4]));
    assert.deepEqual(report.bursts, { count: 500, records: 2000, max: 4 });
    assert.equal(count, 2000);
    // The first of four waits for the fourth, 1.5 ms later, and for the tick after it.
    assert.ok(maxMs >= 2.5 && maxMs <= 3.5, String(maxMs));
  });

  it('makes up for a late wake-up in several bursts, never in a larger one', async () => {
    const { sentMs, report } = await pace({ burstRecords: 4, lateMs: (ms) => (ms === 500 ? 20 : 0) });
    assert.equal(report.bursts.max, 4);
    assert.equal(Math.max(...burstsOf(sentMs)), 4);
    assert.ok(sentMs.filter((ms) => ms >= 520 && ms < 521).length >= 40);
  });

  it('ends with a smaller burst where the window does', async () => {
    const { sentMs } = await pace({ burstRecords: 3 });
    assert.equal(sentMs.length, 2000);
    assert.equal(burstsOf(sentMs).at(-1), 2);
  });

  it('counts what was acknowledged inside the window, and keeps the latency of what came later', async () => {
    const { report, count } = await pace({
      burstRecords: null,
      takesMs: (sequence) => (sequence < 1500 ? 1 : 5000),
    });
    assert.equal(count, 2000);
    assert.equal(report.windowRecords, 1500);
    assert.equal(report.windowNs, 1e9);
    assert.equal(report.overloaded, true);
  });

  it('goes on for linger.ms after the window, so that its last batches have company, and leaves that unrecorded', async () => {
    const { sentMs, report, count } = await pace({ burstRecords: null, lingerMs: 100 });
    assert.equal(sentMs.length, 2200);
    assert.equal(count, 2000);
    const latencies = new PartitionLatencies(2, report.partitionLatencies!);
    assert.equal(latencies.countOf(0) + latencies.countOf(1), 2000);
    assert.ok(report.windowRecords <= 2000);
  });

  it('does not take the linger of what went on after the window for a level that was overloaded', async () => {
    const lingering = { burstRecords: null, lingerMs: 500 };
    const { report } = await pace({ ...lingering, takesMs: () => 510 });
    assert.equal(report.overloaded, false);
    const behind = await pace({ ...lingering, takesMs: () => 700 });
    assert.equal(behind.report.overloaded, true);
  });

  it('ends the window where the producer was full', async () => {
    const { report } = await pace({ burstRecords: null, takesMs: () => 2000, room: 1000 });
    assert.equal(report.overloaded, true);
    assert.equal(report.windowRecords, 0);
    assert.ok(report.windowNs > 0.49e9 && report.windowNs < 0.51e9, String(report.windowNs));
  });

  it('tells latency by partition and what waited over time', async () => {
    const { report } = await pace({
      burstRecords: null,
      takesMs: (sequence) => (sequence % 2 === 0 ? 10 : 200),
    });
    const latencies = new PartitionLatencies(2, report.partitionLatencies!);
    assert.equal(latencies.countOf(0), 1000);
    const [fast, slow] = [0, 1].map((partition) => latencies.quantileMs(partition, 0.5)!);
    assert.ok(fast! > 9 && fast! < 12 && slow! > 195 && slow! < 206, `${fast} ${slow}`);
    assert.equal(report.queues.length, 10);
    assert.ok(report.queues[5]![0]! > 100);
  });
});
