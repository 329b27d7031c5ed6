import { spawnSync } from 'node:child_process';
import type { ProjectState } from '../reports/figure-set.ts';

const GIT_LIMIT_MS = 5000;

/** What CI servers tell of the commit and the branch: GitHub, GitLab, and what others have by the same habit. */
const COMMIT_VARIABLES = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BUILDKITE_COMMIT', 'CIRCLE_SHA1', 'GIT_COMMIT'];
const BRANCH_VARIABLES = [
  'GITHUB_HEAD_REF',
  'GITHUB_REF_NAME',
  'CI_COMMIT_REF_NAME',
  'BUILDKITE_BRANCH',
  'CIRCLE_BRANCH',
  'GIT_BRANCH',
];

/**
 * Commit and branch of the project that is measured: of the repository around the working directory, and of CI's
 * variables for what that does not know (CI checks out a commit, not a branch). null for what nobody knows.
 */
export function projectState(
  workingDirectory: string,
  env: Readonly<Record<string, string | undefined>>,
): ProjectState {
  const named = (variables: readonly string[]): string | null =>
    variables.map((name) => env[name]?.trim()).find((value) => value !== undefined && value !== '') ?? null;
  const branch = git(workingDirectory, ['rev-parse', '--abbrev-ref', 'HEAD']);
  return {
    commit: git(workingDirectory, ['rev-parse', 'HEAD']) ?? named(COMMIT_VARIABLES),
    branch: branch === null || branch === 'HEAD' ? named(BRANCH_VARIABLES) : branch,
  };
}

/** null without git, without a repository, and in one without a commit. */
function git(directory: string, words: readonly string[]): string | null {
  const { status, stdout } = spawnSync('git', words, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: GIT_LIMIT_MS,
  });
  const text = status === 0 ? stdout.trim() : '';
  return text === '' ? null : text;
}
