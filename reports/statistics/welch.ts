import { squaredDeviations } from './averages.ts';

/** How far the difference of two means may be off. */
export interface WelchSpread {
  readonly standardError: number;
  /** By Welch and Satterthwaite; Infinity where neither side varies. */
  readonly degreesOfFreedom: number;
}

/**
 * Of the difference of two independent means whose variances need not be equal (Welch's t). null with fewer than two
 * values on a side.
 */
export function welchSpread(first: readonly number[], second: readonly number[]): WelchSpread | null {
  if (first.length < 2 || second.length < 2) return null;
  const [a, b] = [squaredError(first), squaredError(second)];
  const standardError = Math.sqrt(a + b);
  if (standardError === 0) return { standardError: 0, degreesOfFreedom: Number.POSITIVE_INFINITY };
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (first.length - 1) + b ** 2 / (second.length - 1));
  return { standardError, degreesOfFreedom };
}

/** Of the mean: its variance over n. */
function squaredError(values: readonly number[]): number {
  const n = values.length;
  return squaredDeviations(values) / (n - 1) / n;
}
