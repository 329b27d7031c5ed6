import { meanInterval } from '../statistics/mean-interval.ts';

/** One figure over the repeats of a level. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** 95 % t interval of the mean; null with one repeat. */
  readonly low: number | null;
  readonly high: number | null;
  /** How many repeats have it. */
  readonly n: number;
}

/** null when no repeat has the figure. */
export function spreadOf(values: Iterable<number | null>): Spread | null {
  const known = [...values].filter((value): value is number => value !== null && Number.isFinite(value));
  const estimate = meanInterval(known);
  if (estimate === null) return null;
  const { value: mean, low, high, n } = estimate;
  const min = Math.min(...known);
  // Rates, times and counts are never below 0, whatever a symmetric interval of few repeats says.
  const floored = low === null ? null : Math.max(Math.min(0, min), low);
  return { mean, min, max: Math.max(...known), low: floored, high, n };
}

/**
 * Whether `value` differs from the base by no more than the base's repeats differ among themselves (largest
 * minus smallest). That is deliberately wider than lying between them: with three repeats of an equal thing
 * a fourth falls outside their range every second time. Nor is it by more than
 * the square of their factor: where repeats lie three times apart, no fall is larger than that, not even to nothing.
 * false when the base ran once: nothing is known then.
 */
export function isInsideSpread(value: number, base: Spread): boolean {
  const { mean, min, max, n } = base;
  return n > 1 && Math.abs(value - mean) <= max - min && value * max ** 2 >= mean * min ** 2;
}
