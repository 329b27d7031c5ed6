import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, reasonOf } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';

/** What a package.json says that matters here; null where it says nothing. */
export interface Manifest {
  readonly name: string | null;
  readonly version: string | null;
  /** `"tidemark": { "driver": ... }`: a file or a command. */
  readonly driver: string | null;
  /** `"tidemark": { "build": ... }`: a command. */
  readonly build: string | null;
  readonly hasDependencies: boolean;
}

const NOTHING: Manifest = { name: null, version: null, driver: null, build: null, hasDependencies: false };

/** A directory without package.json has an empty one. Exit 4 for one that is no JSON, or says something odd. */
export function readManifest(directory: string): Manifest {
  const path = join(directory, 'package.json');
  let fields: Record<string, unknown>;
  try {
    fields = asMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return NOTHING;
    throw notReadable(`${path}: ${reasonOf(error)}`);
  }
  const own = asMap(fields['tidemark']);
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies'];
  return {
    name: typeof fields['name'] === 'string' ? fields['name'] : null,
    version: typeof fields['version'] === 'string' ? fields['version'] : null,
    driver: commandOf(own, 'driver', path),
    build: commandOf(own, 'build', path),
    hasDependencies: dependencies.some((kind) => Object.keys(asMap(fields[kind])).length > 0),
  };
}

function commandOf(own: Readonly<Record<string, unknown>>, name: string, path: string): string | null {
  const value = own[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw notReadable(`${path}: tidemark.${name} must be a text, got ${JSON.stringify(value)}`);
}

/** As a side that does not start: the command line is right. */
function notReadable(problem: string): CliError {
  return new CliError(problem, EXIT.unreachable);
}

function asMap(value: unknown): Record<string, unknown> {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? (value as Record<string, unknown>) : {};
}
