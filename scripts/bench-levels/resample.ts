import type { JournalEntry, JournalHeader } from '../../bench/run/journal.ts';
import { precisionOf } from '../../bench/run/precision-rule.ts';
import { FEWEST_ROUNDS, MOST_ROUNDS } from '../../bench/sweep/precision.ts';
import { shuffle } from '../../bench/sweep/shuffle.ts';
import { SeededRandom } from '../../core/base/random.ts';
import type { VersusBase } from '../../reports/levels/level-summary.ts';
import { clopperPearson } from '../../reports/statistics/clopper-pearson.ts';
import type { Interval } from '../../reports/statistics/interval.ts';
import {
  compareWithBase,
  FAMILY_ALPHA,
  STOPPED_FAMILY_ALPHA,
} from '../../reports/statistics/level-family.ts';
import type { MeasuredRound } from './measured-rounds.ts';

export interface ResampleOptions {
  readonly families: number;
  readonly seed: number;
  /** --precision, as a share. */
  readonly precision: number;
  /** --repeats. */
  readonly repeats: number;
  /** Put into one level by multiplying its rates. */
  readonly difference: number;
}

/** A share of families with its 95 % bounds. */
export interface Share extends Interval {
  readonly count: number;
  readonly share: number;
}

export interface ProcedureOutcome {
  /** Families of equal levels in which any was called different. */
  readonly falseAlarms: Share;
  /** Families in which the one level that differed was found to, in its direction. */
  readonly found: Share;
  readonly meanRounds: number;
  /** Families that came to the precision asked for. */
  readonly reached: Share | null;
}

export interface ResampleOutcome {
  readonly byRepeats: ProcedureOutcome;
  readonly byPrecision: ProcedureOutcome;
}

interface Procedure {
  /** How many of the rounds are run. */
  readonly roundsOf: (rounds: readonly MeasuredRound[]) => { rounds: number; isReached: boolean };
  readonly most: number;
  readonly alpha: number;
}

/**
 * Families of levels drawn from measured rounds: whole rounds with replacement, since what happens to the machine happens
 * to a round, and within each the equal configurations exchange their places, so that no level is better than another. Each
 * family is decided by the code of the product: its comparison, and its rule for ending.
 */
export function resample(measured: readonly MeasuredRound[], options: ResampleOptions): ResampleOutcome {
  const { repeats, precision } = options;
  const levels = measured[0]!.length - 1;
  const byRepeats = {
    most: repeats,
    alpha: FAMILY_ALPHA,
    roundsOf: () => ({ rounds: repeats, isReached: true }),
  };
  return {
    byRepeats: { ...outcomeOf(byRepeats, measured, options), reached: null },
    byPrecision: outcomeOf(precisionProcedure(precision, levels), measured, options),
  };
}

function outcomeOf(
  { roundsOf, most, alpha }: Procedure,
  measured: readonly MeasuredRound[],
  { families, seed, difference }: ResampleOptions,
): ProcedureOutcome {
  const counts = { falseAlarms: 0, found: 0, rounds: 0, reached: 0 };
  for (let family = 0; family < families; family++) {
    const random = new SeededRandom(seed, family);
    const equal = Array.from({ length: most }, () =>
      shuffle(measured[random.nextBelow(measured.length)]!, random),
    );
    const run = roundsOf(equal);
    counts.rounds += run.rounds;
    if (run.isReached) counts.reached++;
    if (compared(equal.slice(0, run.rounds), alpha).some((versus) => versus?.significant))
      counts.falseAlarms++;
    // More and less in turn: both are a difference of that size.
    const factor = family % 2 === 0 ? 1 + difference : 1 / (1 + difference);
    const unequal = equal.map((rates) => rates.map((rate, level) => (level === 1 ? rate * factor : rate)));
    // A factor on a whole level leaves the width of every interval, and so the rounds, as they were.
    const [versus] = compared(unequal.slice(0, run.rounds), alpha);
    if (versus?.significant && versus.ratio > 1 === factor > 1) counts.found++;
  }
  const shareOf = (count: number): Share => ({
    count,
    share: count / families,
    ...clopperPearson(count, families),
  });
  return {
    falseAlarms: shareOf(counts.falseAlarms),
    found: shareOf(counts.found),
    meanRounds: counts.rounds / families,
    reached: shareOf(counts.reached),
  };
}

/** The first of each round is the base. */
function compared(rounds: readonly MeasuredRound[], alpha: number): (VersusBase | null)[] {
  const [base, ...others] = (rounds[0] ?? []).map((_, level) =>
    rounds.map((rates, index) => ({ round: index + 1, value: rates[level]! })),
  );
  return compareWithBase(base!, others, alpha);
}

/** The rule of a run with --precision, given rounds as its journal would hold them. */
function precisionProcedure(precision: number, levels: number): Procedure {
  const numbers = Array.from({ length: MOST_ROUNDS }, (_, index) => index + 1);
  const trials = numbers.flatMap((round) =>
    Array.from({ length: levels + 1 }, (_, level) => ({
      id: level === 0 ? `r${round}-base-1` : `r${round}-level-${level}`,
      round,
      factor: level === 0 ? null : 'level',
      level: level === 0 ? null : String(level),
    })),
  );
  const header = { plan: { precision, trials } } as unknown as JournalHeader;
  return {
    most: MOST_ROUNDS,
    alpha: STOPPED_FAMILY_ALPHA,
    roundsOf: (rounds) => {
      const entries = rounds.flat().map((recordsPerSecond, index) => ({
        type: 'trial',
        histogram: null,
        result: { id: trials[index]!.id, status: 'ok', throughput: { recordsPerSecond } },
      })) as unknown as JournalEntry[];
      const outcome = precisionOf({ header, entries })!;
      return { rounds: Math.max(FEWEST_ROUNDS, outcome.rounds), isReached: outcome.isReached };
    },
  };
}
