import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionFigures } from '../../bench/duet/session-figures.ts';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { Condition } from './conditions.ts';
import type { SlowdownReport } from './slowed/slowed-producer.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What this tree was measured with before it shipped: sessions and live checks of one machine. */
const SHIPPED = join(ROOT, 'scripts', 'bench-gate', 'measured');
/** What is measured here goes there, beside runs. */
export const OWN_DIRECTORY = join(ROOT, 'runs', 'bench-gate');
const SESSIONS_FILE = 'sessions.ndjson';

/** Where what is resampled comes from: what was measured here, or, without any of it, what the tree came with. */
export function measuredDirectory(): string {
  return existsSync(join(OWN_DIRECTORY, SESSIONS_FILE)) ? OWN_DIRECTORY : SHIPPED;
}

/** One real session, as it stands on a line of sessions.ndjson. */
export interface StoredSession extends Condition {
  /** Which collection it belongs to: sessions of one check share it. */
  readonly from: string;
  /** ISO 8601. */
  readonly at: string;
  readonly seconds: number;
  readonly logRatios: Partial<Record<CheckMetricName, number>>;
  /** Medians of the base. */
  readonly base: Partial<Record<CheckMetricName, number>>;
  /** CPU burnt over other CPU in the candidate's process; null for A against A. */
  readonly achieved: number | null;
}

export function readSessions(directory: string = OWN_DIRECTORY): StoredSession[] {
  return readLines<StoredSession>(join(directory, SESSIONS_FILE));
}

export function appendSession(session: StoredSession): void {
  appendLine(session, join(OWN_DIRECTORY, SESSIONS_FILE));
}

/** Lines of JSON; none where there is no such file. */
export function readLines<Line>(file: string): Line[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A collection that was killed may have left half a line.
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as Line);
}

export function appendLine(value: object, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const isTorn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  appendFileSync(file, `${isTorn ? '\n' : ''}${JSON.stringify(value)}\n`);
}

export function storedFigures({
  logRatios,
  base,
}: Pick<SessionFigures, 'logRatios' | 'base'>): Pick<StoredSession, 'logRatios' | 'base'> {
  return { logRatios: rounded(logRatios), base: rounded(base) };
}

export function achievedOf(report: SlowdownReport | null): number | null {
  return report === null ? null : significant(report.achieved);
}

function rounded(figures: SessionFigures['base']): Partial<Record<CheckMetricName, number>> {
  const known = Object.entries(figures).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([metric, value]) => [metric, significant(value!)]));
}

function significant(value: number): number {
  return Number(value.toPrecision(7));
}
