import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { spawnBound } from './bound-process.ts';
import { fetchKafka } from './fetch-kafka.ts';
import { findJava } from './java-runtime.ts';

/** How a JVM with Kafka's classes starts. */
export interface KafkaJava {
  readonly java: string;
  readonly libDirectory: string;
}

/** Java and Kafka's jars, fetched when they are not there. Throws KafkaUnavailableError. */
export async function findKafka(): Promise<KafkaJava> {
  const java = findJava();
  const { libDirectory } = await fetchKafka();
  return { java, libDirectory };
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

/** `logging`: a broker logs from INFO up to standard output, a tool warnings to standard error. */
export function javaCommand(
  { java, libDirectory }: KafkaJava,
  logging: 'broker' | 'tool',
  flags: readonly string[],
): string[] {
  const loggingFile = fileURLToPath(new URL(`${logging}-logging.properties`, import.meta.url));
  return [java, ...flags, `-Dlog4j2.configurationFile=${loggingFile}`, '-cp', join(libDirectory, '*')];
}

/** Runs one of Kafka's main classes to its end, whatever code it ends with; rejects when it takes too long. */
export async function runTool(
  kafka: KafkaJava,
  mainClass: string,
  args: readonly string[],
  { input = '', timeoutMs = DEFAULT_TIMEOUT_MS }: ToolOptions = {},
): Promise<ToolResult> {
  const command = [...javaCommand(kafka, 'tool', TOOL_FLAGS), mainClass, ...args];
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
