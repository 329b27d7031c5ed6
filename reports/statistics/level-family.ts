import type { VersusBase } from '../levels/level-summary.ts';
import { type BlockedFit, fitRoundsAndLevels, type RoundValue } from './blocked-fit.ts';
import { dunnettCritical, phi } from './dunnett.ts';
import { withoutRounding } from './rounding.ts';
import { scaledChiPoints } from './scaled-chi.ts';

/** The chance that any level of a family that does not differ from the base is called different. */
export const FAMILY_ALPHA = 0.05;
/**
 * The same where rounds end as soon as the intervals are narrow enough (--precision): they are narrowest when the variance
 * happens to look small, so that at 5 % a family of equal levels has a false alarm in up to 7.7 % of runs. At 3 % it is 3.0
 * to 5.0 % (simulated: 5 to 20 rounds, half width 2 %, families of 1 to 8 levels, normal noise of 0.6 to 2.6 %, 20,000 each).
 */
export const STOPPED_FAMILY_ALPHA = 0.03;
/** With which chance a difference as large as `detectable` is found. */
const DETECTABLE_POWER = 0.8;
const FEWEST_ROUNDS = 2;
/** Levels that share all their rounds and have no error of their own would be perfectly correlated. */
const HIGHEST_CORRELATION = 0.98;

/**
 * The levels of one factor against their base, within rounds: the effect of a level is ln(level / base), the variance is
 * pooled over the levels, and Dunnett's procedure holds at `alpha` for all of them together. Values that have no logarithm
 * count as missing. null for a level without a value in a round of the base; with one round there is a ratio and no more.
 */
export function compareWithBase(
  base: readonly RoundValue[],
  levels: readonly (readonly RoundValue[])[],
  alpha = FAMILY_ALPHA,
): (VersusBase | null)[] {
  const fit = fitRoundsAndLevels(logsOf(base), levels.map(logsOf));
  const bounds = boundsOf(fit, alpha);
  return fit.differences.map((fitted, level) => {
    const variance = fit.variances[level] ?? null;
    if (fitted === null || variance === null) return null;
    const difference = withoutRounding(fitted);
    const ratio = Math.exp(difference);
    if (bounds === null) return { ratio, low: null, high: null, significant: false, detectable: null };
    const error = withoutRounding(Math.sqrt(fit.residualVariance * variance));
    const margin = bounds.critical * error;
    return {
      ratio,
      low: Math.exp(difference - margin),
      high: Math.exp(difference + margin),
      significant: Math.abs(difference) > margin,
      detectable: Math.expm1(bounds.shift * error),
    };
  });
}

/** The base beside its levels: equal to itself, and as far as it goes into every comparison, what they can see. */
export function baseVersusItself(levels: readonly (VersusBase | null)[]): VersusBase {
  const detectable = levels.flatMap((one) => one?.detectable ?? []);
  const isKnown = detectable.length > 0;
  return {
    ratio: 1,
    low: isKnown ? 1 : null,
    high: isKnown ? 1 : null,
    significant: false,
    detectable: isKnown ? Math.max(...detectable) : null,
  };
}

function logsOf(values: readonly RoundValue[]): RoundValue[] {
  return values.flatMap(({ round, value }) =>
    value > 0 && Number.isFinite(value) ? [{ round, value: Math.log(value) }] : [],
  );
}

/** In standard errors: where a difference is significant, and which true one is found often enough. */
interface Bounds {
  readonly critical: number;
  readonly shift: number;
}

function boundsOf(
  { differences, rounds, degreesOfFreedom, correlation }: BlockedFit,
  alpha: number,
): Bounds | null {
  const comparisons = differences.filter((difference) => difference !== null).length;
  if (comparisons === 0 || rounds < FEWEST_ROUNDS || degreesOfFreedom < 1) return null;
  const critical = dunnettCritical({
    comparisons,
    degreesOfFreedom,
    alpha,
    // The smallest of those that missing trials left is on the safe side: the critical value falls with it.
    correlation: comparisons === 1 ? 0 : Math.min(HIGHEST_CORRELATION, Math.max(0, correlation)),
  });
  return { critical, shift: shiftFoundWith(DETECTABLE_POWER, critical, degreesOfFreedom) };
}

const shifts = new Map<string, number>();

/** The true difference, in standard errors, that exceeds `critical` estimated ones with chance `power`. Remembered. */
function shiftFoundWith(power: number, critical: number, degreesOfFreedom: number): number {
  const key = `${power} ${critical} ${degreesOfFreedom}`;
  const known = shifts.get(key);
  if (known !== undefined) return known;
  const deviations = scaledChiPoints(degreesOfFreedom);
  const found = (shift: number): number =>
    deviations.reduce(
      (sum, { at: s, weight }) => sum + weight * (phi(shift - critical * s) + phi(-shift - critical * s)),
      0,
    );
  let [low, high] = [0, critical];
  while (found(high) < power) high *= 2;
  while (high - low > 1e-6 * high) {
    const middle = (low + high) / 2;
    if (found(middle) < power) low = middle;
    else high = middle;
  }
  shifts.set(key, high);
  return high;
}
