import { mean } from './averages.ts';

/**
 * The mean of what is left once the floor(share * n) smallest and as many of the largest values are taken away (as
 * scipy.stats.trim_mean): 0.2 keeps the middle three fifths. NaN without values. Throws RangeError for a share outside
 * [0, 0.5).
 */
export function trimmedMean(values: readonly number[], share: number): number {
  if (!(share >= 0 && share < 0.5)) throw new RangeError(`share is ${share}, expected 0 to below 0.5`);
  const cut = Math.floor(share * values.length);
  return mean(values.toSorted((a, b) => a - b).slice(cut, values.length - cut));
}
