import type { ProjectState } from '../reports/figures/figure-set.ts';
import { askGit } from './ask-git.ts';

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
  const branch = askGit(workingDirectory, ['rev-parse', '--abbrev-ref', 'HEAD']);
  return {
    commit: askGit(workingDirectory, ['rev-parse', 'HEAD']) ?? named(COMMIT_VARIABLES),
    branch: branch === null || branch === 'HEAD' ? named(BRANCH_VARIABLES) : branch,
  };
}
