import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SessionResult } from '../../bench/duet/session.ts';
import { SESSIONS_FILE } from '../../bench/paired/session-journal.ts';
import type { CheckVerdict } from '../../reports/check/check-result.ts';
import { CHECK_FILE, readCheck } from '../../reports/check/read-check.ts';
import { hasItsSlowdown } from './calibration.ts';
import { type Condition, conditionText, type Entries, entriesOf, isSameCondition } from './conditions.ts';
import { atLeast, atMost, demandText } from './demands.ts';
import {
  achievedOf,
  appendLine,
  appendSession,
  OWN_DIRECTORY,
  readLines,
  storedFigures,
} from './session-store.ts';
import { REPORT_VARIABLE, type SlowdownReport } from './slowed/slowed-producer.ts';

/** One real check by the command itself, as it stands on a line of live.ndjson. */
export interface LiveCheck extends Condition {
  readonly at: string;
  readonly verdict: CheckVerdict;
  readonly sessions: number;
  /** Of the sessions; and of the whole command, with its start. */
  readonly seconds: number;
  readonly wallSeconds: number;
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly detectable: number;
}

/** What is run live, and how often. */
export const LIVE: readonly (readonly [Condition, number])[] = [
  [{ slowdown: 0, neighbour: 'quiet' }, 20],
  [{ slowdown: 0.05, neighbour: 'quiet' }, 10],
];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LIVE_FILE = 'live.ndjson';
const MOST_SESSIONS = 16;
const MOST_SECONDS = 120;

export function readLive(directory: string = OWN_DIRECTORY): LiveCheck[] {
  return readLines<LiveCheck>(join(directory, LIVE_FILE));
}

/** How many checks each condition still needs. */
export function missingLive(): (readonly [Condition, number])[] {
  const done = readLive();
  return LIVE.map(([condition, count]) => [
    condition,
    Math.max(0, count - done.filter((check) => isSameCondition(check, condition)).length),
  ]);
}

/** Runs the checks that are missing, two of A against A for each slower one; their sessions are stored as collected ones. */
export async function runLive(options: {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}): Promise<void> {
  const { signal, say } = options;
  const missing = new Map(missingLive());
  const total = [...missing.values()].reduce((sum, count) => sum + count, 0);
  for (let number = 1; number <= total && !signal.aborted; number++) {
    // The one with most to do goes next.
    const [condition, left] = [...missing].reduce((most, each) => (each[1] > most[1] ? each : most));
    missing.set(condition, left - 1);
    const check = await checkLive(condition, `live-${Date.now()}`, signal);
    if (check === null) return;
    appendLine(check, join(OWN_DIRECTORY, LIVE_FILE));
    say(
      `[${number}/${total}] ${conditionText(condition)}: ${check.verdict}, ${(check.change * 100).toFixed(2)} % (${(check.low * 100).toFixed(2)} to ${(check.high * 100).toFixed(2)} %), ${check.sessions} sessions, ${check.wallSeconds.toFixed(0)} s in all`,
    );
  }
}

/** Prints what the live checks did. Returns whether it is what is demanded. */
export function reportLive(say: (text: string) => void, directory: string = OWN_DIRECTORY): boolean {
  const checks = readLive(directory);
  let isMet = true;
  for (const [condition, count] of LIVE) {
    const own = checks.filter((check) => isSameCondition(check, condition));
    say(`\nlive, ${conditionText(condition)}: ${own.length} of ${count} checks`);
    if (own.length < count) isMet = false;
    if (own.length === 0) continue;
    const found = own.filter(({ verdict }) => verdict === 'regression');
    const early = found.filter(
      ({ sessions, wallSeconds }) => sessions <= MOST_SESSIONS && wallSeconds <= MOST_SECONDS,
    );
    const verdicts = Map.groupBy(own, ({ verdict }) => verdict);
    say(`  ${[...verdicts].map(([verdict, those]) => `${verdict} ${those.length}`).join(', ')}`);
    const longest = Math.max(...own.map(({ wallSeconds }) => wallSeconds));
    say(
      `  the longest took ${longest.toFixed(0)} s with ${Math.max(...own.map(({ sessions }) => sessions))} sessions`,
    );
    // So few checks cannot prove a share: what they show must not be worse than it.
    const demand =
      condition.slowdown === 0
        ? atMost('false alarms', found.length, own.length, 0.01)
        : atLeast(
            `found within ${MOST_SESSIONS} sessions and ${MOST_SECONDS} s`,
            early.length,
            own.length,
            0.95,
          );
    const isAsDemanded = condition.slowdown === 0 ? demand.share <= 0.01 : demand.share >= 0.95;
    say(`  ${demandText({ ...demand, isMet: isAsDemanded })}`);
    isMet &&= isAsDemanded;
  }
  return isMet;
}

async function checkLive(condition: Condition, from: string, signal: AbortSignal): Promise<LiveCheck | null> {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-gate-'));
  try {
    const { base, candidate } = sidesOf(condition, directory);
    const out = join(directory, 'check');
    const report = join(directory, 'slowdowns.ndjson');
    const startMs = performance.now();
    const words = ['check', '--base', base, '--candidate', candidate, '--out', out, '--quiet', '--json'];
    await runCommand(words, { [REPORT_VARIABLE]: report }, signal);
    const wallSeconds = (performance.now() - startMs) / 1000;
    if (signal.aborted) return null;
    const check = readCheck(out);
    if (check === null) throw new Error(`the check left no ${CHECK_FILE}`);
    storeSessions(condition, { from, out, report });
    const { verdict, sessions, seconds, change, low, high, detectable } = check;
    return {
      ...condition,
      at: check.startedAt,
      ...{ verdict, sessions, seconds, wallSeconds, change, low, high, detectable },
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What the command is given: this tree, or builds of the producers that stand in for it. */
function sidesOf(condition: Condition, parent: string): Entries {
  if (condition.slowdown === 0) return { base: '.', candidate: '.' };
  const { base, candidate } = entriesOf(condition);
  return {
    base: buildOf(base, join(parent, 'base')),
    candidate: buildOf(candidate, join(parent, 'candidate')),
  };
}

/** A directory that check takes for a build of Tidemark. */
function buildOf(entry: string, directory: string): string {
  mkdirSync(join(directory, 'core'), { recursive: true });
  const url = pathToFileURL(join(ROOT, entry)).href;
  writeFileSync(
    join(directory, 'package.json'),
    '{ "name": "tidemark", "version": "0.0.0", "type": "module" }\n',
  );
  writeFileSync(join(directory, 'core', 'tidemark.ts'), `export { Producer } from '${url}';\n`);
  return directory;
}

function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(process.execPath, [join(ROOT, 'bench/main.ts'), ...words], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stop = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      // 0, 5 and 99 are verdicts.
      if (signal.aborted || [0, 5, 99].includes(code ?? -1)) resolve();
      else reject(new Error(`tidemark ${words.join(' ')} ended with exit code ${code}`));
    });
  });
}

function storeSessions(
  condition: Condition,
  { from, out, report }: { readonly from: string; readonly out: string; readonly report: string },
): void {
  const lines = readFileSync(join(out, SESSIONS_FILE), 'utf8').trim().split('\n').slice(1);
  const reports = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  // One without a report is one that was not slowed, and then nobody knows which.
  if (condition.slowdown > 0 && reports.length !== lines.length) return;
  for (const [index, line] of lines.entries()) {
    const session = JSON.parse(line) as SessionResult;
    const slowdown = reports[index];
    const achieved = achievedOf(slowdown === undefined ? null : (JSON.parse(slowdown) as SlowdownReport));
    if (!hasItsSlowdown(condition, achieved)) continue;
    appendSession({
      ...condition,
      from,
      at: new Date().toISOString(),
      seconds: Number(session.seconds.toFixed(3)),
      ...storedFigures(session),
      achieved,
    });
  }
}
