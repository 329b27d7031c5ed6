import { spawnSync } from 'node:child_process';

const LIMIT_MS = 5000;

/** What git answers, without blanks at its ends; null without git, without a repository and where git fails. */
export function askGit(directory: string, words: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', words, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: LIMIT_MS,
  });
  return status === 0 ? stdout.trim() : null;
}
