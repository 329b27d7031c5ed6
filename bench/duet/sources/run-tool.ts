import { spawn } from 'node:child_process';
import { CliError, reasonOf } from '../../cli-error.ts';
import { EXIT } from '../../exit-codes.ts';
import { LineSplitter } from '../line-splitter.ts';
import { OutputTail } from '../output-tail.ts';
import { guardGroup, LEADS_GROUP, releaseGroup } from '../process-group.ts';

const LIMIT_MINUTES = 20;
/** What our own npm told us about our own package; an npm of another directory must not hear of it. */
const OF_OUR_NPM = /^(npm_(package|lifecycle|command|node|execpath|config_local_prefix)|INIT_CWD$)/;

export interface Tool {
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface ToolRun {
  readonly ok: boolean;
  /** Standard output, without blanks at its ends; of a long one only the first lines. */
  readonly stdout: string;
  /** The last lines of both streams, for a message. */
  readonly tail: OutputTail;
  /** `exit code 1`, `ended by SIGKILL`, `cannot be run: ...`, or that it took too long. */
  readonly how: string;
}

const KEPT_LINES = 1000;

/** Runs git, npm or a build to its end. Rejects with exit 130 when the signal aborts, the tool and its children ended. */
export async function runTool({ command, directory, environment, signal }: Tool): Promise<ToolRun> {
  if (signal.aborted) throw new CliError('interrupted', EXIT.interrupted);
  const [file, ...args] = command;
  const inherited = Object.entries(process.env).filter(([name]) => !OF_OUR_NPM.test(name));
  const child = spawn(file!, args, {
    cwd: directory,
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: LEADS_GROUP,
  });
  guardGroup(child);
  const stop = (): void => releaseGroup(child);
  let isOverLimit = false;
  const limit = setTimeout(() => {
    isOverLimit = true;
    stop();
  }, LIMIT_MINUTES * 60_000);
  signal.addEventListener('abort', stop, { once: true });
  const tail = new OutputTail();
  const lines: string[] = [];
  const stdout = new LineSplitter((line) => {
    tail.add(line);
    if (lines.length < KEPT_LINES) lines.push(line);
  });
  const stderr = new LineSplitter((line) => tail.add(line));
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`cannot be run: ${reasonOf(error)}`));
    child.once('exit', stop);
    child.once('close', (code, by) => resolve(by === null ? `exit code ${code}` : `ended by ${by}`));
  });
  clearTimeout(limit);
  signal.removeEventListener('abort', stop);
  stop();
  if (signal.aborted) throw new CliError('interrupted', EXIT.interrupted);
  stdout.flush();
  stderr.flush();
  const ended = isOverLimit ? `the limit of ${LIMIT_MINUTES} minutes, killed` : how;
  return { ok: ended === 'exit code 0', stdout: lines.join('\n').trim(), tail, how: ended };
}
