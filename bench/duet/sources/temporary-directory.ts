import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

function removeAll(): void {
  for (const directory of made) {
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch {
      // The others are to go all the same, and the exit code is the check's.
    }
  }
}

export interface TemporaryDirectory {
  readonly path: string;
  /** Never rejects: what cannot be removed takes nothing away from what was measured. */
  release(): Promise<void>;
}

/** A directory that is gone after release(), and when this process ends before that, short of being killed. */
export function makeTemporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), 'tidemark-side-'));
  if (made.size === 0) process.on('exit', removeAll);
  made.add(path);
  return {
    path,
    release: async () => {
      if (!made.delete(path)) return;
      if (made.size === 0) process.off('exit', removeAll);
      await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
    },
  };
}
