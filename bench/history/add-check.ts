import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { historyEntryOf } from '../../reports/history/history-entry.ts';
import { parseCheck } from '../../reports/history/parse-check.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { commitContext } from './commit-context.ts';
import { appendHistory } from './history-file.ts';

export const CHECK_FILE = 'check.json';

/**
 * `tidemark history add`: the check at `check` (a directory or its check.json) becomes a line of `file`. Commit and branch are
 * those of the working directory.
 */
export function addCheck(
  io: CliIo,
  { check, file, scenario }: { readonly check: string; readonly file: string; readonly scenario: string },
): void {
  const result = readCheck(resolve(io.workingDirectory, check), check);
  const context = { ...commitContext(io.workingDirectory, io.env), scenario, load: {} };
  const isNew = appendHistory(resolve(io.workingDirectory, file), historyEntryOf(result, context));
  io.stdout.write(isNew ? `Added to ${file}\n` : `${file} has this check already\n`);
}

function readCheck(path: string, asGiven: string): CheckResult {
  try {
    const isDirectory = statSync(path).isDirectory();
    return parseCheck(readFileSync(isDirectory ? join(path, CHECK_FILE) : path, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw usageError(`${asGiven}: no ${CHECK_FILE} there; --check takes what tidemark check --out wrote`);
    }
    throw usageError(`${asGiven}: ${reasonOf(error)}`);
  }
}
