import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the package stands, from its sources or compiled: the nearest folder above that holds package.json. */
export const PACKAGE_ROOT = findPackageRoot(import.meta.dirname);

function findPackageRoot(from: string): string {
  for (let directory = from; ; directory = dirname(directory)) {
    if (readName(directory) === 'tidemark') return directory;
    if (directory === dirname(directory)) throw new Error(`no package.json of tidemark above ${from}`);
  }
}

function readName(directory: string): string | null {
  try {
    return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { name: string }).name;
  } catch {
    return null;
  }
}

/** The version of the package `directory` belongs to. */
export function packageVersion(directory: string = PACKAGE_ROOT): string {
  return (JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { version: string }).version;
}
