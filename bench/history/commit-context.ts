import type { HistoryContext } from '../../reports/history/history-entry.ts';
import { askGit } from '../ask-git.ts';
import { projectState } from '../project-state.ts';

export type CommitContext = Pick<HistoryContext, 'commit' | 'dirty' | 'branch'>;

/** Commit and branch as for every report, and whether files that git knows have other contents than in that commit. */
export function commitContext(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): CommitContext {
  const status = askGit(directory, ['status', '--porcelain', '--untracked-files=no', '--', '.']);
  return { ...projectState(directory, env), dirty: status !== null && status !== '' };
}

/** The commit that a branch, tag or hash stands for; null when it is none. */
export function commitOfRef(directory: string, ref: string): string | null {
  return askGit(directory, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
}
