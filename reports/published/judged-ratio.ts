import type { Level } from '../levels/levels.ts';
import { figureText } from '../number-text.ts';
import type { TrialResult } from '../result.ts';
import { geometricMean } from '../statistics/averages.ts';
import { logMeanInterval, type MeanEstimate } from '../statistics/mean-interval.ts';

/** Of a ratio's interval: its upper end below, or its lower end at least. */
export type Demand =
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'at least'; readonly limit: number };

/** Shown by the whole interval, refuted by the mean, or neither. */
export type Verdict = 'holds' | 'fails' | 'not decided';

/** A ratio over rounds and what was demanded of it. */
export interface JudgedRatio {
  /** Geometric mean over the rounds with its 95 % interval. */
  readonly estimate: MeanEstimate;
  readonly verdict: Verdict;
}

/** Null without values. */
export function judgeRatio(values: readonly number[], demand: Demand): JudgedRatio | null {
  const estimate = logMeanInterval(values);
  return estimate === null ? null : { estimate, verdict: verdictOf(estimate, demand) };
}

function verdictOf({ value, low, high }: MeanEstimate, { kind, limit }: Demand): Verdict {
  const holds = (one: number): boolean => (kind === 'below' ? one < limit : one >= limit);
  if (!holds(value)) return 'fails';
  if (low === null || high === null) return 'not decided';
  return holds(low) && holds(high) ? 'holds' : 'not decided';
}

/** A trial's figure; null where it cannot be had. */
export type TrialFigure = (trial: TrialResult) => number | null;

/** One level's figure over another's, round by round, in rounds where both are known and the second is above 0. */
export function ratiosWithin(figure: TrialFigure, above?: Level, below?: Level): ReadonlyMap<number, number> {
  const [over, under] = [figuresByRound(figure, above), figuresByRound(figure, below)];
  const ratios = new Map<number, number>();
  for (const [round, value] of over) {
    const divisor = under.get(round) ?? 0;
    if (divisor > 0) ratios.set(round, value / divisor);
  }
  return ratios;
}

/** Of the trials that went well; a round with several has their geometric mean. */
export function figuresByRound(figure: TrialFigure, level?: Level): ReadonlyMap<number, number> {
  const rounds = Map.groupBy(level?.trials ?? [], ({ round }) => round);
  const figures = new Map<number, number>();
  for (const [round, trials] of rounds) {
    const values = trials
      .filter(({ status }) => status === 'ok')
      .map(figure)
      .filter((value) => value !== null && value > 0);
    if (values.length > 0) figures.set(round, geometricMean(values as number[]));
  }
  return figures;
}

/** `0.936 times (0.710 to 1.24)`: the mean, and its interval where there is one. */
export function estimateText(
  { value, low, high }: MeanEstimate,
  figure: (value: number) => string = figureText,
  unit = 'times',
): string {
  const range = low === null || high === null ? '' : ` (${figure(low)} to ${figure(high)})`;
  return `${figure(value)} ${unit}${range}`;
}
