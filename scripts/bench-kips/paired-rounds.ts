import type { Result, TrialResult } from '../../reports/result.ts';
import { logMeanInterval, type MeanEstimate } from '../../reports/statistics/mean-interval.ts';

/** What must hold of a ratio over paired rounds, and whether it was shown. */
export interface Claim {
  readonly text: string;
  /** In words: `0.84`, `about 0.5`. */
  readonly published: string;
  /** Geometric mean over the rounds with its 95 % interval; null where no round has the figure. */
  readonly estimate: MeanEstimate | null;
  readonly demand: Demand;
  readonly verdict: 'holds' | 'fails' | 'not decided';
}

/** Of the interval: its upper end below, or its lower end at least. */
export type Demand =
  | { readonly kind: 'below'; readonly limit: number }
  | { readonly kind: 'at least'; readonly limit: number };

/** A figure of a round, from its trials; null where it cannot be had. */
export type RoundFigure = (trials: readonly TrialResult[]) => number | null;

/** The claim judged by its interval: shown by all of it, refuted by its mean, or neither. */
export function claimOf(
  wording: Pick<Claim, 'text' | 'published' | 'demand'>,
  result: Result,
  figure: RoundFigure,
): Claim {
  const values = roundsOf(result)
    .map(figure)
    .filter((value) => value !== null);
  const estimate = logMeanInterval(values);
  return {
    ...wording,
    estimate,
    verdict: estimate === null ? 'not decided' : verdictOf(estimate, wording.demand),
  };
}

function verdictOf({ value, low, high }: MeanEstimate, { kind, limit }: Demand): Claim['verdict'] {
  const holds = (one: number): boolean => (kind === 'below' ? one < limit : one >= limit);
  if (low === null || high === null) return 'not decided';
  if (holds(low) && holds(high)) return 'holds';
  return holds(value) ? 'not decided' : 'fails';
}

/** The trials that went well, round by round. */
function roundsOf({ trials }: Result): (readonly TrialResult[])[] {
  const good = trials.filter(({ status }) => status === 'ok');
  return [...Map.groupBy(good, ({ round }) => round).values()];
}

/** One trial's figure over another's of the same round. */
export function ratioWithin(
  figure: (trial: TrialResult) => number | null,
  above: (trial: TrialResult) => boolean,
  below: (trial: TrialResult) => boolean,
): RoundFigure {
  return (trials) => {
    const [over, under] = [trials.find(above), trials.find(below)].map((trial) =>
      trial === undefined ? null : figure(trial),
    );
    return over == null || under == null || under <= 0 ? null : over / under;
  };
}
