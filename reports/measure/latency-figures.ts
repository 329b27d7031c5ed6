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

/** How far out each percentile lies: one sample in so many is beyond it. */
const ONE_IN = { p50: 2, p90: 10, p95: 20, p99: 100, p999: 1_000, p9999: 10_000 } as const;

/**
 * What a trial keeps of a histogram, in milliseconds: the data, of which shownFigures() says what may be shown.
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

/**
 * The figures without the percentiles that fewer than ten of `requests` distinct requests lie beyond: records of one
 * request share its fate, so a p99 needs 1,000 requests, a median 20.
 */
export function shownFigures(figures: LatencyFigures, requests: number): LatencyFigures {
  const shown = (key: keyof typeof ONE_IN): number | null =>
    requests >= SAMPLES_BEYOND_TAIL * ONE_IN[key] ? figures[key] : null;
  return {
    ...figures,
    p50: shown('p50'),
    p90: shown('p90'),
    p95: shown('p95'),
    p99: shown('p99'),
    p999: shown('p999'),
    p9999: shown('p9999'),
  };
}

/** Whole nanoseconds, so at most six decimals: rounding a mean must not lift it above the maximum. */
function toMs(valueNs: number | null): number | null {
  return valueNs === null ? null : Math.round(valueNs) / 1e6;
}
