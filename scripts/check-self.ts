/**
 * `npm run check:self`: what the last commit did to the producer's own speed, as information. Ends with 0 whatever it
 * finds or fails at, and says why where there is no verdict. Bounded to about 90 s: the first looks of a check, no latency.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkTerminalText } from '../reports/check/check-terminal.ts';
import { readCheck } from '../reports/check/read-check.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_SECONDS = 90;
/** The first look of a check comes after this many sessions, of about seven seconds each. */
const SESSIONS = 8;

function git(...args: readonly string[]): string | null {
  const ran = spawnSync('git', args, { cwd: root, encoding: 'utf8', timeout: 60_000 });
  return ran.status === 0 ? ran.stdout.trim() : null;
}

/** Where the clone is shallow the commit before is fetched, if that can be done. */
function hasCommitBefore(): boolean {
  const isThere = (): boolean => git('rev-parse', '--verify', '--quiet', 'HEAD~1^{commit}') !== null;
  if (isThere()) return true;
  if (git('rev-parse', '--is-shallow-repository') !== 'true') return false;
  git('fetch', '--quiet', '--deepen=1');
  return isThere();
}

/** Runs a check of the commit before against the working tree; resolves with what to tell of it. */
function runCheck(directory: string): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'bench/main.ts'),
      'check',
      ...['--base', 'git:HEAD~1', '--candidate', '.', '--inconclusive', 'pass', '--quiet'],
      ...['--max-sessions', String(SESSIONS), '--out', directory],
    ],
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return new Promise((done) => {
    // As Ctrl-C does: the check ends its processes and takes its directories away.
    const timer = setTimeout(() => child.kill('SIGINT'), MOST_SECONDS * 1000);
    child.on('error', (error) => done(`no verdict: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(timer);
      const check = code === 0 || code === 99 ? readCheck(directory) : null;
      if (check !== null) done(checkTerminalText(check, { color: false, columns: 100 }));
      else if (code === 130) done(`no verdict: not decided within ${MOST_SECONDS} s`);
      else done(`no verdict: the check ended with exit code ${code}`);
    });
  });
}

console.log('This commit against the one before, for information only.');
if (hasCommitBefore()) {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-self-'));
  try {
    console.log(await runCheck(join(directory, 'check')));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
} else {
  console.log('no verdict: no commit before this one can be had');
}
