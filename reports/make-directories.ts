import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A directory and those above it, step by step; one that is there is left alone. Where the system refuses a name without
 * saying that it exists (/proc), mkdir -p of Node 24 never ends.
 */
export function makeDirectories(path: string): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
