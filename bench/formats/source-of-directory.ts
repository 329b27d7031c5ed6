import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CHECK_FILE, readCheck } from '../../reports/check/read-check.ts';
import { comparisonOf, contextOf } from '../../reports/compare/comparison-result.ts';
import { COMPARISON_FILE, readComparison } from '../../reports/compare/read-comparison.ts';
import type { FormatSource } from '../../reports/formats/format.ts';
import { checkSource, comparisonSource, runSource } from '../../reports/formats/format-sources.ts';
import { RESULT_FILE, readResult } from '../../reports/result-schema.ts';
import { reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { SESSIONS_FILE } from '../paired/session-journal.ts';

const RESULTS = [RESULT_FILE, CHECK_FILE, COMPARISON_FILE];

/** The directory that is meant, as the user names it: the result in it may be named as well. */
export function resultDirectory(shown: string): string {
  return RESULTS.includes(basename(shown)) ? dirname(shown) : shown;
}

/** What a directory holds: a run, a check or a comparison. Exit 2 for one that holds none of them. */
export function sourceOfDirectory({ workingDirectory }: CliIo, directory: string): FormatSource {
  const path = resolve(workingDirectory, resultDirectory(directory));
  try {
    return sourceAt(path);
  } catch (error) {
    throw usageError(reasonOf(error));
  }
}

function sourceAt(path: string): FormatSource {
  switch (kindOfDirectory(path)) {
    case 'check':
      return checkSource(readCheck(path)!);
    case 'comparison': {
      const result = readComparison(path)!;
      return comparisonSource(comparisonOf(result), contextOf(result));
    }
    case 'run':
      if (!existsSync(join(path, RESULT_FILE)) && existsSync(join(path, SESSIONS_FILE))) {
        throw usageError(`${path} holds a check or a comparison that was cut off: it came to nothing`);
      }
      return runSource(readResult(path), path);
  }
}

/** By the files in it. A run comes first, and what holds nothing is taken for one: reading it tells what is missing. */
export function kindOfDirectory(path: string): FormatSource['kind'] {
  const holds = (file: string): boolean => existsSync(join(path, file));
  if (holds(RESULT_FILE)) return 'run';
  if (holds(CHECK_FILE)) return 'check';
  return holds(COMPARISON_FILE) ? 'comparison' : 'run';
}
