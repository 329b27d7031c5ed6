import { mean, medianOfSorted, squaredDeviations } from '../../reports/statistics/averages.ts';
import type { Interval } from '../../reports/statistics/interval.ts';

export interface MedianFigure extends Interval {
  readonly median: number;
  readonly n: number;
  /** Chance that the interval holds the true median: at least 0.95 from 6 values on; with fewer it is min to max. */
  readonly coverage: number;
}

/**
 * The median with its interval from order statistics, which assumes nothing of the distribution: the narrowest pair
 * of ranks from both ends whose chance to hold the median is 95 % or more.
 */
export function medianFigure(values: readonly number[]): MedianFigure {
  if (values.length === 0) throw new RangeError('no values, no median');
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const median = medianOfSorted(sorted);
  let rank = 0;
  while (rank + 1 < n - 1 - (rank + 1) && coverageOf(n, rank + 1) >= 0.95) rank++;
  return { median, low: sorted[rank]!, high: sorted[n - 1 - rank]!, n, coverage: coverageOf(n, rank) };
}

/** Chance that the median lies between the values of rank `rank` from below and from above: sign test. */
function coverageOf(n: number, rank: number): number {
  let outside = 0;
  let ways = 1;
  for (let k = 0; k <= rank; k++) {
    outside += ways;
    ways = (ways * (n - k)) / (k + 1);
  }
  return Math.max(0, 1 - (2 * outside) / 2 ** n);
}

export interface RatioFigure extends Interval {
  /** Geometric mean of the ratios. */
  readonly ratio: number;
  readonly n: number;
}

/** 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom. */
const T_QUANTILES = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/**
 * Ratios taken within rounds, one per round: geometric mean and 95 % t interval of their logarithms. Beyond 30 degrees
 * of freedom the quantile of 30 is used, which is slightly too wide. One ratio has no interval: NaN.
 */
export function ratioFigure(ratios: readonly number[]): RatioFigure {
  const n = ratios.length;
  if (n === 0) throw new RangeError('no ratios, no mean');
  const logs = ratios.map(Math.log);
  const centre = mean(logs);
  if (n === 1) return { ratio: Math.exp(centre), low: Number.NaN, high: Number.NaN, n };
  const variance = squaredDeviations(logs) / (n - 1);
  const margin = T_QUANTILES[Math.min(n - 1, T_QUANTILES.length) - 1]! * Math.sqrt(variance / n);
  return { ratio: Math.exp(centre), low: Math.exp(centre - margin), high: Math.exp(centre + margin), n };
}
