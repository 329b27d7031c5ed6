import { readFileSync, realpathSync } from 'node:fs';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import { entryId, type HistoryEntry } from '../../reports/history/history-entry.ts';
import { entryLine, HistoryFileError, parseHistory } from '../../reports/history/parse-history.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';

/** Where a project keeps its history when nothing else is said. */
export const HISTORY_FILE = 'tidemark-history.ndjson';

/**
 * The checks of a history file in order of time; none when there is no file yet. CliError (exit 2) for a conflict
 * marker, a damaged line or another schema. A check that will append calls it first: minutes of measuring must not end
 * at a line that could have been told before. `name` is for messages: the path as the user wrote it.
 */
export function readHistory(path: string, name = path): readonly HistoryEntry[] {
  return parse(readText(path), name);
}

/**
 * Adds a check as the file's last line; makes the file where there is none. A check that stands in it already is not
 * added again. The file is written whole or not at all. Returns whether it was added; CliError for a file that cannot
 * be read (exit 2) or written (exit 3).
 */
export function appendHistory(path: string, entry: HistoryEntry): boolean {
  const text = readText(path);
  if (parse(text, path).some((there) => entryId(there) === entry.id)) return false;
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  try {
    writeFileAtomically(realPath(path), `${text}${separator}${entryLine(entry)}`);
  } catch (error) {
    throw new CliError(`the check is not in the history: ${reasonOf(error)}`, EXIT.failed, error);
  }
  return true;
}

function parse(text: string, path: string): readonly HistoryEntry[] {
  try {
    return parseHistory(text, path);
  } catch (error) {
    throw error instanceof HistoryFileError ? usageError(...error.message.split('\n')) : error;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw usageError(`cannot read the history ${path}: ${reasonOf(error)}`);
  }
}

/** A link stays a link: what it leads to is replaced. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
