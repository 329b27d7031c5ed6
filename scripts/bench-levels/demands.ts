import { squaredDeviations } from '../../reports/statistics/averages.ts';
import type { MeasuredRounds } from './measured-rounds.ts';
import type { ProcedureOutcome, ResampleOptions, ResampleOutcome, Share } from './resample.ts';

const MOST_FALSE_ALARMS = 0.05;
const LEAST_FOUND = 0.9;
/** Trials that must stand behind the resampling. */
const LEAST_TRIALS = 60;

export interface Demand {
  readonly text: string;
  readonly isMet: boolean;
}

export function demandsOf({ byRepeats, byPrecision }: ResampleOutcome): Demand[] {
  return [
    {
      // A procedure of exactly 5 % is above it in every second resampling: what counts is whether it can be 5 %.
      text: `--repeats 3: equal levels called different in at most ${percent(MOST_FALSE_ALARMS)} of families, by the lower bound: ${percent(byRepeats.falseAlarms.low)}`,
      isMet: byRepeats.falseAlarms.low <= MOST_FALSE_ALARMS,
    },
    {
      text: `--precision 2%: equal levels called different in at most ${percent(MOST_FALSE_ALARMS)} of families: ${percent(byPrecision.falseAlarms.share)}`,
      isMet: byPrecision.falseAlarms.share <= MOST_FALSE_ALARMS,
    },
    {
      text: `--precision 2%: a difference of 5 % found in at least ${percent(LEAST_FOUND)} of families: ${percent(byPrecision.found.share)}`,
      isMet: byPrecision.found.share >= LEAST_FOUND,
    },
  ];
}

/** What was resampled, and what came of it with 95 % bounds. */
export function outcomeText(
  { rounds, startedAt, environment }: MeasuredRounds,
  options: Pick<ResampleOptions, 'families' | 'seed'>,
  outcome: ResampleOutcome,
): string {
  const trials = rounds.length * rounds[0]!.length;
  if (trials < LEAST_TRIALS)
    throw new Error(`${trials} trials are too few: collect at least ${LEAST_TRIALS}`);
  return [
    `${trials} trials in ${rounds.length} rounds of ${rounds[0]!.length} equal configurations, ${startedAt.slice(0, 10)}, ${environment.cpu}, ${environment.cores} cores.`,
    `A trial differs from its round's others by ${percent(spreadWithinRounds(rounds))} (standard deviation).`,
    `${options.families.toLocaleString('en-US')} families of ${rounds[0]!.length - 1} levels and their base, seed ${options.seed}; Clopper-Pearson bounds at 95 %:`,
    procedureText('--repeats 3', outcome.byRepeats),
    procedureText('--precision 2%', outcome.byPrecision),
    '',
  ].join('\n');
}

function procedureText(name: string, { falseAlarms, found, meanRounds, reached }: ProcedureOutcome): string {
  const rounds =
    reached === null
      ? ''
      : `; ${meanRounds.toFixed(1)} rounds on average, precision reached in ${percent(reached.share)}`;
  return `  ${name}: equal called different ${shareText(falseAlarms)}; 5 % found ${shareText(found)}${rounds}`;
}

function shareText({ share, low, high }: Share): string {
  return `${percent(share)} (${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2).replace(/\.?0+$/, '')} %`;
}

function spreadWithinRounds(rounds: MeasuredRounds['rounds']): number {
  let [squares, freedom] = [0, 0];
  for (const rates of rounds) {
    const logs = rates.map(Math.log);
    squares += squaredDeviations(logs);
    freedom += logs.length - 1;
  }
  return Math.sqrt(squares / freedom);
}
