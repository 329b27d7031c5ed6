import { copyFileSync, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { TreeCopy } from './dependencies.ts';
import type { SourceOptions } from './source-options.ts';

/**
 * The `--driver` of a checked-out commit. One that the commit does not have yet, and one named by its absolute path, is
 * the file of the working tree, put where it stands there: what it imports by relative paths is the commit's then. Left
 * where it is it would import the working tree's code, and the candidate would be measured against itself.
 */
export function placeDriver(
  label: string,
  { root, copy }: TreeCopy,
  { driver, workingDirectory, onNote }: SourceOptions,
): string | undefined {
  if (driver === undefined) return undefined;
  const own = resolve(workingDirectory, driver);
  if (statSync(own, { throwIfNoEntry: false })?.isFile() !== true) return driver;
  const path = relative(root, realpathSync(own));
  if (path.startsWith('..') || isAbsolute(path)) return driver;
  const placed = join(copy, path);
  if (isAbsolute(driver) || !existsSync(placed)) {
    mkdirSync(dirname(placed), { recursive: true });
    copyFileSync(own, placed);
    onNote(`${label}: its driver is ${path} of the working tree`);
  }
  return placed;
}
