import type { LatencyHistogram } from './latency-histogram.ts';

/** Milliseconds; no percentile exceeds max; null where fewer samples exist than it needs. */
export interface LatencyFigures {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly p999: number | null;
  readonly p9999: number | null;
  readonly max: number | null;
}

/** Samples that must lie beyond a tail quantile before it is worth a number. */
export const SAMPLES_BEYOND_TAIL = 10;

export interface FigureRule {
  /**
   * Records that share one acknowledgement on average: samples of one batch are not independent, and a tail
   * needs ten requests beyond it, not ten records. 1 when not given.
   */
  readonly recordsPerRequest?: number;
}

/**
 * What result.json says of a histogram, in milliseconds.
 *
 * p50, p90, p95, p99, mean and max exist as soon as anything was recorded: with few samples a percentile is
 * then the maximum, by the nearest-rank rule, and `count` stands beside it. p999 and p9999 exist only with
 * at least ten independent samples beyond them (10,000 and 100,000 records when each has its own request);
 * otherwise they are null. No percentile exceeds max.
 */
export function latencyFigures(histogram: LatencyHistogram, rule: FigureRule = {}): LatencyFigures {
  const recordsPerRequest = Math.max(1, rule.recordsPerRequest ?? 1);
  const independent = histogram.count / recordsPerRequest;
  const tail = (quantile: number, oneIn: number): number | null =>
    independent >= SAMPLES_BEYOND_TAIL * oneIn ? toMs(histogram.quantileNs(quantile)) : null;
  return {
    count: histogram.count,
    mean: toMs(histogram.meanNs),
    p50: toMs(histogram.quantileNs(0.5)),
    p90: toMs(histogram.quantileNs(0.9)),
    p95: toMs(histogram.quantileNs(0.95)),
    p99: toMs(histogram.quantileNs(0.99)),
    p999: tail(0.999, 1_000),
    p9999: tail(0.9999, 10_000),
    max: toMs(histogram.maxNs),
  };
}

/** Whole nanoseconds, so at most six decimals: rounding a mean must not lift it above the maximum. */
function toMs(valueNs: number | null): number | null {
  return valueNs === null ? null : Math.round(valueNs) / 1e6;
}
