import { squaredDeviations } from '../statistics/averages.ts';
import type { Interval } from '../statistics/interval.ts';
import { hodgesLehmann, signedRankBounds } from '../statistics/signed-rank.ts';
import type { CheckVerdict } from './check-result.ts';
import { LOOKS, type Look } from './looks.ts';

/** What counts: everything relative, 0.05 for 5 %. */
export interface Criteria {
  readonly direction: 'lower is better' | 'higher is better';
  /** A change for the worse up to here is none. */
  readonly tolerance: number;
  /** A change for the worse from here on must not pass. */
  readonly margin: number;
}

export type Decision =
  | { readonly kind: 'go on' }
  | { readonly kind: 'decided'; readonly verdict: CheckVerdict; readonly look: Look };

/** The estimate and its bounds as relative changes of the metric: candidate / base - 1. */
export interface ChangeEstimate extends Interval {
  readonly change: number;
}

/**
 * What a check makes of its sessions so far, given ln(candidate / base) of each, in order. Between looks and where a
 * look leaves it open it goes on; the last look decides, if only that it cannot be told.
 *
 * At a look, with bounds of the slowdown in logarithms (so that the margin is ln(1 + margin)): a lower bound above the
 * tolerance with an upper one from the margin on is a regression. An upper bound below the margin ends the check
 * without one: a minor slowdown where the lower bound is above the tolerance, an improvement where the upper one is
 * below minus the tolerance. No further session is spent on proving an improvement.
 */
export function decide(
  logRatios: readonly number[],
  criteria: Criteria,
  looks: readonly Look[] = LOOKS,
): Decision {
  const look = looks.find(({ sessions }) => sessions === logRatios.length);
  if (look === undefined) return { kind: 'go on' };
  const verdict = verdictAt(look, logRatios, criteria);
  if (verdict !== null) return { kind: 'decided', verdict, look };
  return look === looks.at(-1) ? { kind: 'decided', verdict: 'inconclusive', look } : { kind: 'go on' };
}

function verdictAt(look: Look, logRatios: readonly number[], criteria: Criteria): CheckVerdict | null {
  const { low, high } = signedRankBounds(slowdowns(logRatios, criteria), look.c);
  const limits = limitsOf(criteria);
  if (high >= limits.margin) return low > limits.tolerance ? 'regression' : null;
  if (low > limits.tolerance) return 'minor slowdown';
  return high < limits.improvement ? 'improvement' : 'no regression';
}

/** The smallest change for the worse that a check ending at this look finds with 95 % power, given the observed spread. */
export function detectableChange(logRatios: readonly number[], criteria: Criteria, look: Look): number {
  const found = limitsOf(criteria).tolerance + look.shiftFound95 * standardDeviation(logRatios);
  return criteria.direction === 'lower is better' ? Math.expm1(found) : -Math.expm1(-found);
}

/** The Hodges-Lehmann estimate with the bounds at index c, as changes of the metric itself. */
export function estimateChange(logRatios: readonly number[], c: number): ChangeEstimate {
  const { low, high } = signedRankBounds(logRatios, c);
  return { change: Math.expm1(hodgesLehmann(logRatios)), low: Math.expm1(low), high: Math.expm1(high) };
}

/** Logarithms in which more is worse. */
function slowdowns(logRatios: readonly number[], { direction }: Criteria): readonly number[] {
  return direction === 'lower is better' ? logRatios : logRatios.map((ratio) => -ratio);
}

/** A throughput that is worse by 5 % is ln(1 - 0.05): the limits hold for the change as it is printed. */
function limitsOf({
  direction,
  tolerance,
  margin,
}: Criteria): Record<'tolerance' | 'margin' | 'improvement', number> {
  return direction === 'lower is better'
    ? { tolerance: Math.log1p(tolerance), margin: Math.log1p(margin), improvement: Math.log1p(-tolerance) }
    : {
        tolerance: -Math.log1p(-tolerance),
        margin: -Math.log1p(-margin),
        improvement: -Math.log1p(tolerance),
      };
}

function standardDeviation(values: readonly number[]): number {
  return Math.sqrt(squaredDeviations(values) / Math.max(1, values.length - 1));
}
