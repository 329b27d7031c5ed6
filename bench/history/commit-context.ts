import { execFileSync } from 'node:child_process';
import type { HistoryContext } from '../../reports/history/history-entry.ts';

/** Branches as CI systems name them: theirs is a detached head. Of a pull request, the branch that it comes from. */
const BRANCH_VARIABLES = [
  'GITHUB_HEAD_REF',
  'GITHUB_REF_NAME',
  'CI_MERGE_REQUEST_SOURCE_BRANCH_NAME',
  'CI_COMMIT_REF_NAME',
];

export type CommitContext = Pick<HistoryContext, 'commit' | 'dirty' | 'branch'>;

/** What git knows of a directory: nulls where it is in no repository, or where there is no git. */
export function commitContext(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): CommitContext {
  const commit = git(directory, ['rev-parse', '--verify', '--quiet', 'HEAD']);
  if (commit === null) return { commit: null, dirty: false, branch: null };
  const named = BRANCH_VARIABLES.map((name) => env[name] ?? '').find((name) => name !== '');
  const status = git(directory, ['status', '--porcelain', '--untracked-files=no', '--', '.']);
  return {
    commit,
    dirty: status !== null && status !== '',
    branch: named ?? git(directory, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
  };
}

/** The commit that a branch, tag or hash stands for; null when it is none. */
export function commitOfRef(directory: string, ref: string): string | null {
  return git(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}

function git(directory: string, args: readonly string[]): string | null {
  try {
    return execFileSync('git', ['-C', directory, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 10_000,
    }).trim();
  } catch {
    return null;
  }
}
