import { realpathSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { usageError } from '../../cli-error.ts';
import { buildSide } from './build-side.ts';
import { chooseDriver } from './choose-driver.ts';
import { readManifest } from './read-manifest.ts';
import { runTool } from './run-tool.ts';
import { NOTHING_TO_RELEASE, type PreparedSide, type SourceOptions } from './source-options.ts';

/** A directory as it stands; it is the user's, and built only when they say how. Exit 2 when there is none. */
export async function prepareDirectory(text: string, options: SourceOptions): Promise<PreparedSide> {
  const named = resolve(options.workingDirectory, text);
  const found = statSync(named, { throwIfNoEntry: false });
  if (found === undefined) throw usageError(`${text}: there is no such directory`);
  if (!found.isDirectory()) {
    throw usageError(
      `${text}: is a file, expected a directory; a driver is named with --driver, relative to it`,
    );
  }
  const directory = realpathSync(named);
  const { build } = options;
  // A driver may be made by the build.
  if (build !== undefined) await buildSide(text, { directory, build }, options);
  const driver = chooseDriver(directory, text, options.driver);
  const description = [nameOf(directory), await commitOf(directory, options.signal)].filter(
    (part) => part !== '',
  );
  return {
    label: text,
    description: description.join(' '),
    driver,
    properties: {},
    release: NOTHING_TO_RELEASE,
  };
}

/** `tidemark 0.1.0`, or the directory's name. */
export function nameOf(directory: string): string {
  const { name, version } = readManifest(directory);
  return [name ?? basename(directory), version].filter((part) => part !== null).join(' ');
}

/** `at 95317c0 with uncommitted changes`; empty when the directory is in no repository. */
async function commitOf(directory: string, signal: AbortSignal): Promise<string> {
  const git = (...args: string[]) => runTool({ command: ['git', ...args], directory, signal });
  const tracked = await git('ls-files', '--', '.');
  if (!tracked.ok || tracked.stdout === '') return '';
  const commit = await git('rev-parse', '--short', 'HEAD');
  if (!commit.ok) return '';
  const changes = await git('status', '--porcelain', '--', '.');
  return `at ${commit.stdout}${changes.stdout === '' ? '' : ' with uncommitted changes'}`;
}
