import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import { prepareClient } from './sources/client.ts';
import { prepareDirectory } from './sources/directory.ts';
import { prepareGitRef } from './sources/git-ref.ts';
import { prepareProperties } from './sources/properties.ts';
import { prepareNpmVersion, prepareTarball } from './sources/published-package.ts';
import type { PreparedSide, SourceOptions } from './sources/source-options.ts';

export type { PreparedSide, SourceOptions } from './sources/source-options.ts';

/** For --help. */
export const SIDE_FORMS = `DIR                 a build of Tidemark, or a project with a driver
git:REF             a commit of the repository here, checked out elsewhere
FILE.tgz            a package's tarball
npm:[NAME@]VERSION  a published version, of tidemark unless named
client:NAME         tidemark, kafkajs or @platformatic/kafka, as installed
name=value[,...]    producer properties
FILE.properties     the same in a file: the place for secrets`;

const SCHEME = /^([a-z]+):/;

/**
 * Makes one of the two things to compare ready, from the text that names it (SIDE_FORMS). Rejects with a CliError: exit 2
 * for a text that names nothing, exit 4 with the last output where it does not build, 130 when the signal aborts.
 */
export async function resolveSide(text: string, options: SourceOptions): Promise<PreparedSide> {
  const given = text.trim();
  if (given === '') throw usageError(`--${options.role} names nothing, expected one of\n${SIDE_FORMS}`);
  // What is there is meant, whatever its name looks like.
  if (isDirectory(resolve(options.workingDirectory, given))) return prepareDirectory(given, options);
  switch (SCHEME.exec(given)?.[1]) {
    case 'git':
      return prepareGitRef(given, options);
    case 'npm':
      return prepareNpmVersion(given, options);
    case 'client':
      return prepareClient(given, options);
  }
  if (/\.(tgz|tar\.gz)$/.test(given)) return prepareTarball(given, options);
  if (given.endsWith('.properties') || /^[a-z][\w.-]*\s*=/i.test(given))
    return prepareProperties(given, options);
  return prepareDirectory(given, options).catch((error) => {
    throw usageError(`--${options.role} ${error.message}; it may be one of\n${SIDE_FORMS}`);
  });
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
