import { spawnSync } from 'node:child_process';
import type { HistoryContext } from '../../reports/history/history-entry.ts';
import { projectState } from '../project-state.ts';

const GIT_LIMIT_MS = 5000;

export type CommitContext = Pick<HistoryContext, 'commit' | 'dirty' | 'branch'>;

/** Commit and branch as for every report, and whether files that git knows have other contents than in that commit. */
export function commitContext(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): CommitContext {
  const status = git(directory, ['status', '--porcelain', '--untracked-files=no', '--', '.']);
  return { ...projectState(directory, env), dirty: status !== null && status !== '' };
}

/** The commit that a branch, tag or hash stands for; null when it is none. */
export function commitOfRef(directory: string, ref: string): string | null {
  return git(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

function git(directory: string, words: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', words, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: GIT_LIMIT_MS,
  });
  return status === 0 ? stdout.trim() : null;
}
