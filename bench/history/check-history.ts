import { resolve } from 'node:path';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { type HistoryContext, historyEntryOf } from '../../reports/history/history-entry.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { type CommitContext, commitContext, commitOfRef } from './commit-context.ts';
import { appendHistory, readHistory } from './history-file.ts';

export interface CheckHistory {
  /** Adds the check, and says so on stderr. CliError (exit 2, 3) when the file cannot be read or written by then. */
  add(check: CheckResult): void;
}

/**
 * The history that a check will be added to. Read before anything is measured: a conflict marker ends a check at once
 * (CliError, exit 2) rather than after minutes. `file` is as the user wrote it, relative to the working directory.
 */
export function openCheckHistory(
  io: Pick<CliIo, 'env' | 'stderr' | 'workingDirectory'>,
  { file, scenario }: { readonly file: string } & Pick<HistoryContext, 'scenario'>,
): CheckHistory {
  const path = resolve(io.workingDirectory, file);
  readHistory(path, file);
  return {
    add: (check) => {
      const isNew = appendHistory(path, historyEntryOf(check, historyContextOf(io, check, scenario)));
      io.stderr.write(isNew ? `Added to ${file}\n` : `${file} has this check already\n`);
    },
  };
}

/** As the check keeps it, so that it is the same line whenever it is added; else the candidate as it is now. */
export function historyContextOf(
  io: Pick<CliIo, 'env' | 'workingDirectory'>,
  { candidate, candidateCommit: kept, load = {} }: CheckResult,
  scenario: string,
): HistoryContext {
  const { commit, dirty, branch } = kept ?? candidateCommit(io, candidate.label);
  return { commit, dirty, branch, scenario, load };
}

/** Of a commit, itself; of a directory, what git knows of it; of anything else, where we stand. */
export function candidateCommit(
  { env, workingDirectory }: Pick<CliIo, 'env' | 'workingDirectory'>,
  candidate: string,
): CommitContext {
  const context = commitContext(workingDirectory, env);
  if (candidate.startsWith('git:')) {
    const commit = commitOfRef(workingDirectory, candidate.slice('git:'.length));
    return commit === null ? context : { ...context, commit, dirty: false };
  }
  const there = commitContext(resolve(workingDirectory, candidate), env);
  return there.commit === null ? context : there;
}
