import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseCount, parsePositiveDurationMs } from '../bench/option-values.ts';
import type { Result } from '../reports/result.ts';
import { readResult } from '../reports/result-schema.ts';
import { claimTable } from './bench-kips/claim-table.ts';
import { kip480Claims } from './bench-kips/kip-480-claims.ts';
import { kip794Claims } from './bench-kips/kip-794-claims.ts';
import type { Claim } from './bench-kips/paired-rounds.ts';

const MIN_ROUNDS = 5;
const MAX_ROUNDS = 100;
const EXPERIMENTS = {
  'kip-794': { claims: kip794Claims, paced: '60s' },
  'kip-480': { claims: kip480Claims, paced: null },
} as const satisfies Record<string, { claims: (result: Result) => Claim[]; paced: string | null }>;
type Experiment = keyof typeof EXPERIMENTS;

const USAGE = `npm run bench:kips -- [options]

Runs the suites kip-794 and kip-480 for several rounds, and says with 95 % intervals over the rounds whether the effects
that were published are seen. Exit 1 when one is not shown. About 35 minutes on 2 cores: 21 for kip-794, whose sticky
partitioner needs its 60 s to fall behind as far, and 12 for kip-480.

  --rounds N       paired rounds (default ${MIN_ROUNDS}; fewer are a try)
  --duration TIME  length of kip-794's phase (default 60s; sticky's p99 grows with it)
  --only NAME      kip-794 or kip-480 alone
  --out DIR        where the run directories go (default: a new one under the system's temporary directory)`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: String(MIN_ROUNDS) },
    duration: { type: 'string' },
    only: { type: 'string' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(`bench:kips: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function main(): Promise<number> {
  const rounds = parseCount(values.rounds, 1, MAX_ROUNDS);
  if (values.duration !== undefined) parsePositiveDurationMs(values.duration);
  const names = (Object.keys(EXPERIMENTS) as Experiment[]).filter(
    (name) => values.only === undefined || name === values.only,
  );
  if (names.length === 0) {
    throw new RangeError(`--only: got '${values.only}', expected ${Object.keys(EXPERIMENTS).join(' or ')}`);
  }
  const directory = values.out ?? mkdtempSync(join(tmpdir(), 'tidemark-kips-'));
  let isShown = true;
  for (const name of names) {
    const result = await measure(name, rounds, join(directory, name));
    const claims = EXPERIMENTS[name].claims(result);
    console.log(
      `\n${name}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}${rounds < MIN_ROUNDS ? ' (fewer than 5: a try)' : ''}`,
    );
    console.log(claimTable(claims, process.stdout.columns ?? 120));
    isShown &&= claims.length > 0 && claims.every(({ verdict }) => verdict === 'holds');
  }
  console.log(`\n${isShown ? 'Every effect was shown.' : 'Not every effect was shown.'} Runs: ${directory}`);
  return isShown ? 0 : 1;
}

/** As a user would: `tidemark run NAME --repeats N`. */
async function measure(name: Experiment, rounds: number, directory: string): Promise<Result> {
  const { paced } = EXPERIMENTS[name];
  const duration = paced === null ? [] : ['--duration', values.duration ?? paced];
  const main = join(import.meta.dirname, '..', 'bench', 'main.ts');
  const argv = [main, 'run', name, '--repeats', String(rounds), ...duration, '--out', directory];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${name} ended with exit code ${code}: see ${directory}`);
  return readResult(directory);
}
