/**
 * `npm run check:self`: what the last commit did to the producer's own speed, as information. Ends with 0 whatever it
 * finds or fails at, and says why where there is no verdict. Bounded to about 90 s: the first looks of a check, no latency.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_SECONDS = 90;
/** The first look of a check comes after this many sessions, of about seven seconds each. */
const SESSIONS = 8;

function git(...args: readonly string[]): string | null {
  const ran = spawnSync('git', args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  return ran.status === 0 ? ran.stdout.trim() : null;
}

/** The commit before; where the clone is shallow it is fetched, if that can be done. */
function commitBefore(): string | null {
  const parent = (): string | null => git('rev-parse', '--verify', '--quiet', 'HEAD~1^{commit}');
  const found = parent();
  if (found !== null || git('rev-parse', '--is-shallow-repository') !== 'true') return found;
  git('fetch', '--quiet', '--deepen=1');
  return parent();
}

/** Runs a check of HEAD~1 against the working tree; resolves with why there is no verdict, or null. */
function runCheck(base: string, directory: string): Promise<string | null> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'bench/main.ts'),
      'check',
      ...['--base', `git:${base}`, '--candidate', '.', '--inconclusive', 'pass'],
      ...['--max-sessions', String(SESSIONS), '--out', directory],
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return new Promise((done) => {
    // As Ctrl-C does: the check ends its processes and takes its directories away.
    const timer = setTimeout(() => child.kill('SIGINT'), MOST_SECONDS * 1000);
    child.on('error', (error) => done(error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 130) done(`not decided within ${MOST_SECONDS} s`);
      else done(code === 0 || code === 99 ? null : `the check ended with exit code ${code}`);
    });
  });
}

const base = commitBefore();
if (base === null) {
  console.log('check:self: no verdict: no commit before this one can be had');
} else {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-self-'));
  try {
    const why = await runCheck(base, join(directory, 'check'));
    console.log(why === null ? 'check:self: for information only' : `check:self: no verdict: ${why}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
