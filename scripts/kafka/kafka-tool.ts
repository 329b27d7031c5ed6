import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { spawnBound } from './bound-process.ts';

/** How a JVM with Kafka's classes starts. */
export interface KafkaJava {
  readonly java: string;
  readonly libDirectory: string;
  /** log4j2.properties of tools: warnings to standard error. */
  readonly toolLogging: string;
}

export interface ToolOptions {
  /** What it reads from standard input. */
  readonly input?: string | Buffer;
  /** Killed after it, and an error. */
  readonly timeoutMs?: number;
}

export interface ToolResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** A tool lives for a second or two: starting fast counts, not what the second compiler would gain. */
const TOOL_FLAGS = [
  '-XX:TieredStopAtLevel=1',
  '-XX:+UseSerialGC',
  '-Xshare:auto',
  '-Xmx256m',
  '-Dfile.encoding=UTF-8',
];

export function javaCommand(
  { java, libDirectory }: KafkaJava,
  logging: string,
  flags: readonly string[],
): string[] {
  return [java, ...flags, `-Dlog4j2.configurationFile=${logging}`, '-cp', join(libDirectory, '*')];
}

/** Runs one of Kafka's main classes to its end, whatever code it ends with; rejects when it takes too long. */
export async function runTool(
  kafka: KafkaJava,
  mainClass: string,
  args: readonly string[],
  { input = '', timeoutMs = DEFAULT_TIMEOUT_MS }: ToolOptions = {},
): Promise<ToolResult> {
  const command = [...javaCommand(kafka, kafka.toolLogging, TOOL_FLAGS), mainClass, ...args];
  // Java 17 takes the encoding of arguments from the locale.
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const bound = spawnBound(command, { stdio: ['pipe', 'pipe', 'pipe'], env });
  const { child, ended } = bound;
  child.ref();
  child.stdin!.on('error', () => {});
  child.stdin!.end(input);
  const reading = Promise.all([text(child.stdout as Readable), text(child.stderr as Readable)]);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, timeoutMs);
  try {
    const [[stdout, stderr], end] = await Promise.all([reading, ended]);
    if (isLate)
      throw new Error(`${mainClass} did not end within ${timeoutMs} ms. ${lastLines(stderr || stdout)}`);
    if (typeof end !== 'number') throw new Error(`${mainClass} was ended by ${end}. ${lastLines(stderr)}`);
    return { code: end, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

/** Runs it and gives what it printed; what it says on standard error is in the error when it fails. */
export async function outputOfTool(
  kafka: KafkaJava,
  mainClass: string,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await runTool(kafka, mainClass, args, options);
  if (code !== 0) throw new Error(`${mainClass} ended with ${code}: ${lastLines(stderr + stdout)}`);
  return stdout;
}

export function lastLines(output: string, count = 20): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
