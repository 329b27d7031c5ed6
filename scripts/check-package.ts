/**
 * `npm pack`, installed in an empty directory, must run compiled and without the sources: a check for CI.
 * Ends with `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Tally } from './tally.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const empty = mkdtempSync(join(tmpdir(), 'tidemark-package-'));
const tally = new Tally();

function run(
  command: string,
  options: readonly string[],
  cwd: string,
): { status: number | null; stdout: string; stderr: string } {
  const result = spawnSync(command, options, { cwd, encoding: 'utf8', timeout: 300_000, maxBuffer: 1 << 28 });
  return { status: result.status, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
}

try {
  const packed = run('npm', ['pack', '--silent', '--pack-destination', empty], root);
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
  tally.check(
    'npm pack makes a tarball',
    packed.status === 0 && existsSync(join(empty, tarball)),
    packed.stderr.slice(-500),
  );
  writeFileSync(join(empty, 'package.json'), '{"name":"empty","private":true,"type":"module"}\n');
  const installed = run('npm', ['install', '--no-audit', '--no-fund', '--omit=dev', `./${tarball}`], empty);
  tally.check('it installs in an empty directory', installed.status === 0, installed.stderr.slice(-500));
  const home = join(empty, 'node_modules', 'tidemark');
  tally.check(
    'it holds no TypeScript sources',
    !existsSync(join(home, 'bench', 'main.ts')) && existsSync(join(home, 'dist')),
  );
  const bin = join(empty, 'node_modules', '.bin', 'tidemark');
  tally.check('tidemark --help', run(bin, ['--help'], empty).stdout.includes('tidemark'));
  const list = run(bin, ['list'], empty);
  tally.check(
    'tidemark list',
    list.status === 0 && list.stdout.includes('linger.ms'),
    list.stderr.slice(-500),
  );
  const quick = run(bin, ['run', 'quick', '--duration', '200ms', '--out', 'out'], empty);
  tally.check('tidemark run quick', quick.status === 0, quick.stderr.slice(-800));
  const result = join(empty, 'out', 'result.json');
  const trials = existsSync(result)
    ? (JSON.parse(readFileSync(result, 'utf8')).trials as { status: string }[])
    : [];
  tally.check(
    'every trial is ok',
    trials.length >= 17 && trials.every((trial) => trial.status === 'ok'),
    `${trials.length} trials`,
  );
  writeFileSync(
    join(empty, 'use.mjs'),
    "import { Producer } from 'tidemark';\nconsole.log(typeof Producer);\n",
  );
  tally.check(
    "import { Producer } from 'tidemark'",
    run(process.execPath, ['use.mjs'], empty).stdout.trim() === 'function',
  );
} finally {
  rmSync(empty, { recursive: true, force: true });
}
tally.end();
