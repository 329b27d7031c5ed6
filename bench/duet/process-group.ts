import type { ChildProcess } from 'node:child_process';

const IS_WINDOWS = process.platform === 'win32';

/** Whether a process should be started detached, so that it leads a group of its own: not on Windows, which has none. */
export const LEADS_GROUP = !IS_WINDOWS;

const started = new Set<ChildProcess>();

function endAll(): void {
  for (const child of started) endGroup(child);
}

/** From now on the child's group ends with this process, however this process ends short of being killed. */
export function guardGroup(child: ChildProcess): void {
  if (started.size === 0) process.on('exit', endAll);
  started.add(child);
}

/** Kills the child and whatever it started and left in its group; harmless when nobody is left. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (LEADS_GROUP) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // Nobody is left, which is what was wanted.
  }
}

/** Ends the group for good: it is not looked at again, since its number may be another's one day. */
export function releaseGroup(child: ChildProcess): void {
  if (!started.delete(child)) return;
  endGroup(child);
  if (started.size === 0) process.off('exit', endAll);
}
