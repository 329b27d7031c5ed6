import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const START_TIMEOUT_MS = 15_000;
const STOP_TIMEOUT_MS = 5_000;

export interface BrokerProcess {
  /** As its first line names them. */
  readonly servers: string;
  /** Sends SIGTERM; what is wrong with how it ended, or null. */
  stop(): Promise<string | null>;
}

/** `tidemark broker` in a process of its own. */
export async function startBrokerProcess(brokers: number): Promise<BrokerProcess> {
  const child = spawn(process.execPath, [MAIN, 'broker', '--brokers', String(brokers)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const servers = await firstLine(child);
  return { servers, stop: () => stop(child) };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text as string),
    once(child, 'exit').then(([code]) => {
      throw new Error(`tidemark broker ended with ${code} before it said where it listens`);
    }),
    new Promise<never>((_, reject) => {
      const late = () => reject(new Error(`tidemark broker said nothing for ${START_TIMEOUT_MS} ms`));
      setTimeout(late, START_TIMEOUT_MS).unref();
    }),
  ]);
  lines.resume();
  return line;
}

async function stop(child: ChildProcess): Promise<string | null> {
  if (child.exitCode !== null) return `it had ended before, with ${child.exitCode}`;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  const [code, signal] = await ended;
  clearTimeout(timer);
  return code === 0 ? null : `it ended with ${code ?? signal}`;
}
