import { jStat } from './jstat.ts';
import { scaledChiPoints, type WeightedPoint } from './scaled-chi.ts';
import { tQuantile } from './students-t.ts';

export interface DunnettFamily {
  /** How many levels are compared with the one base. */
  readonly comparisons: number;
  /** Of the variance that all comparisons share; Infinity where it is known. */
  readonly degreesOfFreedom: number;
  /** The chance that any of the comparisons finds a difference where none exists: 0.05. */
  readonly alpha: number;
  /** Of any two differences to the base, 0 to below 1: 0.5 when the base has as many trials as each level. */
  readonly correlation: number;
}

/** Of the probability. */
const TOLERANCE = 1e-9;
const MAX_STEPS = 60;
const cache = new Map<string, number>();

/**
 * The two-sided critical value of Dunnett's comparison of several levels with a base (1955, 1964): the largest of the
 * |differences| over their standard errors exceeds it with chance `alpha` when nothing differs. Remembered.
 */
export function dunnettCritical(family: DunnettFamily): number {
  checkFamily(family);
  const { comparisons, degreesOfFreedom, alpha, correlation } = family;
  const key = `${comparisons} ${degreesOfFreedom} ${alpha} ${correlation.toFixed(6)}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const critical = computeCritical(family);
  cache.set(key, critical);
  return critical;
}

/** The chance that all of the |differences| over their standard errors stay within `bound` when nothing differs. */
export function dunnettProbability(bound: number, family: Omit<DunnettFamily, 'alpha'>): number {
  checkFamily({ ...family, alpha: 0.5 });
  return probabilityWithin(bound, family, scaledChiPoints(family.degreesOfFreedom));
}

function computeCritical(family: DunnettFamily): number {
  const { comparisons, degreesOfFreedom, alpha } = family;
  const deviations = scaledChiPoints(degreesOfFreedom);
  const beyond = (bound: number): number => 1 - alpha - probabilityWithin(bound, family, deviations);
  // Between one comparison alone and Bonferroni's bound, which holds whatever the correlation.
  const low = tQuantile(1 - alpha / 2, degreesOfFreedom);
  if (comparisons === 1) return low;
  return rootBetween(beyond, low, tQuantile(1 - alpha / (2 * comparisons), degreesOfFreedom));
}

/** Where a falling function crosses 0: false position, halving the end that stays (Illinois). */
function rootBetween(falling: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [atLow, atHigh] = [falling(low), falling(high)];
  let kept: 'low' | 'high' | null = null;
  let x = high;
  for (let step = 0; step < MAX_STEPS && atLow > 0 && atHigh < 0; step++) {
    x = (low * atHigh - high * atLow) / (atHigh - atLow);
    const value = falling(x);
    if (Math.abs(value) < TOLERANCE) return x;
    if (value > 0) {
      [low, atLow] = [x, value];
      if (kept === 'high') atHigh /= 2;
      kept = 'high';
    } else {
      [high, atHigh] = [x, value];
      if (kept === 'low') atLow /= 2;
      kept = 'low';
    }
  }
  return x;
}

/**
 * Differences to one base are equally correlated normals over one estimated deviation s: given the base's own error z they
 * are independent, which leaves two integrals,
 *   E_s E_z [ Phi((bound s + sqrt(rho) z) / sqrt(1 - rho)) - Phi((-bound s + sqrt(rho) z) / sqrt(1 - rho)) ]^k.
 */
function probabilityWithin(
  bound: number,
  { comparisons, correlation }: Omit<DunnettFamily, 'alpha'>,
  deviations: readonly WeightedPoint[],
): number {
  const shared = Math.sqrt(correlation);
  const own = Math.sqrt(1 - correlation);
  const baseErrors = normalPoints(own);
  let total = 0;
  for (const { at: s, weight } of deviations) {
    if (weight < 1e-14) continue;
    let inner = 0;
    for (const { at: z, weight: share } of baseErrors) {
      const within = phi((bound * s + shared * z) / own) - phi((-bound * s + shared * z) / own);
      inner += share * within ** comparisons;
    }
    total += weight * inner;
  }
  return total;
}

const NORMAL_REACH = 8.5;

/** Points of the standard normal distribution, closer where what is integrated changes faster. */
function normalPoints(scale: number): WeightedPoint[] {
  const step = 0.35 * Math.min(1, scale);
  const count = 2 * Math.ceil(NORMAL_REACH / step) + 1;
  const points = Array.from({ length: count }, (_, index) => (index - (count - 1) / 2) * step);
  const weights = points.map((z) => Math.exp((-z * z) / 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return points.map((at, index) => ({ at, weight: weights[index]! / total }));
}

/** The standard normal distribution function. */
export function phi(x: number): number {
  return 0.5 * (1 + jStat.erf(x / Math.SQRT2));
}

function checkFamily({ comparisons, degreesOfFreedom, alpha, correlation }: DunnettFamily): void {
  if (!(Number.isInteger(comparisons) && comparisons >= 1)) {
    throw new RangeError(`at least one comparison is needed, got ${comparisons}`);
  }
  if (!(degreesOfFreedom > 0))
    throw new RangeError(`degrees of freedom must be above 0, got ${degreesOfFreedom}`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha must be between 0 and 1, got ${alpha}`);
  if (!(correlation >= 0 && correlation < 1)) {
    throw new RangeError(`the correlation must be from 0 to below 1, got ${correlation}`);
  }
}
