import { basename, dirname, resolve } from 'node:path';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { CHECK_FILE, readCheck } from '../../reports/check/read-check.ts';
import {
  type HistoryContext,
  type HistoryEntry,
  historyEntryOf,
} from '../../reports/history/history-entry.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { historyContextOf } from './check-history.ts';
import { appendHistory } from './history-file.ts';

/**
 * `tidemark history add`: the check at `check` (a directory or its check.json) becomes a line of `file`, the same
 * that `tidemark check --history` would have added.
 */
export function addCheck(
  io: CliIo,
  { check, file, scenario }: { readonly check: string; readonly file: string; readonly scenario: string },
): void {
  const result = existingCheck(resolve(io.workingDirectory, check), check);
  const context = historyContextOf(io, result, scenario);
  const isNew = appendHistory(resolve(io.workingDirectory, file), entryOf(result, context, check));
  io.stdout.write(isNew ? `Added to ${file}\n` : `${file} has this check already\n`);
}

function existingCheck(path: string, asGiven: string): CheckResult {
  let check: CheckResult | null;
  try {
    check = readCheck(basename(path) === CHECK_FILE ? dirname(path) : path);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
  if (check !== null) return check;
  throw usageError(`${asGiven}: no ${CHECK_FILE} there; --check takes what tidemark check --out wrote`);
}

function entryOf(check: CheckResult, context: HistoryContext, asGiven: string): HistoryEntry {
  try {
    return historyEntryOf(check, context);
  } catch (error) {
    // A time that is none: nothing else of a check that was read can be wrong.
    throw usageError(`${asGiven}: startedAt: ${reasonOf(error)}`);
  }
}
