import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../package-root.ts';

const TYPESCRIPT_OF_A_PACKAGE = /^file:.*\/node_modules\/.*\.m?ts$/;

/**
 * Loads drivers as their authors expect, from where they stand:
 *
 * - one that lies outside the directory it drives (those that ship with Tidemark) finds libraries from that directory;
 * - `tidemark` is the running one where the project has none installed, and where it is the project;
 * - TypeScript is taken in node_modules too, where Node itself refuses it: an installed package may be a side.
 */
export function loadDriversFrom(directory: string, driverPath: string): void {
  const driver = pathToFileURL(driverPath).href;
  const project = pathToFileURL(`${directory}${sep}driver`).href;
  const isOutside = relative(directory, driverPath).startsWith('..') || isWithin(PACKAGE_ROOT, driverPath);
  registerHooks({
    resolve(specifier, context, next) {
      const isLibrary = !/^(\.|\/|node:|file:)/.test(specifier);
      const from = isOutside && isLibrary && context.parentURL === driver ? project : context.parentURL;
      const given = from === undefined ? context : { ...context, parentURL: from };
      if (specifier === 'tidemark') return resolveTidemark(() => next(specifier, given));
      return next(specifier, given);
    },
    load(url, context, next) {
      if (!TYPESCRIPT_OF_A_PACKAGE.test(url)) return next(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}

type Resolved = ReturnType<Parameters<NonNullable<Parameters<typeof registerHooks>[0]['resolve']>>[2]>;

function resolveTidemark(next: () => Resolved): Resolved {
  const own: Resolved = { url: ownEntry(), shortCircuit: true };
  let found: Resolved;
  try {
    found = next();
  } catch {
    return own;
  }
  return found.url.startsWith(pathToFileURL(PACKAGE_ROOT + sep).href) ? own : found;
}

/** As we run ourselves: from the sources, or compiled. */
function ownEntry(): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return new URL(`../../core/tidemark${extension}`, import.meta.url).href;
}

function isWithin(directory: string, path: string): boolean {
  return !relative(directory, resolve(path)).startsWith('..');
}
