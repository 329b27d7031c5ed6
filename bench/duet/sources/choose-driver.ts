import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CliError, usageError } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import type { DriverSource } from '../side.ts';
import { readManifest } from './read-manifest.ts';

const MODULE = /\.(ts|mts|cts|js|mjs|cjs)$/;
/** Of Tidemark's own tree, and of the package built from it. */
const TIDEMARK_ENTRIES = ['core/tidemark.ts', 'dist/core/tidemark.js'];

/**
 * How a directory is driven: by `--driver`, by what its package.json names, or, being a build of Tidemark, by its own
 * Producer. Exit 2 for a --driver that is none; exit 4 where nothing in the directory can be started, and the three ways
 * are told.
 */
export function chooseDriver(directory: string, label: string, given: string | undefined): DriverSource {
  if (given !== undefined) {
    return driverNamed(directory, { text: given, where: `${label}: --driver ${given}` }, usageError);
  }
  const { name, driver } = readManifest(directory);
  if (driver !== null) {
    const where = `${label}: package.json names the driver ${driver}`;
    return driverNamed(directory, { text: driver, where }, doesNotStart);
  }
  if (name === 'tidemark') return tidemarkDriver(directory, label);
  throw doesNotStart(
    `${label}: nothing tells how it produces. Give --driver FILE (a module, relative to that directory) or --driver COMMAND,`,
    `or write "tidemark": { "driver": "./bench/driver.ts" } into its package.json; a build of Tidemark itself needs neither.`,
    'docs/drivers.md explains what a driver is.',
  );
}

/** The public entry of a build of Tidemark. Sources come first: what was once built beside them may be old. */
export function tidemarkDriver(
  directory: string,
  label: string,
): Extract<DriverSource, { kind: 'tidemark' }> {
  const entry = TIDEMARK_ENTRIES.map((path) => join(directory, path)).find((path) => existsSync(path));
  if (entry !== undefined) return { kind: 'tidemark', directory, entry };
  throw doesNotStart(
    `${label} does not start: package.json says tidemark, but there is no ${TIDEMARK_ENTRIES.join(' and no ')}`,
  );
}

/** What is wrong lies in the directory, not on the command line. */
function doesNotStart(...problems: readonly string[]): CliError {
  return new CliError(problems.join('\n'), EXIT.unreachable);
}

/** A file is a module by its ending, or a program; all else is a command line for the shell. */
function driverNamed(
  directory: string,
  { text, where }: { readonly text: string; readonly where: string },
  refused: (...problems: readonly string[]) => CliError,
): DriverSource {
  const path = resolve(directory, text);
  if (isFile(path)) {
    if (MODULE.test(path)) return { kind: 'module', directory, path };
    if (isExecutable(path)) return { kind: 'command', directory, command: [path] };
    throw refused(
      `${where}: is neither a module (.ts, .js, .mjs) nor executable: chmod +x it, or give the command that runs it`,
    );
  }
  if (MODULE.test(text) && !/\s/.test(text))
    throw refused(
      `${where}: there is no such file in ${directory}; an absolute path drives both sides by one file`,
    );
  if (text.trim() === '') throw refused(`${where}: is empty, expected a file or a command`);
  return { kind: 'command', directory, command: shellCommand(text) };
}

/** The command as the system's shell takes it. */
export function shellCommand(text: string): readonly string[] {
  return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', text] : ['sh', '-c', text];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
