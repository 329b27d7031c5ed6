import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SessionFigures } from '../../bench/duet/session-figures.ts';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { Condition } from './conditions.ts';
import type { SlowdownReport } from './slowed/slowed-producer.ts';

/** One real session, as it stands on a line of scripts/bench-gate/data/sessions.ndjson. */
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

export const STORE_FILE = new URL('./data/sessions.ndjson', import.meta.url).pathname;

export function readSessions(file: string = STORE_FILE): StoredSession[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  // A collection that was killed may have left half a line.
  return lines.filter((line) => line.endsWith('}')).map((line) => JSON.parse(line) as StoredSession);
}

export function appendSession(session: StoredSession, file: string = STORE_FILE): void {
  mkdirSync(dirname(file), { recursive: true });
  const isTorn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
  appendFileSync(file, `${isTorn ? '\n' : ''}${JSON.stringify(session)}\n`);
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
