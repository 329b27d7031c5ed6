import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../cli-error.ts';
import type { DriverSource } from '../side.ts';
import { buildSide, notReady } from './build-side.ts';
import { chooseDriver } from './choose-driver.ts';
import { provideDependencies } from './dependencies.ts';
import { nameOf } from './directory.ts';
import { placeDriver } from './place-driver.ts';
import { readManifest } from './read-manifest.ts';
import { runTool, type ToolRun } from './run-tool.ts';
import type { PreparedSide, SourceOptions } from './source-options.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

/**
 * A commit of the repository that holds the working directory, in a directory of its own: every file as checked out,
 * whatever .gitattributes leaves out of archives, and nothing in the repository is touched. In a subdirectory of the
 * repository it is that subdirectory which is measured. Exit 2 for a name that git does not know.
 */
export async function prepareGitRef(text: string, options: SourceOptions): Promise<PreparedSide> {
  const ref = text.slice('git:'.length);
  const { workingDirectory, signal } = options;
  const git = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
    runTool({ command: ['git', ...args], directory: workingDirectory, environment, signal });
  const root = realpathSync(answerOf(await git(['rev-parse', '--show-toplevel']), text));
  const prefix = answerOf(await git(['rev-parse', '--show-prefix']), text);
  const found = await git(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`]);
  if (!found.ok) throw await unknownRef(text, found, () => git(['rev-parse', '--is-shallow-repository']));
  const commit = found.stdout;
  const shortCommit = answerOf(await git(['rev-parse', '--short', commit]), text);
  const temporary = makeTemporaryDirectory();
  try {
    const copy = join(realpathSync(temporary.path), 'tree');
    const index = { GIT_INDEX_FILE: join(temporary.path, 'index') };
    for (const args of [
      ['read-tree', commit],
      ['-C', root, 'checkout-index', '--all', `--prefix=${copy}/`],
    ]) {
      const run = await git(args, index);
      if (!run.ok) throw notReady(text, `cannot be checked out: git ${args[0]} ended with ${run.how}`, run);
    }
    const directory = join(copy, prefix);
    const build = options.build ?? readManifest(directory).build;
    const given = placeDriver(text, { root, prefix, copy }, options);
    const choose = (): DriverSource => chooseDriver(directory, text, given);
    // A driver may be made by the build; where there is none, nothing need be installed to see that it is missing.
    if (build === null) choose();
    await provideDependencies(text, { root, prefix, copy }, options);
    if (build !== null) await buildSide(text, { directory, build }, options);
    const driver = choose();
    const description = `${nameOf(directory)} at ${shortCommit}`;
    return { label: text, description, driver, properties: {}, release: temporary.release };
  } catch (error) {
    await temporary.release();
    throw error;
  }
}

async function unknownRef(text: string, found: ToolRun, askShallow: () => Promise<ToolRun>): Promise<Error> {
  const isShallow = (await askShallow()).stdout === 'true';
  const hint = isShallow ? '; this clone is shallow: fetch more of it (fetch-depth: 0 in CI)' : '';
  return usageError(
    `${text}: there is no such commit in this repository (git says: ${wordsOf(found)})${hint}`,
  );
}

function wordsOf({ tail }: ToolRun): string {
  return tail.text().replace(/^fatal: /, '');
}

function answerOf(run: ToolRun, text: string): string {
  if (run.ok) return run.stdout;
  if (run.how.startsWith('cannot be run')) throw usageError(`${text}: git ${run.how}`);
  throw usageError(`${text}: git says: ${wordsOf(run)}`);
}
