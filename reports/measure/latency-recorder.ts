import { LatencyHistogram } from './latency-histogram.ts';

/**
 * Records latencies of one thread and hands out what was recorded interval by interval (for .hlog files
 * and the live p99) by swapping an active and an inactive histogram: recording costs one histogram only,
 * the total is the sum of the intervals. At most three histograms of about 270 KB each, plus the intervals
 * not given back with recycle().
 */
export class LatencyRecorder {
  private active = new LatencyHistogram();
  private spare: LatencyHistogram | null = null;
  private readonly past = new LatencyHistogram();

  /** Nanoseconds; at most 25 ns per call. */
  record(latencyNs: number): void {
    this.active.record(latencyNs);
  }

  recordMany(latencyNs: number, count: number): void {
    this.active.recordMany(latencyNs, count);
  }

  /** Adds what another histogram holds to the interval still open. */
  addAll(histogram: LatencyHistogram): void {
    this.active.add(histogram);
  }

  /** Since the beginning. */
  get count(): number {
    return this.past.count + this.active.count;
  }

  /** Of the interval still open: what a progress line shows, without touching what is recorded. */
  liveQuantileNs(quantile: number): number | null {
    return this.active.quantileNs(quantile);
  }

  /** Closes the interval and opens the next. The caller owns the histogram: recycle() or destroy() it. */
  takeInterval(): LatencyHistogram {
    const interval = this.active;
    this.active = this.spare ?? new LatencyHistogram();
    this.spare = null;
    this.past.add(interval);
    return interval;
  }

  /** Gives an interval back, so that the next swap allocates nothing. */
  recycle(interval: LatencyHistogram): void {
    if (this.spare !== null) {
      interval.destroy();
      return;
    }
    interval.reset();
    this.spare = interval;
  }

  /** Everything recorded so far, in a histogram of its own that the caller owns. */
  snapshot(): LatencyHistogram {
    const copy = new LatencyHistogram();
    copy.add(this.past);
    copy.add(this.active);
    return copy;
  }

  /** The snapshot as bytes for postMessage: LatencyHistogram.fromBytes reads them. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const snapshot = this.snapshot();
    const bytes = snapshot.toBytes();
    snapshot.destroy();
    return bytes;
  }

  /** Forgets everything (end of the warm-up). */
  reset(): void {
    this.active.reset();
    this.past.reset();
  }

  /** Gives the memory back; any use afterwards throws. */
  destroy(): void {
    this.active.destroy();
    this.past.destroy();
    this.spare?.destroy();
    this.spare = null;
  }
}
