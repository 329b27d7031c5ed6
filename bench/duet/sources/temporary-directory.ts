import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();

function removeAll(): void {
  for (const directory of made) rmSync(directory, { recursive: true, force: true });
}

export interface TemporaryDirectory {
  readonly path: string;
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
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
