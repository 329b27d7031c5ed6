import { spawnBound } from '../kafka/bound-process.ts';

export interface ProgramResult {
  /** Its exit code, or the signal that ended it. */
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** It took longer than it may; it and what it had started are gone. */
export class ProgramTimeoutError extends Error {
  override readonly name = 'ProgramTimeoutError';
}

/** Runs a program to its end, with whatever code it ends. It goes with this process, however that ends. */
export async function runProgram(
  command: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  options.signal?.throwIfAborted();
  const { child, ended } = spawnBound(command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
  });
  // Bound processes do not keep this one alive; what is awaited must.
  child.ref();
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout!.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr!.on('data', (chunk: Buffer) => stderr.push(chunk));
  let isLate = false;
  // A program is the leader of its group: compilers start others.
  const kill = (): void => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    isLate = true;
    kill();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', kill);
  try {
    const code = await ended;
    await Promise.all([whenRead(child.stdout!), whenRead(child.stderr!)]);
    options.signal?.throwIfAborted();
    if (isLate)
      throw new ProgramTimeoutError(
        `not finished after ${Math.round(options.timeoutMs / 1000)} s: ${command[0]}`,
      );
    return {
      code,
      stdout: Buffer.concat(stdout).toString('utf8'),
      stderr: Buffer.concat(stderr).toString('utf8'),
    };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', kill);
  }
}

function whenRead(stream: NodeJS.ReadableStream & { readableEnded?: boolean }): Promise<void> {
  if (stream.readableEnded === true) return Promise.resolve();
  return new Promise((resolve) => stream.once('end', resolve));
}

/** The last lines of what a program said, for an error. */
export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
