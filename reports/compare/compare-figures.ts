import type { Figure } from '../figures/figures.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { ROUNDING } from '../statistics/rounding.ts';
import { tQuantile, tTwoSidedP } from '../statistics/students-t.ts';
import { welchSpread } from '../statistics/welch.ts';
import type { ComparisonRow } from './comparison.ts';

/** One figure on both sides. */
export interface FigurePair {
  readonly metric: string;
  readonly level: string | null;
  readonly base: Pick<Figure, 'value' | 'samples'> | null;
  readonly candidate: Pick<Figure, 'value' | 'samples'> | null;
}

/** Of an interval, and of a family of tests. */
export const COMPARISON_ALPHA = 0.05;

/**
 * The change of each figure from base to candidate, with the 95 % interval and p of Welch's t on the logarithms of the
 * trials' figures: a t-test, since with three trials a side no rank test can go below p = 0.1; on logarithms, since what
 * makes one run slower than another multiplies; Welch's, since one side may well be the noisier. Percentiles are those
 * of the merged trials, and the trials' own lend them the spread.
 *
 * Interval and p are each row's own. Significant is what stays below 5 % by Holm's procedure over the levels of its
 * metric: so at most one metric in twenty without any difference shows one.
 */
export function compareFigures(pairs: readonly FigurePair[]): ComparisonRow[] {
  const rows = pairs.map(compared);
  const metrics = new Set(rows.map(({ metric }) => metric));
  const adjusted = new Map<ComparisonRow, number>();
  for (const metric of metrics) {
    const family = rows.filter((row) => row.metric === metric && row.p !== null);
    const pValues = holmAdjusted(family.map(({ p }) => p!));
    for (const [index, row] of family.entries()) adjusted.set(row, pValues[index]!);
  }
  return rows.map((row) => ({ ...row, significant: (adjusted.get(row) ?? 1) < COMPARISON_ALPHA }));
}

function compared({ metric, level, base, candidate }: FigurePair): ComparisonRow {
  const n = Math.min(base?.samples.length ?? 0, candidate?.samples.length ?? 0);
  const sides = { base: base?.value ?? null, candidate: candidate?.value ?? null };
  const unknown = { change: null, low: null, high: null, p: null };
  const row = { metric, level, ...sides, ...unknown, n, significant: false };
  if (!isPositive(sides.base) || !isPositive(sides.candidate)) return row;
  const logRatio = Math.log(sides.candidate / sides.base);
  return {
    ...row,
    change: Math.expm1(logRatio),
    ...uncertaintyOf(logRatio, base!.samples, candidate!.samples),
  };
}

function uncertaintyOf(
  logRatio: number,
  base: readonly number[],
  candidate: readonly number[],
): Pick<ComparisonRow, 'low' | 'high' | 'p'> {
  const nothing = { low: null, high: null, p: null };
  if (![...base, ...candidate].every(isPositive)) return nothing;
  const spread = welchSpread(candidate.map(Math.log), base.map(Math.log));
  if (spread === null) return nothing;
  const { standardError, degreesOfFreedom } = spread;
  // What is decided by the seed alone is the same in every trial: then it is the same, or it is not.
  if (standardError < ROUNDING) {
    const isSame = Math.abs(logRatio) < ROUNDING;
    return { low: Math.expm1(logRatio), high: Math.expm1(logRatio), p: isSame ? 1 : 0 };
  }
  const margin = tQuantile(1 - COMPARISON_ALPHA / 2, degreesOfFreedom) * standardError;
  return {
    low: Math.expm1(logRatio - margin),
    high: Math.expm1(logRatio + margin),
    p: tTwoSidedP(logRatio / standardError, degreesOfFreedom),
  };
}

function isPositive(value: number | null): value is number {
  return value !== null && value > 0;
}
