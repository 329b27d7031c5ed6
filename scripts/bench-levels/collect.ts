import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJournal } from '../../bench/run/journal.ts';
import { JOURNAL_FILE } from '../../reports/result-schema.ts';
import { roundsOfJournal, writeRounds } from './measured-rounds.ts';

const PROJECT = join(import.meta.dirname, '..', '..');
const SUITE = './scripts/bench-levels/equal-levels.yaml';

export interface CollectOptions {
  /** Where the run goes; one that was cut off there goes on. */
  readonly directory: string;
  readonly rounds: number;
  readonly seed: number;
}

/** Measures equal configurations by the command that users run, and keeps their rates. Returns how many rounds there are. */
export async function collect({ directory, rounds, seed }: CollectOptions): Promise<number> {
  const isBegun = existsSync(join(directory, JOURNAL_FILE));
  const how = isBegun
    ? ['--resume', directory]
    : [SUITE, '--repeats', String(rounds), '--seed', String(seed), '--out', directory];
  const code = await tidemark(['run', ...how]);
  const { header, entries } = readJournal(directory);
  const measured = roundsOfJournal(header, entries);
  writeRounds(measured);
  if (code !== 0) throw new Error(`the run ended with exit ${code}; the same command goes on with it`);
  return measured.rounds.length;
}

function tidemark(argv: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [join(PROJECT, 'bench', 'main.ts'), ...argv], {
    cwd: PROJECT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}
