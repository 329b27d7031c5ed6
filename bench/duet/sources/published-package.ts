import { readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { usageError } from '../../cli-error.ts';
import { notReady } from './build-side.ts';
import { chooseDriver } from './choose-driver.ts';
import { nameOf } from './directory.ts';
import { runTool } from './run-tool.ts';
import type { PreparedSide, SourceOptions } from './source-options.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from './temporary-directory.ts';

const TIDEMARK = 'tidemark';
const VERSION_OF_PACKAGE = /^(@[\w.~-]+\/)?[\w.~-]+@[^@/\s]+$/;
const VERSION = /^[\w.~^<>=*+|-]+$/;
/** npm's words for what is not there, as against a network or a disk that failed. */
const UNKNOWN = /\b(E404|ETARGET|EINVALIDTAGNAME|EINVALIDPACKAGENAME)\b/;

/** `npm pack`'s tarball, or one of a repository's sources, with its dependencies. */
export async function prepareTarball(text: string, options: SourceOptions): Promise<PreparedSide> {
  const path = resolve(options.workingDirectory, text);
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!isFile) throw usageError(`${text}: there is no such tarball`);
  return installed(text, path, options);
}

/** `npm:1.2.3` of Tidemark itself, `npm:NAME@1.2.3` of any package. */
export async function prepareNpmVersion(text: string, options: SourceOptions): Promise<PreparedSide> {
  const given = text.slice('npm:'.length).trim();
  if (VERSION_OF_PACKAGE.test(given)) return installed(text, given, options);
  if (VERSION.test(given) && !given.startsWith('-')) return installed(text, `${TIDEMARK}@${given}`, options);
  throw usageError(`${text}: expected npm:VERSION (of ${TIDEMARK}) or npm:NAME@VERSION`);
}

/** Built when it was packed: it is taken as it is. */
async function installed(text: string, wanted: string, options: SourceOptions): Promise<PreparedSide> {
  const temporary = makeTemporaryDirectory();
  try {
    options.onNote(`${text}: npm install`);
    const directory = await install(text, { wanted, temporary }, options);
    const driver = chooseDriver(directory, text, options.driver);
    const file = text.startsWith('npm:') ? '' : ` from ${basename(text)}`;
    const description = `${nameOf(directory)}${file}`;
    return { label: text, description, driver, properties: {}, release: temporary.release };
  } catch (error) {
    await temporary.release();
    throw error;
  }
}

async function install(
  text: string,
  { wanted, temporary }: { readonly wanted: string; readonly temporary: TemporaryDirectory },
  { signal }: SourceOptions,
): Promise<string> {
  const directory = realpathSync(temporary.path);
  const manifest = join(directory, 'package.json');
  writeFileSync(manifest, '{"private":true}\n');
  const command = ['npm', 'install', '--no-audit', '--no-fund', '--omit=dev', '--', wanted];
  const run = await runTool({ command, directory, signal });
  if (!run.ok && UNKNOWN.test(run.tail.text())) {
    throw usageError(`${text}: npm does not know ${wanted}\n${run.tail.shown()}`);
  }
  if (!run.ok) throw notReady(text, `cannot be installed: npm install ended with ${run.how}`, run);
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies?: object };
  const [name] = Object.keys(dependencies);
  if (name === undefined) throw notReady(text, 'is no package: npm installed nothing', run);
  return join(directory, 'node_modules', name);
}
