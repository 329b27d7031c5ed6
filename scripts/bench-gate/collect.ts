import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDriver } from '../../bench/duet/driver-process.ts';
import { runSession } from '../../bench/duet/session.ts';
import { type DuetTarget, openDuetTarget } from '../../bench/duet/session-target.ts';
import type { Side } from '../../bench/duet/side.ts';
import { DEFAULT_LOAD, DEFAULT_PARTITIONS } from '../../bench/paired/default-load.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { hasItsSlowdown } from './calibration.ts';
import { CONDITIONS, type Condition, conditionText, entriesOf, isSameCondition } from './conditions.ts';
import { achievedOf, appendSession, readSessions, storedFigures } from './session-store.ts';
import { REPORT_VARIABLE, type SlowdownReport } from './slowed/slowed-producer.ts';

export interface CollectOptions {
  /** In all, with those that are stored already. */
  readonly sessionsPerCondition: number;
  /** In every session, not only in so many that their time is known. */
  readonly latency: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** Sessions whose candidate burnt something else than asked. */
const MOST_SET_ASIDE = 50;
/** One session of so many measures latency too: after what the others measure, and for the time that it takes. */
export const LATENCY_EVERY = 8;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** How many sessions each condition still needs. */
export function missingSessions(sessionsPerCondition: number): Map<Condition, number> {
  const stored = readSessions();
  return new Map(
    CONDITIONS.map((condition) => {
      const there = stored.filter((session) => isSameCondition(session, condition)).length;
      return [condition, Math.max(0, sessionsPerCondition - there)];
    }),
  );
}

/**
 * Collects real sessions until every condition has enough, each on the disk before the next begins. Conditions take turns
 * in random order, so that the hour of the day tells on all of them alike.
 */
export async function collect(options: CollectOptions): Promise<void> {
  const missing = missingSessions(options.sessionsPerCondition);
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-gate-'));
  const report = join(directory, 'slowdowns.ndjson');
  process.env[REPORT_VARIABLE] = report;
  const target = await openDuetTarget({
    bootstrapServers: null,
    properties: {},
    onCrash: (error) => options.say(`the embedded cluster ended: ${error.message}`),
  });
  const random = new SeededRandom(options.seed, readSessions().length);
  const total = [...missing.values()].reduce((sum, count) => sum + count, 0);
  let stored = 0;
  try {
    for (let number = 0; stored < total; number++) {
      if (number - stored > MOST_SET_ASIDE) {
        throw new Error(`${MOST_SET_ASIDE} candidates were not slowed as they should: too busy a machine`);
      }
      const open = [...missing].filter(([, count]) => count > 0);
      // The one with most to do is the likeliest: all end at about the same time.
      const drawn = drawWeighted(random, open);
      rmSync(report, { force: true });
      const latency = options.latency || number % LATENCY_EVERY === 0;
      const result = await collectOne(drawn, number, { ...options, latency, target });
      const achieved = existsSync(report) ? achievedOf(lastReport(report)) : null;
      const burnt = `burnt ${((achieved ?? 0) * 100).toFixed(2)} %`;
      if (!hasItsSlowdown(drawn, achieved)) {
        options.say(`set aside, ${conditionText(drawn)}: ${burnt}`);
        continue;
      }
      missing.set(drawn, missing.get(drawn)! - 1);
      appendSession({
        ...drawn,
        from: 'collect',
        at: new Date().toISOString(),
        seconds: Number(result.seconds.toFixed(3)),
        ...storedFigures(result),
        achieved,
      });
      const cpu = result.logRatios.cpuNsPerRecord;
      options.say(
        `[${++stored}/${total}] ${conditionText(drawn)}: CPU ${cpu === null ? '?' : (Math.expm1(cpu) * 100).toFixed(2)} %, ${burnt}, ${result.seconds.toFixed(1)} s`,
      );
    }
  } finally {
    await target.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function collectOne(
  condition: Condition,
  number: number,
  { target, latency, seed, signal }: CollectOptions & { readonly target: DuetTarget },
): ReturnType<typeof runSession> {
  const { base, candidate } = entriesOf(condition);
  const stop = condition.neighbour === 'bursty' ? startNeighbour(seed + number) : () => {};
  try {
    return await runSession(tidemarkSide(base), tidemarkSide(candidate), {
      target,
      start: startDriver,
      load: DEFAULT_LOAD,
      partitions: DEFAULT_PARTITIONS,
      latency,
      seed: (seed + readSessions().length) >>> 0,
      number,
      signal,
    });
  } finally {
    stop();
  }
}

function tidemarkSide(entry: string): Side {
  return {
    label: entry,
    description: 'this tree',
    driver: { kind: 'tidemark', directory: ROOT, entry: join(ROOT, entry) },
    properties: {},
  };
}

function startNeighbour(seed: number): () => void {
  const file = fileURLToPath(new URL('./neighbour-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file, String(seed)], { stdio: ['pipe', 'ignore', 'inherit'] });
  return () => child.kill('SIGKILL');
}

function drawWeighted(random: SeededRandom, open: readonly (readonly [Condition, number])[]): Condition {
  const total = open.reduce((sum, [, count]) => sum + count, 0);
  let left = random.nextBelow(total);
  for (const [condition, count] of open) {
    if (left < count) return condition;
    left -= count;
  }
  throw new Error('nothing is left to draw from');
}

function lastReport(file: string): SlowdownReport | null {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return JSON.parse(lines.at(-1)!) as SlowdownReport;
}
