import { medianOfSorted } from './averages.ts';
import type { Interval } from './interval.ts';

/**
 * All means of two values, each with itself and with every later one: n(n+1)/2 of them, ascending. Their median is the
 * Hodges-Lehmann estimate of the centre; their order statistics are the signed-rank test turned into bounds.
 */
export function walshAverages(values: readonly number[]): Float64Array {
  const { length } = values;
  const averages = new Float64Array((length * (length + 1)) / 2);
  let at = 0;
  for (let first = 0; first < length; first++) {
    for (let second = first; second < length; second++) {
      averages[at++] = (values[first]! + values[second]!) / 2;
    }
  }
  return averages.sort();
}

/**
 * Bounds of the centre of symmetry by exact inversion of the signed-rank test: of the M Walsh averages, ascending, the
 * one at index c and the one at M-1-c. Each bound is passed with probability P(W <= c). Throws RangeError when c does
 * not fit the number of values.
 */
export function signedRankBounds(values: readonly number[], c: number): Interval {
  const averages = walshAverages(values);
  const last = averages.length - 1 - c;
  if (!Number.isInteger(c) || c < 0 || last < c) {
    throw new RangeError(`c is ${c}, expected a whole number that ${values.length} values have bounds for`);
  }
  return { low: averages[c]!, high: averages[last]! };
}

/** The median of the Walsh averages: the estimate that goes with the bounds. NaN without values. */
export function hodgesLehmann(values: readonly number[]): number {
  return medianOfSorted(walshAverages(values));
}

/**
 * Exact two-sided p of Wilcoxon's signed-rank test that the centre is 0. Zeros are left out, as Wilcoxon did; ties get
 * their mean rank and the exact distribution over all signs of those ranks. 1 when nothing but zeros is left.
 */
export function signedRankP(values: readonly number[]): number {
  const signed = values.filter((value) => value !== 0);
  const doubled = doubledRanks(signed.map(Math.abs));
  let statistic = 0;
  for (const [index, value] of signed.entries()) if (value > 0) statistic += doubled[index]!;
  const total = doubled.reduce((sum, rank) => sum + rank, 0);
  const probabilities = sumProbabilities(doubled);
  // Symmetric: the smaller tail is that of the smaller of both sums.
  const smaller = Math.min(statistic, total - statistic);
  let tail = 0;
  for (let sum = 0; sum <= smaller; sum++) tail += probabilities[sum]!;
  return Math.min(1, 2 * tail);
}

/**
 * The largest c whose bounds are each passed with at most `oneSidedAlpha`; null when so few values have no such bound.
 * For one look: several looks at growing data need smaller ones (reports/check/looks.ts).
 */
export function signedRankIndex(n: number, oneSidedAlpha: number): number | null {
  const probabilities = sumProbabilities(Array.from({ length: n }, (_, index) => index + 1));
  let tail = 0;
  let c = -1;
  while (c + 1 < probabilities.length / 2 && tail + probabilities[c + 1]! <= oneSidedAlpha) {
    tail += probabilities[++c]!;
  }
  return n > 0 && c >= 0 ? c : null;
}

/** Twice the rank of each value, so that mean ranks of ties stay whole numbers. */
function doubledRanks(sizes: readonly number[]): number[] {
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[a]! - sizes[b]!);
  const ranks = new Array<number>(sizes.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && sizes[order[end]!] === sizes[order[start]!]) end++;
    for (let place = start; place < end; place++) ranks[order[place]!] = start + 1 + end;
    start = end;
  }
  return ranks;
}

/** Probability of each sum when every rank counts or does not, by the toss of a coin. */
function sumProbabilities(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const probabilities = new Float64Array(total + 1);
  probabilities[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= 0; sum--) {
      const without = probabilities[sum]!;
      const withIt = sum >= rank ? probabilities[sum - rank]! : 0;
      probabilities[sum] = (without + withIt) / 2;
    }
  }
  return probabilities;
}
