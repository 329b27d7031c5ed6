import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { CliError, reasonOf, usageError } from './cli-error.ts';
import { type BadLine, type Property, parseProperties } from './properties-file.ts';

const MAX_FILE_BYTES = 1_048_576;
const NAME = /^[\w.-]{1,100}$/;

export interface ReadProperties {
  /** Each name once: the last line that gives it. */
  readonly properties: readonly Property[];
  readonly notes: readonly string[];
}

/**
 * Reads the file that an option names, `shown` as the user wrote it. Exit 2 with all bad lines as `FILE:LINE: ...`;
 * no message repeats what stands on a line, which may be a secret.
 */
export function readPropertiesFile(option: string, shown: string, workingDirectory: string): ReadProperties {
  const text = decoded(readWhole(option, shown, workingDirectory), shown);
  const { properties, problems } = parseProperties(text);
  const bad = [...problems, ...properties.flatMap(problemOfName)].sort(
    (left, right) => left.line - right.line,
  );
  if (bad.length > 0) throw usageError(...bad.map(({ line, message }) => `${shown}:${line}: ${message}`));
  return withoutRepetitions(properties, shown);
}

/** What cannot be a name is not repeated: it may be the rest of a secret, or speak to the terminal. */
function problemOfName({ name, line }: Property): BadLine[] {
  if (name === '') {
    return [{ line, message: 'a value without a name, expected name=value (a comment begins with # or !)' }];
  }
  if (NAME.test(name)) return [];
  const message =
    'no name of a property stands here, expected name=value: a line that goes on ends in \\, with no blank behind it';
  return [{ line, message }];
}

function readWhole(option: string, shown: string, workingDirectory: string): Buffer {
  try {
    const bytes = readAtMost(resolve(workingDirectory, shown), MAX_FILE_BYTES + 1);
    if (bytes.length <= MAX_FILE_BYTES) return bytes;
    throw usageError(`${option} ${shown}: larger than ${MAX_FILE_BYTES} bytes, expected a .properties file`);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw usageError(`${option} ${shown}: there is no such file`);
    if (code === 'EISDIR')
      throw usageError(`${option} ${shown}: is a directory, expected a .properties file`);
    throw usageError(`${option} ${shown}: cannot be read: ${reasonOf(error)}`);
  }
}

// A device or a pipe may never end.
function readAtMost(path: string, maxBytes: number): Buffer {
  const bytes = Buffer.alloc(maxBytes);
  const file = openSync(path, 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < maxBytes; length += read) {
      read = readSync(file, bytes, length, maxBytes - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

// Java reads such files as Latin-1. Read so, a file in UTF-8 would come out wrong without a word.
function decoded(bytes: Buffer, shown: string): string {
  const bad: string[] = [];
  for (let start = 0, line = 1; start <= bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    if (!isUtf8(bytes.subarray(start, end))) {
      bad.push(
        `${shown}:${line}: no valid UTF-8: save the file as UTF-8, or write the character as \\uXXXX, as Java reads it too`,
      );
    }
    start = end + 1;
  }
  if (bad.length > 0) throw usageError(...bad);
  return bytes.toString('utf8');
}

function withoutRepetitions(properties: readonly Property[], shown: string): ReadProperties {
  const last = new Map<string, Property>();
  const notes: string[] = [];
  for (const property of properties) {
    const earlier = last.get(property.name);
    if (earlier !== undefined) {
      notes.push(
        `${shown}:${property.line}: ${property.name} was given in line ${earlier.line} already: the last one counts`,
      );
    }
    last.set(property.name, property);
  }
  return { properties: [...last.values()], notes };
}
