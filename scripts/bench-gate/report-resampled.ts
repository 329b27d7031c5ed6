import { SeededRandom } from '../../core/base/random.ts';
import { mean, squaredDeviations } from '../../reports/statistics/averages.ts';
import { calibrationOf, calibrationText, movedToNominal } from './calibration.ts';
import { CONDITIONS, conditionText, isSameCondition } from './conditions.ts';
import { demandsOn, demandText } from './demands.ts';
import { GATE_METRIC, type ResampledChecks, resampleChecks } from './resample.ts';
import { readSessions, type StoredSession } from './session-store.ts';

const LEAST_SESSIONS = 60;
const EARLY_SESSIONS = 16;

/** Prints what resampled checks did under every condition. Returns whether every demand is met. */
export function reportResampled(options: {
  readonly checks: number;
  readonly seed: number;
  /** Where the sessions are. */
  readonly directory: string;
  readonly say: (text: string) => void;
}): boolean {
  const { checks, seed, directory, say } = options;
  const sessions = readSessions(directory);
  let isMet = true;
  for (const [index, condition] of CONDITIONS.entries()) {
    const own = sessions.filter((session) => isSameCondition(session, condition));
    say(
      `\n${conditionText(condition)}: ${own.length} sessions${own.length === 0 ? '' : `, ${spreadText(own)}`}`,
    );
    if (own.length < LEAST_SESSIONS) {
      say(`  MISSED too few: ${LEAST_SESSIONS} are needed (npm run bench:gate -- --collect)`);
      isMet = false;
      if (own.length === 0) continue;
    }
    const logRatios = own.map(({ logRatios }) => logRatios[GATE_METRIC]!);
    const calibration = calibrationOf(condition, logRatios);
    if (calibration !== null) {
      say(`  ${calibrationText(calibration)}`);
      isMet &&= calibration.isMet;
    }
    const drawn = movedToNominal(condition, logRatios);
    const result = resampleChecks(drawn, { checks, random: new SeededRandom(seed, index) });
    say(`  ${checks} checks: ${verdictsText(result)}; ${result.meanSessions.toFixed(1)} sessions on average`);
    for (const demand of demandsOn(condition, result)) {
      say(`  ${demandText(demand)}`);
      isMet &&= demand.isMet;
    }
  }
  const quiet = sessions.filter(({ neighbour }) => neighbour === 'quiet');
  isMet = reportTimes(quiet, say) && isMet;
  say(
    '\nIntervals (Clopper and Pearson) cover the drawing of checks from these sessions, not that there are only so many of them.',
  );
  return isMet;
}

/** Whether as many sessions as a 5 % slowdown may need fit the time that they may take. */
function reportTimes(sessions: readonly StoredSession[], say: (text: string) => void): boolean {
  const isWithLatency = ({ logRatios }: StoredSession): boolean => logRatios.latencyP99Ms !== undefined;
  let isMet = true;
  for (const [name, limitSeconds, own] of [
    ['CPU per record alone', 120, sessions.filter((session) => !isWithLatency(session))],
    ['latency too', 180, sessions.filter(isWithLatency)],
  ] as const) {
    if (own.length === 0) {
      say(`\ntime, ${name}: MISSED no sessions (npm run bench:gate -- --collect measures some)`);
      isMet = false;
      continue;
    }
    const seconds = EARLY_SESSIONS * mean(own.map((session) => session.seconds));
    const isWithin = seconds <= limitSeconds;
    say(
      `\ntime, ${name}: ${isWithin ? 'met   ' : 'MISSED'} ${EARLY_SESSIONS} sessions take ${seconds.toFixed(0)} s (limit ${limitSeconds} s; ${own.length} sessions timed)`,
    );
    isMet &&= isWithin;
  }
  return isMet;
}

function verdictsText({ verdicts, checks }: ResampledChecks): string {
  return Object.entries(verdicts)
    .map(([verdict, count]) => `${verdict} ${Number(((count / checks) * 100).toFixed(2))} %`)
    .join(', ');
}

function spreadText(sessions: readonly StoredSession[]): string {
  const values = sessions.map(({ logRatios }) => logRatios[GATE_METRIC]!);
  const centre = mean(values);
  const sd = Math.sqrt(squaredDeviations(values) / values.length);
  const achieved = sessions.map(({ achieved }) => achieved).filter((value) => value !== null);
  const burnt = achieved.length === 0 ? '' : `, burnt ${(mean(achieved) * 100).toFixed(2)} %`;
  const seconds = mean(sessions.map((session) => session.seconds));
  return `CPU per record ${(Math.expm1(centre) * 100).toFixed(2)} % on average, SD ${(sd * 100).toFixed(2)} %${burnt}, ${seconds.toFixed(1)} s each`;
}
