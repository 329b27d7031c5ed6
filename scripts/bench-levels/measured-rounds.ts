import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JournalEntry, JournalHeader } from '../../bench/run/journal.ts';
import type { Environment } from '../../reports/result.ts';

/** Records per second of the equal configurations of one round, the base's first. */
export type MeasuredRound = readonly number[];

export interface MeasuredRounds {
  readonly startedAt: string;
  readonly environment: Environment;
  readonly rounds: readonly MeasuredRound[];
}

const ROUNDS_FILE = 'rounds.ndjson';
/** What this tree was measured with before it shipped. */
const SHIPPED = join(import.meta.dirname, 'measured', ROUNDS_FILE);
/** What is measured here goes there, beside runs. */
const OWN = join(import.meta.dirname, '..', '..', 'runs', 'bench-levels', ROUNDS_FILE);

/** Where what is resampled comes from: what was measured here, or, without it, what the tree came with. */
export function measuredFile(): string {
  return existsSync(OWN) ? OWN : SHIPPED;
}

/** Whole rounds of a run's journal: one with a trial that failed or is missing is left out. */
export function roundsOfJournal(header: JournalHeader, entries: readonly JournalEntry[]): MeasuredRounds {
  const { trials } = header.plan;
  const rates = new Map(
    entries.map(({ result }) => [
      result.id,
      result.status === 'ok' ? result.throughput.recordsPerSecond : null,
    ]),
  );
  const numbers = [...new Set(trials.map(({ round }) => round))];
  const rounds = numbers.flatMap((number) => {
    const inRound = trials
      .filter(({ round }) => round === number)
      .sort((a, b) => (a.level ?? '').localeCompare(b.level ?? ''))
      .map(({ id }) => rates.get(id) ?? null);
    return inRound.includes(null) ? [] : [inRound as number[]];
  });
  return { startedAt: header.startedAt, environment: header.environment, rounds };
}

export function writeRounds({ startedAt, environment, rounds }: MeasuredRounds, path = OWN): void {
  const lines = [
    { startedAt, environment },
    ...rounds.map((recordsPerSecond, index) => ({ round: index + 1, recordsPerSecond })),
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}

/** Throws when nothing has been collected yet. */
export function readRounds(path = measuredFile()): MeasuredRounds {
  if (!existsSync(path)) throw new Error(`${path}: nothing has been measured yet: use --collect first`);
  const [head, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const { startedAt, environment } = JSON.parse(head!) as Omit<MeasuredRounds, 'rounds'>;
  const rounds = lines.map(
    (line) => (JSON.parse(line) as { readonly recordsPerSecond: number[] }).recordsPerSecond,
  );
  return { startedAt, environment, rounds };
}
