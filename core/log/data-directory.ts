import * as fs from 'node:fs';
import { join } from 'node:path';
import { StorageError, storageErrorFrom } from './storage-error.ts';

const LOCK_FILE = '.lock';
const MAX_TRIES = 3;
const ENDED = 'ended';

/**
 * Takes a data directory for this process by a lock file that names the holder as `<pid> <start time>`: the start
 * time tells the process from a later one that happens to get its number. A lock whose holder is dead is taken over.
 * Throws StorageError ELOCKED naming the process that uses the directory.
 */
export function lockDataDirectory(root: string): void {
  const path = join(root, LOCK_FILE);
  const holder = `${process.pid} ${processStartTime(process.pid)}\n`;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    try {
      fs.writeFileSync(path, holder, { flag: 'wx' });
      return;
    } catch (error) {
      const failure = storageErrorFrom('lock', path, error);
      if (failure.code !== 'EEXIST') throw failure;
    }
    const found = readHolder(path);
    if (found !== null && isAlive(found)) {
      throw new StorageError(
        'ELOCKED',
        root,
        `data directory ${root} is in use by process ${found.pid}: stop it, or choose another directory`,
      );
    }
    fs.rmSync(path, { force: true });
  }
  throw new StorageError('ELOCKED', root, `data directory ${root} is being taken by others: try again`);
}

/** Gives the directory back. */
export function unlockDataDirectory(root: string): void {
  fs.rmSync(join(root, LOCK_FILE), { force: true });
}

interface LockHolder {
  readonly pid: number;
  readonly startTime: string;
}

/** Null when the file went meanwhile, or when a crash left it torn. */
function readHolder(path: string): LockHolder | null {
  try {
    const [pid, startTime] = fs.readFileSync(path, 'utf8').trim().split(' ');
    return Number(pid) > 0 ? { pid: Number(pid), startTime: startTime ?? '-' } : null;
  } catch (error) {
    const failure = storageErrorFrom('read', path, error);
    if (failure.code === 'ENOENT') return null;
    throw failure;
  }
}

function isAlive(holder: LockHolder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // Anything else (EPERM) says that there is such a process, only not ours.
    if ((error as { code?: string }).code === 'ESRCH') return false;
  }
  const startTime = processStartTime(holder.pid);
  if (startTime === ENDED) return false;
  return startTime === '-' || holder.startTime === '-' || startTime === holder.startTime;
}

/**
 * Field 22 of /proc/<pid>/stat, in ticks since the boot; '-' where there is no such file. A process that was killed
 * and that its parent has not taken note of yet (a zombie) still has one, and still answers signals: it has ended.
 */
function processStartTime(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? ENDED : (fields[19] ?? '-');
  } catch {
    return '-';
  }
}
