import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeDirectories } from '../../reports/make-directories.ts';
import { JOURNAL_FILE } from '../../reports/result-schema.ts';
import { reasonOf, usageError } from '../cli-error.ts';

/** Where runs go unless --out says otherwise. */
const DEFAULT_PARENT = 'runs';
const MAX_ATTEMPTS = 100;

/**
 * Makes the directory of a new run and returns it as messages show it. What exists is never written to: exit 2,
 * naming --resume where it is a run.
 */
export function createRunDirectory(out: string | null, suite: string, workingDirectory: string): string {
  if (out !== null) {
    makeNew(out, workingDirectory);
    return out;
  }
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  for (let attempt = 1; ; attempt++) {
    const shown = join(DEFAULT_PARENT, `${suite}-${stamp}${attempt === 1 ? '' : `-${attempt}`}`);
    if (existsSync(resolve(workingDirectory, shown)) && attempt < MAX_ATTEMPTS) continue;
    makeNew(shown, workingDirectory);
    return shown;
  }
}

function makeNew(shown: string, workingDirectory: string): void {
  const path = resolve(workingDirectory, shown);
  try {
    makeDirectories(dirname(path));
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(path)) {
      throw usageError(`the run directory ${shown} cannot be made: ${reasonOf(error)}`);
    }
    const hint = existsSync(join(path, JOURNAL_FILE))
      ? `it holds a run: go on with --resume ${shown}, or name another directory`
      : 'name one that does not exist yet';
    throw usageError(`--out ${shown} exists already and is left alone: ${hint}`);
  }
}
