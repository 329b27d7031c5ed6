import { readFileSync, statSync } from 'node:fs';
import { TidemarkError } from '../core/base/errors.ts';

const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/**
 * The records of a user's file, split at every `delimiter` (bytes as given, UTF-8); empty ones are left out.
 * Throws a TidemarkError of kind CONFIG when the file is missing, unreadable, too large or holds no record.
 */
export function readPayloadFile(path: string, delimiter: string): Buffer[] {
  const bytes = readBoundedFile(path, 'payload file');
  const separator = Buffer.from(delimiter);
  if (separator.length === 0)
    throw configError(`the payload delimiter of ${path} is empty; give at least one byte, such as \\n`);
  const records: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(separator, start);
    const end = found === -1 ? bytes.length : found;
    if (end > start) records.push(bytes.subarray(start, end));
    start = end + separator.length;
  }
  if (records.length === 0)
    throw configError(
      `payload file ${path} holds no record; expected text split by ${JSON.stringify(delimiter)}`,
    );
  return records;
}

/** A whole file of at most 1 GiB; `what` names it in errors. Throws a TidemarkError of kind CONFIG. */
export function readBoundedFile(path: string, what: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES)
      throw configError(`${what} ${path} has ${size} bytes, at most ${MAX_FILE_BYTES} are read into memory`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    throw configError(`${what} ${path} cannot be read: ${(error as Error).message}`);
  }
}

function configError(message: string): TidemarkError {
  return new TidemarkError('CONFIG', message);
}
