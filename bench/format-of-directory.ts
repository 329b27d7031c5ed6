import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHECK_FILE, readCheck } from '../reports/check/read-check.ts';
import { checkSource, runSource } from '../reports/format-sources.ts';
import type { FormatSource } from '../reports/formats/format.ts';
import { RESULT_FILE, readResult } from '../reports/result-schema.ts';
import { reasonOf, usageError } from './cli-error.ts';
import type { CliIo } from './commands/cli-io.ts';

/** What a directory holds: a run, or a check. Exit 2 for one that holds neither. */
export function sourceOfDirectory({ workingDirectory }: CliIo, directory: string): FormatSource {
  const path = resolve(workingDirectory, directory);
  try {
    const check = holdsCheckOnly(path) ? readCheck(path) : null;
    return check === null ? runSource(readResult(path), path) : checkSource(check);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}

/** Whether there is a check in it and no run, which comes first. */
export function holdsCheckOnly(path: string): boolean {
  return existsSync(join(path, CHECK_FILE)) && !existsSync(join(path, RESULT_FILE));
}
