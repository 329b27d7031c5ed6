import { meanInterval } from '../../reports/statistics/mean-interval.ts';
import type { Condition } from './conditions.ts';

/** Whether candidates are slower by what they are said to be. */
export interface Calibration {
  /** Relative, as `low` and `high`: the mean over the sessions with its 95 % interval. */
  readonly change: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly nominal: number;
  /** By how much it may lie beyond the interval. */
  readonly limit: number;
  readonly isMet: boolean;
}

/**
 * By how much the mean may miss the nominal slowdown beyond its own interval: checks are drawn from sessions that were moved
 * to it, and what is left to see is that they are of its size.
 */
function allowed({ slowdown }: Condition): number {
  return Math.max(0.01, slowdown / 4);
}

/** null without sessions. One session has no interval, and shows nothing. */
export function calibrationOf(condition: Condition, logRatios: readonly number[]): Calibration | null {
  const estimate = meanInterval(logRatios);
  if (estimate === null) return null;
  const nominal = condition.slowdown;
  const limit = allowed(condition);
  const change = Math.expm1(estimate.value);
  if (estimate.low === null || estimate.high === null) {
    return { change, low: null, high: null, nominal, isMet: false, limit };
  }
  const [low, high] = [Math.expm1(estimate.low), Math.expm1(estimate.high)];
  return { change, low, high, nominal, isMet: low - limit <= nominal && nominal <= high + limit, limit };
}

/**
 * Sessions of a slowed candidate as they would be had it been slower by just what its condition says: their spread is as
 * measured, their mean is moved there. Power is that at 5 %, not at the 6 % that a loop with its effects on caches may come
 * to. A against A stays as it is: its mean is what a check meets.
 */
export function movedToNominal({ slowdown }: Condition, logRatios: readonly number[]): readonly number[] {
  const centre = meanInterval(logRatios);
  if (slowdown === 0 || centre === null) return logRatios;
  return logRatios.map((value) => value - centre.value + Math.log1p(slowdown));
}

/** Of what a session's candidate should have burnt. */
const BURNT_WITHIN = 0.1;

/**
 * Whether a session's candidate burnt what its condition says: one that got too little of the processors to settle burns
 * nothing or something else. Only what was done to it counts here, never what came out.
 */
export function hasItsSlowdown({ slowdown }: Condition, achieved: number | null): boolean {
  if (slowdown === 0) return true;
  return achieved !== null && Math.abs(achieved - slowdown) <= BURNT_WITHIN * slowdown;
}

export function calibrationText({ change, low, high, nominal, isMet, limit }: Calibration): string {
  const percent = (fraction: number): string => `${(fraction * 100).toFixed(2)} %`;
  const interval =
    low === null || high === null ? 'no interval' : `95 % interval ${percent(low)} to ${percent(high)}`;
  return `${isMet ? 'met   ' : 'MISSED'} mean change ${percent(change)} (${interval}; nominal ${percent(nominal)}, at most ${(limit * 100).toFixed(2)} per cent points beyond the interval)`;
}
