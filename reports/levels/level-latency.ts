import { latencyFigures, SAMPLES_BEYOND_TAIL, shownFigures } from '../measure/latency-figures.ts';
import { type LatencyHistogram, mergeLatencies } from '../measure/latency-histogram.ts';
import { type CurvePoint, percentileCurve } from '../measure/percentile-curve.ts';
import type { LatencyFigures, TrialResult } from '../result.ts';
import { logIntervalAround } from '../statistics/mean-interval.ts';

/** A trial's latency, read afresh for each call; the caller destroys it. null when it is not at hand. */
export type HistogramSource = (trial: TrialResult) => LatencyHistogram | null;

export type IntervalledQuantile = 'p50' | 'p95' | 'p99';

export interface QuantileInterval {
  readonly low: number;
  readonly high: number;
}

export interface LevelLatency {
  /**
   * Of the merged histograms; those of the middle repeat (by p99) where histograms are not at hand. Percentiles that
   * fewer than ten requests lie beyond are null.
   */
  readonly latency: LatencyFigures | null;
  readonly latencyFrom: 'merged' | 'middle repeat';
  /** 95 %, from the spread of the quantile's logarithm over the trials; null with one, or where it is not shown. */
  readonly latencyIntervals: Readonly<Record<IntervalledQuantile, QuantileInterval | null>>;
  readonly curve: readonly CurvePoint[];
}

/** Percentiles are never averaged: histograms are merged, or one repeat speaks. `good` are the trials that went well. */
export function levelLatency(good: readonly TrialResult[], source: HistogramSource): LevelLatency {
  const measured = good.filter((trial) => trial.latencyMs.count > 0);
  const merged = mergedOf(measured, source) ?? middleOf(measured);
  const interval = (key: IntervalledQuantile): QuantileInterval | null =>
    intervalOf(merged.latency?.[key] ?? null, measured, key);
  return {
    ...merged,
    latencyIntervals: { p50: interval('p50'), p95: interval('p95'), p99: interval('p99') },
  };
}

/** Distinct requests behind a trial's latencies: its records come in so many answers. */
export function requestsBehind({ batches, latencyMs, sendForm }: TrialResult): number {
  const { requestsPerRecord } = batches;
  if (sendForm === 'sync' || requestsPerRecord === null || requestsPerRecord <= 0) return latencyMs.count;
  return latencyMs.count * Math.min(1, requestsPerRecord);
}

type Figures = Omit<LevelLatency, 'latencyIntervals'>;

/** null when a histogram is not at hand. */
function mergedOf(measured: readonly TrialResult[], source: HistogramSource): Figures | null {
  if (measured.length === 0) return null;
  const histograms: LatencyHistogram[] = [];
  try {
    for (const trial of measured) {
      const histogram = source(trial);
      if (histogram === null) return null;
      histograms.push(histogram);
    }
    const merged = mergeLatencies(histograms);
    const requests = measured.reduce((sum, trial) => sum + requestsBehind(trial), 0);
    const recordsPerRequest = merged.count / requests;
    // A single trial keeps its own figures: its maximum is exact, which a file's is not.
    const figures =
      measured.length === 1 ? measured[0]!.latencyMs : latencyFigures(merged, { recordsPerRequest });
    const curve = withinReach(percentileCurve(merged), requests);
    merged.destroy();
    return { latency: shownFigures(figures, requests), latencyFrom: 'merged', curve };
  } finally {
    for (const histogram of histograms) histogram.destroy();
  }
}

function middleOf(measured: readonly TrialResult[]): Figures {
  const byP99 = measured.toSorted((a, b) => (a.latencyMs.p99 ?? 0) - (b.latencyMs.p99 ?? 0));
  const middle = byP99[Math.floor((byP99.length - 1) / 2)];
  if (middle === undefined) return { latency: null, latencyFrom: 'middle repeat', curve: [] };
  const requests = requestsBehind(middle);
  const latency = shownFigures(middle.latencyMs, requests);
  return { latency, latencyFrom: 'middle repeat', curve: withinReach(curveOfFigures(latency), requests) };
}

/** A curve ends where its percentiles do. */
function withinReach(curve: readonly CurvePoint[], requests: number): CurvePoint[] {
  return curve.filter(({ oneIn }) => oneIn * SAMPLES_BEYOND_TAIL <= requests);
}

function curveOfFigures(figures: LatencyFigures): CurvePoint[] {
  const points: [number, number | null][] = [
    [2, figures.p50],
    [10, figures.p90],
    [20, figures.p95],
    [100, figures.p99],
    [1_000, figures.p999],
    [10_000, figures.p9999],
  ];
  return points.flatMap(([oneIn, latencyMs]) => (latencyMs === null ? [] : [{ oneIn, latencyMs }]));
}

/** Around the merged value, as far as the trials' own lie apart. */
function intervalOf(
  value: number | null,
  trials: readonly TrialResult[],
  key: IntervalledQuantile,
): QuantileInterval | null {
  if (value === null) return null;
  return logIntervalAround(
    value,
    trials.flatMap(({ latencyMs }) => latencyMs[key] ?? []),
  );
}
