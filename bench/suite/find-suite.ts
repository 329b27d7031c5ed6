import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { nearestName } from '../../core/base/nearest-name.ts';
import { usageError } from '../cli-error.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

export const SHIPPED_SUITES_DIRECTORY = join(PACKAGE_ROOT, 'bench', 'suites');
const SUITE_FILE = /\.ya?ml$/;

export interface SuiteLocation {
  /** For directories and titles: the file's name without its ending. */
  readonly name: string;
  readonly path: string;
  /** As messages show it. */
  readonly shownAs: string;
}

/** Names of the suites that ship, sorted, `quick` first. */
export function shippedSuiteNames(): string[] {
  const names = readdirSync(SHIPPED_SUITES_DIRECTORY)
    .filter((file) => SUITE_FILE.test(file))
    .map((file) => file.replace(SUITE_FILE, ''));
  return names.sort(
    (left, right) => Number(right === 'quick') - Number(left === 'quick') || left.localeCompare(right),
  );
}

export function shippedSuite(name: string): SuiteLocation {
  return { name, path: join(SHIPPED_SUITES_DIRECTORY, `${name}.yaml`), shownAs: `${name}.yaml` };
}

/** A shipped name, or the path of a file (anything with a separator or ending in .yaml or .yml). Exit 2 when there is none. */
export function findSuite(nameOrPath: string, workingDirectory: string): SuiteLocation {
  const isPath = /[\\/]/.test(nameOrPath) || SUITE_FILE.test(nameOrPath);
  const names = shippedSuiteNames();
  if (!isPath && names.includes(nameOrPath)) return shippedSuite(nameOrPath);
  if (!isPath) {
    const nearest = nearestName(nameOrPath, names);
    const hint = nearest === null ? '' : `did you mean ${nearest}? `;
    throw usageError(
      `unknown suite '${nameOrPath}': ${hint}shipped are ${names.join(', ')}; anything else is the path of a .yaml file`,
    );
  }
  const path = resolve(workingDirectory, nameOrPath);
  if (!existsSync(path)) throw usageError(`suite file ${nameOrPath} does not exist`);
  return { name: basename(path).replace(SUITE_FILE, ''), path, shownAs: nameOrPath };
}
