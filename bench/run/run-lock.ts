import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { usageError } from '../cli-error.ts';

const LOCK_FILE = 'run.lock';

/** One process writes to a run directory at a time. What a killed one left behind is taken over. */
export class RunLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Exit 2 while another process holds it. */
  static take(directory: string): RunLock {
    const path = join(directory, LOCK_FILE);
    if (!tryCreate(path)) {
      const holder = readLock(path);
      if (holder !== null && isAlive(holder)) throw heldBy(directory, holder);
      stealFrom(path, holder);
      if (!tryCreate(path)) throw heldBy(directory, readLock(path));
    }
    return new RunLock(path);
  }

  release(): void {
    rmSync(this.#path, { force: true });
  }
}

interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one of the same number; null where the system does not say. */
  readonly processStart: string | null;
}

function heldBy(directory: string, holder: LockHolder | null): Error {
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return usageError(`${directory} is in use by ${who}: wait for it, or end it first`);
}

function tryCreate(path: string): boolean {
  const holder: LockHolder = { pid: process.pid, host: hostname(), processStart: processStart(process.pid) };
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

// Two processes may find the same stale lock: whoever moved away a lock that is not the stale one puts it back.
function stealFrom(path: string, stale: LockHolder | null): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (JSON.stringify(readLock(aside)) !== JSON.stringify(stale)) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one has it now.
    }
  }
  rmSync(aside, { force: true });
}

function readLock(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

function isAlive({ pid, host, processStart: started }: LockHolder): boolean {
  // Of another machine nothing can be known: better to refuse than to write at once.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return started === null || processStart(pid) === started;
}

/** Field 22 of /proc/PID/stat, the start in clock ticks since boot. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
