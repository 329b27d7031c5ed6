/**
 * `npm run bench:history [-- --series 2000]`: what the change points of histories find, and what they cry wolf about. Checks are drawn
 * with a fixed seed, session by session, and go through the code that users' checks go through: the looks, the estimate,
 * the line of the history, the analysis after every new line. Exit 1 when a mark is missed.
 */
import { parseArgs } from 'node:util';
import { SeededRandom } from '../core/base/random.ts';
import { analyseHistory, type LevelChange } from '../reports/history/analyse-history.ts';
import type { HistoryEntry } from '../reports/history/history-entry.ts';
import { clopperPearson } from '../reports/statistics/clopper-pearson.ts';
import { NOISES, type Noise, SESSION_SD } from './bench-history/noise.ts';
import { simulatedEntry } from './bench-history/simulated-checks.ts';

const SEED = 20260101;
const RUNS = 100;
/** Checks before the step. With fewer, less is found: the table shows 10 as well. */
const BEFORE = 30;
const FEW_BEFORE = 10;
/** A step counts as found when it is told at most so many checks beside where it is. */
const BESIDE = 2;
const MARKS = { falseAlarms: 0.1, threePercent: 0.95, twoPercent: 0.9 };

interface Share {
  readonly successes: number;
  readonly trials: number;
}

interface Found extends Share {
  /** Of those found: intervals of the size that hold the true one, and ranges of checks that hold the true place. */
  readonly covered: number;
  readonly placed: number;
}

/** Changes told in a history of RUNS checks without any, looked at after each: every place told counts once. */
function falseAlarms(noise: Noise, series: number): Share & { readonly alarms: number } {
  let alarms = 0;
  let withAlarm = 0;
  for (let number = 0; number < series; number++) {
    const random = new SeededRandom(SEED, number);
    const entries: HistoryEntry[] = [];
    const places = new Set<number>();
    for (let day = 0; day < RUNS; day++) {
      entries.push(simulatedEntry(random, noise, { change: 0, day }));
      for (const { index } of changesOf(entries)) places.add(index);
    }
    alarms += places.size;
    if (places.size > 0) withAlarm++;
  }
  return { successes: withAlarm, trials: series, alarms };
}

/** How often a step is told by the time that it stands in `within` checks; slower and faster by turns. */
function stepsFound(
  noise: Noise,
  series: number,
  step: { readonly size: number; readonly before: number; readonly within: number },
): Found {
  let found = 0;
  let covered = 0;
  let placed = 0;
  for (let number = 0; number < series; number++) {
    const random = new SeededRandom(SEED + 1, number);
    const size = number % 2 === 0 ? step.size : 1 / (1 + step.size) - 1;
    const entries: HistoryEntry[] = [];
    let told: LevelChange | undefined;
    for (let day = 0; day < step.before + step.within && told === undefined; day++) {
      entries.push(simulatedEntry(random, noise, { change: day < step.before ? 0 : size, day }));
      if (day < step.before) continue;
      told = changesOf(entries).find(({ index }) => Math.abs(index - step.before) <= BESIDE);
    }
    if (told === undefined) continue;
    found++;
    if (told.low <= size && size <= told.high) covered++;
    const { lastOld, firstNew } = told;
    if (entries.indexOf(lastOld) < step.before && entries.indexOf(firstNew) >= step.before) placed++;
  }
  return { successes: found, trials: series, covered, placed };
}

function changesOf(entries: readonly HistoryEntry[]): readonly LevelChange[] {
  return analyseHistory(entries)[0]!.changes;
}

function shareText({ successes, trials }: Share): string {
  const { low, high } = clopperPearson(successes, trials);
  const percent = (share: number): string => (share * 100).toFixed(1);
  return `${percent(successes / trials)} % (${percent(low)} to ${percent(high)})`;
}

let missed = 0;

function tell(what: string, figure: string, isReached: boolean | null): void {
  if (isReached === false) missed++;
  const verdict = isReached === null ? '' : isReached ? '  reached' : '  MISSED';
  console.log(`  ${what.padEnd(46)} ${figure}${verdict}`);
}

function measure(noise: Noise, series: number): void {
  console.log(`${noise.name}:`);
  const alarms = falseAlarms(noise, series);
  const perHistory = alarms.alarms / series;
  const isQuiet =
    perHistory <= MARKS.falseAlarms && clopperPearson(alarms.successes, series).high <= MARKS.falseAlarms;
  tell(
    `false alarms in ${RUNS} checks`,
    `${perHistory.toFixed(3)}, in ${shareText(alarms)} of histories`,
    isQuiet,
  );
  const three = stepsFound(noise, series, { size: 0.03, before: BEFORE, within: 3 });
  tell(
    `3 % after ${BEFORE} checks, found within 3`,
    shareText(three),
    noise.isWider ? null : clopperPearson(three.successes, series).low >= MARKS.threePercent,
  );
  const two = stepsFound(noise, series, { size: 0.02, before: BEFORE, within: 5 });
  tell(
    `2 % after ${BEFORE} checks, found within 5`,
    shareText(two),
    noise.isWider ? null : clopperPearson(two.successes, series).low >= MARKS.twoPercent,
  );
  const early = stepsFound(noise, series, { size: 0.03, before: FEW_BEFORE, within: 3 });
  tell(`3 % after only ${FEW_BEFORE} checks, found within 3`, shareText(early), null);
  const trials = three.successes + two.successes;
  tell(
    'size within its interval when first told',
    shareText({ successes: three.covered + two.covered, trials }),
    null,
  );
  tell(
    'commit within its range when first told',
    shareText({ successes: three.placed + two.placed, trials }),
    null,
  );
}

const { values } = parseArgs({ options: { series: { type: 'string', default: '2000' } } });
const series = Number(values.series);
if (!Number.isInteger(series) || series < 10 || series > 100_000) {
  console.error(`--series: got '${values.series}', expected a whole number from 10 to 100000`);
  process.exit(2);
}
const startedAt = performance.now();
console.log(
  `Histories of simulated checks, seed ${SEED}, ${series} of each kind; sessions spread by ${SESSION_SD * 100} %. Marks hold with their Clopper-Pearson bound.`,
);
for (const noise of NOISES) measure(noise, series);
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s; ${missed} marks missed`);
process.exitCode = missed === 0 ? 0 : 1;
