import type { Clock, Timer } from '../core/base/clock.ts';
import type { Producer } from '../core/producer/producer.ts';
import type { LatencyHistogram } from '../reports/measure/latency-histogram.ts';
import { LatencyRecorder } from '../reports/measure/latency-recorder.ts';
import type { DeliveryTracker } from './delivery-tracker.ts';
import type { GeneratorEvent, PhaseReport, ProducerWork } from './generator-protocol.ts';

const PROGRESS_EVERY_MS = 100;
const MAX_INTERVALS = 20;
const MIN_INTERVAL_MS = 250;

/**
 * What both phases keep: latency by interval, the sizes of bursts, the producer's work and the thread's CPU,
 * and the progress told to whoever watches. Interval histograms are encoded only at the end, since that
 * takes milliseconds that would stand in the way of the records.
 */
export class PhaseRecorder {
  readonly latency = new LatencyRecorder();
  private bursts = 0;
  private burstRecords = 0;
  private burstMax = 0;
  private readonly intervals: { startNs: number; endNs: number; histogram: LatencyHistogram }[] = [];
  private readonly startWork: ProducerWork;
  private intervalStartNs: number;
  private timer: Timer | null = null;
  private readonly options: PhaseRecorderOptions;

  constructor(options: PhaseRecorderOptions) {
    this.options = options;
    this.startWork = workSoFar(options.producer, options.tracker);
    this.intervalStartNs = options.windowStartNs;
    this.tell(options.clock.nowNs(), options.tracker.acknowledged);
  }

  /** `records` were sent in one synchronous burst. */
  burst(records: number): void {
    this.bursts++;
    this.burstRecords += records;
    if (records > this.burstMax) this.burstMax = records;
  }

  /** What was recorded elsewhere, since `startNs`, stands for a window in which nothing was. */
  takeInstead(histogram: LatencyHistogram, startNs: number): void {
    this.latency.addAll(histogram);
    this.intervalStartNs = startNs;
  }

  /** Closes the phase after its drain; the recorder is used up. */
  finish(): PhaseReport {
    if (this.timer !== null) this.options.clock.clearTimer(this.timer);
    const end = workSoFar(this.options.producer, this.options.tracker);
    this.closeInterval(this.options.clock.nowNs());
    const intervals = this.intervals.map(({ startNs, endNs, histogram }) => {
      const bytes = histogram.toBytes();
      histogram.destroy();
      return { startNs, endNs, bytes };
    });
    const latency = this.latency.toBytes();
    this.latency.destroy();
    return {
      work: subtract(end, this.startWork),
      bursts: { count: this.bursts, records: this.burstRecords, max: this.burstMax },
      latency,
      intervals,
    };
  }

  private tell(lastNs: number, lastAcknowledged: number): void {
    const { clock, tracker, post, windowEndNs, windowStartNs } = this.options;
    const intervalMs = Math.max(MIN_INTERVAL_MS, (windowEndNs - windowStartNs) / 1e6 / MAX_INTERVALS);
    this.timer = clock.setTimer(() => {
      const nowNs = clock.nowNs();
      const acknowledged = tracker.acknowledged;
      const p99Ns = this.latency.liveQuantileNs(0.99);
      post({
        type: 'progress',
        recordsPerSecond: ((acknowledged - lastAcknowledged) * 1e9) / (nowNs - lastNs),
        p99Ms: p99Ns === null ? null : p99Ns / 1e6,
      });
      if (nowNs - this.intervalStartNs >= intervalMs * 1e6 && this.intervals.length < MAX_INTERVALS - 1)
        this.closeInterval(nowNs);
      this.tell(nowNs, acknowledged);
    }, PROGRESS_EVERY_MS);
  }

  private closeInterval(nowNs: number): void {
    const histogram = this.latency.takeInterval();
    if (histogram.count === 0) {
      this.latency.recycle(histogram);
      return;
    }
    this.intervals.push({ startNs: this.intervalStartNs, endNs: nowNs, histogram });
    this.intervalStartNs = nowNs;
  }
}

export interface PhaseRecorderOptions {
  readonly clock: Clock;
  readonly producer: Producer;
  readonly tracker: DeliveryTracker;
  readonly post: (event: GeneratorEvent) => void;
  readonly windowStartNs: number;
  readonly windowEndNs: number;
}

/** Totals since the producer was made. */
export function workSoFar(producer: Producer, tracker: DeliveryTracker): ProducerWork {
  const stats = producer.stats();
  const cpu = process.threadCpuUsage();
  return {
    records: tracker.acknowledged,
    batches: stats.batches,
    requests: stats.requests,
    uncompressedBytes: stats.uncompressedBytes,
    compressedBytes: stats.compressedBytes,
    cpuNs: (cpu.user + cpu.system) * 1000,
  };
}

function subtract(end: ProducerWork, start: ProducerWork): ProducerWork {
  return {
    records: end.records - start.records,
    batches: end.batches - start.batches,
    requests: end.requests - start.requests,
    uncompressedBytes: end.uncompressedBytes - start.uncompressedBytes,
    compressedBytes: end.compressedBytes - start.compressedBytes,
    cpuNs: end.cpuNs - start.cpuNs,
  };
}
