import { mean, squaredDeviations } from './averages.ts';
import type { Interval } from './interval.ts';
import { tQuantile } from './students-t.ts';

/** A mean with its 95 % interval, and how many independent values stand behind it. */
export interface MeanEstimate {
  readonly value: number;
  /** null with one value: nothing is known of its spread then. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
}

const CONFIDENCE = 0.95;

/** Arithmetic mean and 95 % t interval; null without values. */
export function meanInterval(values: readonly number[]): MeanEstimate | null {
  const n = values.length;
  if (n === 0) return null;
  const value = mean(values);
  if (n === 1) return { value, low: null, high: null, n };
  const variance = squaredDeviations(values) / (n - 1);
  const margin = tQuantile(0.5 + CONFIDENCE / 2, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - margin, high: value + margin, n };
}

/**
 * Geometric mean and the 95 % t interval of the logarithms, for what varies by factors, as latencies do. null without
 * values, and where one is not above 0 and so has no logarithm.
 */
export function logMeanInterval(values: readonly number[]): MeanEstimate | null {
  if (values.some((value) => !(value > 0))) return null;
  const estimate = meanInterval(values.map(Math.log));
  if (estimate === null) return null;
  const { value, low, high, n } = estimate;
  return {
    value: Math.exp(value),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
    n,
  };
}

/**
 * Around a value that stands for all of `samples` (the quantile of their merged histograms, their mean): as far as the
 * logarithms of the samples' own values lie apart, at 95 %. null with one sample, or where one has no logarithm.
 */
export function logIntervalAround(value: number, samples: readonly number[]): Interval | null {
  const spread = logMeanInterval(samples);
  if (spread === null || spread.low === null || spread.high === null) return null;
  return { low: value * (spread.low / spread.value), high: value * (spread.high / spread.value) };
}
