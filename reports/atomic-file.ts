import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { TidemarkError } from '../core/base/errors.ts';
import { makeDirectories } from './make-directories.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
};

/**
 * Writes a file whole or not at all: into a temporary file beside it, synced, then renamed. Makes missing
 * directories. Throws TidemarkError `STORAGE` that names the file and the reason; what stood there before stays.
 */
export function writeFileAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeDirectories(dirname(path));
    writeSynced(temporary, content);
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    const { code = '' } = error as NodeJS.ErrnoException;
    const reason = REASONS[code] ?? (error as Error).message;
    throw new TidemarkError('STORAGE', `cannot write ${path}: ${reason}${code === '' ? '' : ` (${code})`}`, {
      cause: error,
    });
  }
}

function writeSynced(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = openSync(path, 'w');
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What cannot be taken away either must not hide the first error. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error that brought us here is the one to tell.
  }
}
