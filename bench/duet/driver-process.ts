import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CliError, reasonOf } from '../cli-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { BadAnswer, impossibleClaim, parseAnswer } from './driver-answers.ts';
import type { DriverAnswer, DriverCommand, DriverSegment } from './driver-protocol.ts';
import { LineSplitter } from './line-splitter.ts';
import { OutputTail } from './output-tail.ts';
import { guardGroup, LEADS_GROUP, releaseGroup } from './process-group.ts';
import type { DriverSource, Side } from './side.ts';
import type { DriverProcess, StartOptions } from './started-driver.ts';

/** Where Node keeps what it compiled, unless told otherwise: a start costs a third of the CPU time then. */
const NODE_COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');

/** How long a driver may take: to be ready, to answer beyond a segment's own time, and to finish. */
export interface DriverLimits {
  readonly connectMs: number;
  readonly graceMs: number;
  readonly finishMs: number;
  /** Between its last answer and its end; then it is killed. */
  readonly exitMs: number;
}

const LIMITS: DriverLimits = { connectMs: 60_000, graceMs: 30_000, finishMs: 30_000, exitMs: 3_000 };

const LAST_WORDS_MS = 500;

interface LimitedOptions extends StartOptions {
  readonly limits?: Partial<DriverLimits>;
}

/** Starts a side's process and has it connect. Rejects with a CliError: exit 4, its output shown, when it does not start. */
export async function startDriver(side: Side, options: LimitedOptions): Promise<DriverProcess> {
  if (options.signal.aborted) throw new CliError('interrupted', EXIT.interrupted);
  const link = new DriverLink(side, options);
  const { topic, bootstrapServers, partitions, load, seed } = options;
  const { properties } = side;
  const connect = { type: 'connect', bootstrapServers, topic, partitions, properties } as const;
  await link.ask({ ...connect, load: { ...load, seed } }, 'ready');
  return link;
}

/** Our own node runs what is no program of its own. */
function commandOf(driver: DriverSource): readonly string[] {
  switch (driver.kind) {
    case 'tidemark':
      return [process.execPath, hostFile(), 'tidemark', driver.entry];
    case 'module':
      return [process.execPath, hostFile(), 'module', driver.path];
    case 'command':
      return driver.command;
  }
}

/** TypeScript as it stands in the sources, JavaScript once compiled. */
function hostFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  return fileURLToPath(new URL(`./driver-host${extension}`, import.meta.url));
}

interface Waiting {
  readonly expected: DriverAnswer['type'];
  readonly resolve: (answer: DriverAnswer) => void;
  readonly reject: (error: CliError) => void;
}

class DriverLink implements DriverProcess {
  private readonly side: Side;
  private readonly signal: AbortSignal;
  private readonly limits: DriverLimits;
  private readonly log: OutputTail;
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private waiting: Waiting | null = null;
  private failure: CliError | null = null;
  private isReady = false;
  private isFinished = false;
  /** What its error answer says. */
  private complaint: string | null = null;
  /** Acknowledged by the segments so far. */
  private claimed = 0;

  constructor(side: Side, options: LimitedOptions) {
    this.side = side;
    this.signal = options.signal;
    this.limits = { ...LIMITS, ...options.limits };
    this.log = new OutputTail(side.properties);
    const [file, ...args] = commandOf(side.driver);
    // Not a shell's job: a Ctrl-C of the terminal goes to whoever measures, who ends its drivers in order.
    this.child = spawn(file!, args, {
      cwd: side.driver.directory,
      stdio: 'pipe',
      detached: LEADS_GROUP,
      env: { NODE_COMPILE_CACHE, ...process.env },
    });
    guardGroup(this.child);
    this.exited = this.listen();
    this.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  async closed(durationMs: number): Promise<DriverSegment> {
    return this.segment({ type: 'closed', durationMs });
  }

  async open(durationMs: number, recordsPerSecond: number): Promise<DriverSegment> {
    return this.segment({ type: 'open', durationMs, recordsPerSecond });
  }

  async finish(): Promise<{ readonly acknowledged: number }> {
    const { acknowledged } = await this.ask({ type: 'finish' }, 'finished');
    if (acknowledged < this.claimed) {
      throw this.fail(
        `it claims ${acknowledged} records in all, and ${this.claimed} in its segments: it counts wrongly`,
      );
    }
    // One that stays is killed: what it had to say is said.
    await Promise.race([this.exited, delay(this.limits.exitMs)]);
    // It may have said too much.
    if (this.failure !== null) throw this.failure;
    this.kill();
    return { acknowledged };
  }

  kill(): void {
    this.signal.removeEventListener('abort', this.onAbort);
    this.fail('it was ended');
  }

  output(): string {
    return this.log.text();
  }

  /** Sends a command and waits for its one answer. */
  async ask<Type extends DriverAnswer['type']>(
    command: DriverCommand,
    expected: Type,
  ): Promise<Extract<DriverAnswer, { type: Type }>> {
    if (this.failure !== null) throw this.failure;
    const limitMs = this.limitOf(command);
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<DriverAnswer>((resolve, reject) => {
        this.waiting = { expected, resolve, reject };
        timer = setTimeout(
          () => this.fail(`it did not answer '${command.type}' within ${limitMs} ms`),
          limitMs,
        );
        this.child.stdin!.write(`${JSON.stringify(command)}\n`);
      });
      if (expected === 'ready') this.isReady = true;
      return answer as Extract<DriverAnswer, { type: Type }>;
    } finally {
      clearTimeout(timer);
    }
  }

  private async segment(
    command: Extract<DriverCommand, { type: 'closed' | 'open' }>,
  ): Promise<DriverSegment> {
    const startNs = process.hrtime.bigint();
    const segment = await this.ask(command, 'segment');
    const tookNs = Number(process.hrtime.bigint() - startNs);
    const wrong = impossibleClaim(segment, { command, tookNs, processors: availableParallelism() });
    if (wrong !== null) throw this.fail(`in a segment of ${command.durationMs} ms ${wrong}`);
    this.claimed += segment.records;
    return segment;
  }

  private limitOf(command: DriverCommand): number {
    const { connectMs, graceMs, finishMs } = this.limits;
    switch (command.type) {
      case 'connect':
        return connectMs;
      case 'closed':
      case 'open':
        return command.durationMs + graceMs;
      case 'finish':
        return finishMs;
    }
  }

  /** Resolves when the process is gone and what it printed last has been read. */
  private listen(): Promise<void> {
    const { child, log } = this;
    const answers = new LineSplitter((line) => this.read(line));
    const errors = new LineSplitter((line) => log.add(line));
    child.stdout!.on('data', (chunk: Buffer) => answers.push(chunk));
    child.stderr!.on('data', (chunk: Buffer) => errors.push(chunk));
    // A process that is gone is told of by its end, not by the pipe that broke.
    child.stdin!.on('error', () => {});
    return new Promise((resolve) => {
      let how = 'it ended';
      child.once('error', (error) => {
        this.fail(`it cannot be run in ${this.side.driver.directory}: ${reasonOf(error)}`);
        resolve();
      });
      child.once('exit', (code, signal) => {
        how =
          signal === null ? `its process ended with exit code ${code}` : `its process was ended by ${signal}`;
        // What it started may hold its pipes open for ever.
        releaseGroup(child);
      });
      child.once('close', () => {
        answers.flush();
        errors.flush();
        this.end(how);
        resolve();
      });
    });
  }

  private end(how: string): void {
    const why = this.complaint ?? how;
    if (this.waiting !== null) this.fail(why);
    else if (!this.isFinished) this.failure ??= this.errorOf(why);
  }

  private read(line: string): void {
    let answer: DriverAnswer | null;
    try {
      answer = parseAnswer(line);
    } catch (error) {
      if (!(error instanceof BadAnswer)) throw error;
      this.log.add(line);
      this.fail(`its answer is wrong: ${error.message}`);
      return;
    }
    if (answer === null) this.log.add(line);
    else this.take(answer);
  }

  private take(answer: DriverAnswer): void {
    const { waiting } = this;
    if (answer.type === 'error') {
      this.complaint ??= `it says: ${this.log.hide(answer.message)}`;
      // What it printed about it comes through another pipe.
      setTimeout(() => this.fail(this.complaint!), LAST_WORDS_MS).unref();
    } else if (waiting === null) {
      this.fail(`it answered '${answer.type}' without being asked`);
    } else if (waiting.expected !== answer.type) {
      this.fail(`it answered '${answer.type}' where '${waiting.expected}' was expected`);
    } else {
      this.waiting = null;
      this.isFinished = answer.type === 'finished';
      waiting.resolve(answer);
    }
  }

  /** The first failure counts; with it the process ends. */
  private fail(why: string, exitCode?: ExitCode): CliError {
    const { waiting } = this;
    this.failure ??= this.errorOf(why, exitCode);
    this.waiting = null;
    releaseGroup(this.child);
    this.signal.removeEventListener('abort', this.onAbort);
    waiting?.reject(this.failure);
    return this.failure;
  }

  private errorOf(why: string, exitCode?: ExitCode): CliError {
    if (exitCode === EXIT.interrupted) return new CliError(why, exitCode);
    const what = this.isReady ? 'failed' : 'does not start';
    const code = this.isReady ? EXIT.failed : EXIT.unreachable;
    return new CliError(`the driver of ${this.side.label} ${what}: ${why}\n${this.log.shown()}`, code);
  }

  private readonly onAbort = (): void => {
    this.fail('interrupted', EXIT.interrupted);
  };
}

function delay(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref());
}
