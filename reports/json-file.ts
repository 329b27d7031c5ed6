import { readFileSync } from 'node:fs';
import { TidemarkError } from '../core/base/errors.ts';

/** Reads a file of JSON; null when there is none. Throws TidemarkError `RESULT`, naming the file and what it should hold. */
export function readJsonFile(file: string, what: string): { readonly value: unknown } | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new TidemarkError('RESULT', `${file}: ${message}`, { cause: error });
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const problem = text.trim() === '' ? 'is empty' : `is cut off or not JSON (${(error as Error).message})`;
    throw new TidemarkError('RESULT', `${file}: the ${what} ${problem}`, { cause: error });
  }
}
