import { type Demand, judgeRatio, type Verdict } from '../../reports/published/judged-ratio.ts';
import type { Result, TrialResult } from '../../reports/result.ts';
import type { MeanEstimate } from '../../reports/statistics/mean-interval.ts';

/** What must hold of a ratio over paired rounds, and whether it was shown. */
export interface Claim {
  readonly text: string;
  /** In words: `0.84`, `about 0.5`. */
  readonly published: string;
  /** Geometric mean over the rounds with its 95 % interval; null where no round has the figure. */
  readonly estimate: MeanEstimate | null;
  readonly demand: Demand;
  readonly verdict: Verdict;
}

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
  const judged = judgeRatio(values, wording.demand);
  return { ...wording, estimate: judged?.estimate ?? null, verdict: judged?.verdict ?? 'not decided' };
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
