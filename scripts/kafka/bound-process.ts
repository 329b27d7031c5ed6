import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';

/**
 * Before the shell becomes the program (and keeps its process id), it leaves a watcher behind that reads from a pipe
 * held by this process alone. However this process ends, by an exception, a signal, or kill -9, the pipe breaks and
 * the watcher kills the program. A line through the pipe instead sends the watcher away.
 */
const BIND = '{ exec </dev/null >/dev/null 2>&1; read -r _ <&3 || kill -9 $$; } & exec 3<&-; exec "$@"';
/** The same for a directory, removed when its maker did not do it: after the programs in it were killed. */
const SWEEP =
  'exec </dev/null >/dev/null 2>&1; read -r _ <&3 && exit; sleep 1; rm -rf "$1"; sleep 2; rm -rf "$1"';

export interface BoundProcess {
  /** `pid` is the program's own. */
  readonly child: ChildProcess;
  /** Of the program: its code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

type Stdio = 'ignore' | 'pipe' | 'inherit' | number;

/**
 * Starts a program that never outlives this process, and that does not keep it alive. It is not reached by the
 * terminal's Ctrl-C: whoever started it ends it in good order.
 */
export function spawnBound(
  command: readonly string[],
  options: { stdio: readonly [Stdio, Stdio, Stdio]; env?: NodeJS.ProcessEnv },
): BoundProcess {
  const { stdio, env = process.env } = options;
  const child = spawn('sh', ['-c', BIND, 'sh', ...command], {
    stdio: [...stdio, 'pipe'],
    env,
    detached: true,
  });
  const lifeline = unrefLifeline(child);
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      lifeline.end('\n');
      resolve(code ?? signal!);
    });
  });
  return { child, ended };
}

/** Has `directory` removed if this process ends before it calls the function that this returns. */
export function removeAtTheEnd(directory: string): () => void {
  const child = spawn('sh', ['-c', SWEEP, 'sh', directory], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const lifeline = unrefLifeline(child);
  return () => lifeline.end('\n');
}

/** Ends it with `signal`, and with SIGKILL when it has not ended within `timeoutMs`. */
export async function endProcess(
  { child, ended }: BoundProcess,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<number | NodeJS.Signals> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  try {
    return await ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Ends this process when the one that started it is gone: npm, killed hard, hands nothing on. */
export function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 500).unref();
}

function unrefLifeline(child: ChildProcess): Duplex {
  const lifeline = child.stdio[3] as Duplex & { unref(): void };
  lifeline.on('error', () => {});
  lifeline.unref();
  child.unref();
  return lifeline;
}
