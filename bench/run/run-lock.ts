import { setTimeout as sleep } from 'node:timers/promises';
import { lockDataDirectory, unlockDataDirectory } from '../../core/log/data-directory.ts';
import { reasonOf, usageError } from '../cli-error.ts';

/** A process that was just killed needs a while to give its memory back, and is there until then. */
const HOLDER_MAY_END_MS = 3000;
const ASK_AGAIN_MS = 100;

/** One process writes to a run directory at a time: exit 2 while another does. Resolves to what gives it back. */
export async function lockRunDirectory(directory: string): Promise<() => void> {
  for (let waitedMs = 0; ; waitedMs += ASK_AGAIN_MS) {
    try {
      lockDataDirectory(directory);
      return () => unlockDataDirectory(directory);
    } catch (error) {
      const isHeld = (error as { code?: string }).code === 'ELOCKED';
      if (!isHeld || waitedMs >= HOLDER_MAY_END_MS) {
        throw usageError(reasonOf(error).replace(/^data directory/, 'run directory'));
      }
      await sleep(ASK_AGAIN_MS);
    }
  }
}
