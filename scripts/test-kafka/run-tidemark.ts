import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));

/** What of result.json these tests look at. */
export interface RunResult {
  readonly notes: readonly string[];
  readonly trials: readonly TrialOfRun[];
}

export interface TrialOfRun {
  readonly status: 'ok' | 'failed';
  readonly error: string | null;
  readonly notes: readonly string[];
  readonly topic: { readonly name: string; readonly partitions: number; readonly replicationFactor: number };
  readonly producer: Readonly<Record<string, string | number | boolean>>;
  readonly records: {
    readonly acknowledged: number;
    readonly failed: number;
    readonly lost: number | null;
    readonly duplicated: number | null;
    readonly reordered: number | null;
    readonly corrupted: number | null;
  };
  readonly delivery: { readonly retries: number; readonly throttleTimeMs: number };
}

export interface Finished {
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
}

/** Runs the command line, as a user does. */
export async function runTidemark(args: readonly string[], timeoutMs: number): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearTimeout(timer);
  return { code, output: out + errors };
}

export function readResult(directory: string): RunResult {
  return JSON.parse(readFileSync(join(directory, 'result.json'), 'utf8')) as RunResult;
}
