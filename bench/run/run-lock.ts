import { lockDataDirectory, unlockDataDirectory } from '../../core/log/data-directory.ts';
import { reasonOf, usageError } from '../cli-error.ts';

/** One process writes to a run directory at a time: exit 2 while another does. Returns what gives it back. */
export function lockRunDirectory(directory: string): () => void {
  try {
    lockDataDirectory(directory);
  } catch (error) {
    throw usageError(reasonOf(error).replace(/^data directory/, 'run directory'));
  }
  return () => unlockDataDirectory(directory);
}
