import { SAMPLES_BEYOND_TAIL } from '../measure/latency-figures.ts';
import type { LatencyHistogram } from '../measure/latency-histogram.ts';

const PERCENTILES = [
  ['50pct', 0.5],
  ['75pct', 0.75],
  ['95pct', 0.95],
  ['99pct', 0.99],
  ['999pct', 0.999],
  ['9999pct', 0.9999],
] as const;

/** In an interval only from here on: the charts of that benchmark stop at a p99 which is no number. */
const TAIL = 0.999;

/** How many records share a request, and from which quantile on ten distinct requests must lie beyond it. */
export interface SupportRule {
  readonly recordsPerRequest: number;
  readonly from: 'every quantile' | 'the tail';
}

/** `<prefix>Avg`, `<prefix>50pct` ... `<prefix>Max` in milliseconds; null where too few requests stand behind one. */
export function latencyScalars(
  prefix: string,
  histogram: LatencyHistogram,
  rule: SupportRule,
): Record<string, number | null> {
  const entries = PERCENTILES.map(([name, quantile]) => [
    `${prefix}${name}`,
    isSupported(histogram, quantile, rule) ? toMs(histogram.quantileNs(quantile)) : null,
  ]);
  return {
    [`${prefix}Avg`]: toMs(histogram.meanNs),
    ...Object.fromEntries(entries),
    [`${prefix}Max`]: toMs(histogram.maxNs),
  };
}

/** Interval figures (of latencyScalars without a prefix) as the arrays that they are there. */
export function latencyArrays(
  prefix: string,
  intervals: readonly Readonly<Record<string, number | null>>[],
): Record<string, readonly (number | null)[]> {
  const names = ['Avg', ...PERCENTILES.map(([name]) => name), 'Max'];
  return Object.fromEntries(
    names.map((name) => [`${prefix}${name}`, intervals.map((interval) => interval[name] ?? null)]),
  );
}

const BELOW_TAIL = Array.from({ length: 99 }, (_, index) => index + 1);
const IN_TAIL = [99.5, 99.9, 99.95, 99.99, 99.995, 99.999];

/** Percentile -> milliseconds, as far as the requests carry; the maximum stands at 100. Keys are Java's doubles. */
export function quantileMap(histogram: LatencyHistogram, rule: SupportRule): Record<string, number | null> {
  if (histogram.count === 0) return {};
  const percentiles = [...BELOW_TAIL, ...IN_TAIL].filter((percentile) =>
    isSupported(histogram, percentile / 100, rule),
  );
  const points = [...percentiles, 100].map((percentile) => [
    Number.isInteger(percentile) ? percentile.toFixed(1) : String(percentile),
    percentile === 100 ? toMs(histogram.maxNs) : toMs(histogram.quantileNs(percentile / 100)),
  ]);
  return Object.fromEntries(points);
}

function isSupported(
  { count }: LatencyHistogram,
  quantile: number,
  { recordsPerRequest, from }: SupportRule,
): boolean {
  if (count === 0) return false;
  if (from === 'the tail' && quantile < TAIL) return true;
  return (count / recordsPerRequest) * (1 - quantile) >= SAMPLES_BEYOND_TAIL * (1 - 1e-9);
}

function toMs(valueNs: number | null): number | null {
  return valueNs === null ? null : Math.round(valueNs) / 1e6;
}
