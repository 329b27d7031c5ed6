import { perfTestLine, perfTestProgressLine } from '../../reports/formats/perf-test-line.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';

const BYTES_PER_MB = 2 ** 20;

/** What has been acknowledged since a moment, with its latencies; kafka-producer-perf-test's Stats. */
export class PerfStats {
  readonly #histogram = new LatencyHistogram();
  readonly #startNs: number;
  #bytes = 0;
  #windowStartNs: number;
  #windowRecords = 0;
  #windowBytes = 0;
  #windowSumNs = 0;
  #windowMaxNs = 0;

  constructor(startNs: number) {
    this.#startNs = startNs;
    this.#windowStartNs = startNs;
  }

  get records(): number {
    return this.#histogram.count;
  }

  acknowledged(latencyNs: number, bytes: number): void {
    this.#histogram.record(latencyNs);
    this.#bytes += bytes;
    this.#windowRecords++;
    this.#windowBytes += bytes;
    this.#windowSumNs += latencyNs;
    if (latencyNs > this.#windowMaxNs) this.#windowMaxNs = latencyNs;
  }

  /** The line since the one before, and begins anew; null when nothing was acknowledged meanwhile. */
  takeProgressLine(nowNs: number): string | null {
    const records = this.#windowRecords;
    if (records === 0) return null;
    const seconds = (nowNs - this.#windowStartNs) / 1e9;
    const line = perfTestProgressLine({
      records,
      recordsPerSecond: records / seconds,
      megabytesPerSecond: this.#windowBytes / seconds / BYTES_PER_MB,
      meanMs: this.#windowSumNs / records / 1e6,
      maxMs: this.#windowMaxNs / 1e6,
    });
    this.#windowStartNs = nowNs;
    this.#windowRecords = 0;
    this.#windowBytes = 0;
    this.#windowSumNs = 0;
    this.#windowMaxNs = 0;
    return line;
  }

  /** The last line; with `state`, the one of the records after the warm-up (`steady state`). */
  totalLine(nowNs: number, state = ''): string {
    const { count, meanNs, maxNs } = this.#histogram;
    const seconds = Math.max(1, nowNs - this.#startNs) / 1e9;
    const line = perfTestLine(
      {
        records: count,
        recordsPerSecond: count / seconds,
        megabytesPerSecond: this.#bytes / seconds / BYTES_PER_MB,
        meanMs: (meanNs ?? 0) / 1e6,
        maxMs: (maxNs ?? 0) / 1e6,
      },
      this.#histogram,
    );
    return state === '' ? line : line.replace(' records sent', ` ${state} records sent`);
  }

  destroy(): void {
    this.#histogram.destroy();
  }
}
