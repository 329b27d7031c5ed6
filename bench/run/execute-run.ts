import { resolve } from 'node:path';
import { TidemarkError } from '../../core/base/errors.ts';
import { shellQuoted } from '../../core/base/shell-quoted.ts';
import type { FormatName } from '../../reports/formats/format-names.ts';
import type { Result } from '../../reports/result.ts';
import { oneLine } from '../../reports/terminal/without-controls.ts';
import type { TopicSpec } from '../../workers/trial-spec.ts';
import { CliError, reasonOf } from '../cli-error.ts';
import { type CliIo, commandName } from '../commands/cli-io.ts';
import { EXIT, type ExitCode, worstExitCode } from '../exit-codes.ts';
import { gateExitCode, type InconclusiveAs } from '../gates/gate-exit-code.ts';
import { listenForInterrupt } from '../interrupt.ts';
import type { RunSecrets } from '../sweep/run-secrets.ts';
import type { OpenTrialSession, TrialSession } from '../trial-session.ts';
import { assembleResult, exitCodeOf, histogramsOf } from './assemble-result.ts';
import type { Journal } from './journal.ts';
import { trialsLeft } from './precision-rule.ts';
import { RunProgress } from './progress.ts';
import type { ReportFiles } from './report-files.ts';
import { pacedRateOf, type RunTrialsEnd, runTrials } from './run-trials.ts';
import { isAnyServerThere } from './target-probe.ts';

/** How results are shown. */
export interface OutputOptions {
  /** The result as JSON on stdout, instead of the table. */
  readonly json: boolean;
  /** A format for another tool on stdout, instead of the table. */
  readonly format: FormatName | null;
  /** No progress. */
  readonly quiet: boolean;
  readonly color: boolean;
  /** What a gate counts as that cannot be decided; null: as the plan says. */
  readonly inconclusive: InconclusiveAs;
}

export interface ExecuteOptions {
  readonly io: CliIo;
  readonly output: OutputOptions;
  readonly journal: Journal;
  readonly secrets: RunSecrets;
  /** As the user sees it. */
  readonly directory: string;
  readonly isResumed: boolean;
  readonly openSession: OpenTrialSession;
  readonly reports: ReportFiles;
}

const CLOSE_GRACE_MS = 5000;

/** Runs what is left of a run, writes its reports and tells what came out. Throws a CliError for what kept it from that. */
export async function executeRun(options: ExecuteOptions): Promise<ExitCode> {
  const { io, journal } = options;
  const interrupt = listenForInterrupt(io);
  try {
    const end = await runWhatIsLeft(options, interrupt.signal);
    if (journal.entries.length === 0 && end.kind === 'unreachable') {
      throw new CliError(`${end.reason}\n${resumeHint(options)}`, EXIT.unreachable);
    }
    const result = assembleResult(journal.header, journal.entries, {
      finishedAt: new Date().toISOString(),
      notes: runNotes(journal),
    });
    if (result.trials.length > 0) await writeReports(options, result);
    const shown = await show(options, result, end);
    return worstExitCode([
      shown,
      end.kind === 'interrupted' ? EXIT.interrupted : EXIT.ok,
      end.kind === 'unreachable' ? EXIT.unreachable : EXIT.ok,
      end.kind === 'broken' ? EXIT.failed : EXIT.ok,
      exitCodeOf(result.trials),
      gateExitCode(
        result.gates ?? [],
        options.output.inconclusive ?? journal.header.plan.inconclusive ?? null,
      ),
    ]);
  } finally {
    interrupt.stop();
  }
}

async function runWhatIsLeft(options: ExecuteOptions, signal: AbortSignal): Promise<RunTrialsEnd> {
  const { io, journal, output } = options;
  const { plan } = journal.header;
  if (trialsLeft(journal) <= 0) return { kind: 'complete' };
  const sink = output.quiet ? { isTerminal: false, columns: 80, write: () => {} } : io.stderr;
  const progress = new RunProgress(sink, {
    total: plan.trials.length,
    done: journal.entries.length,
    mayEndEarly: plan.precision !== undefined,
  });
  let session: TrialSession;
  try {
    session = await open(options, progress, signal);
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' };
    if (isUnreachable(error)) return { kind: 'unreachable', reason: reasonOf(error) };
    throw error;
  }
  try {
    const { bootstrapServers } = session;
    const isTargetThere = (): Promise<boolean> => isAnyServerThere(bootstrapServers);
    return await runTrials({
      ...options,
      directory: resolve(io.workingDirectory, options.directory),
      session,
      progress,
      signal,
      isTargetThere: plan.target.kind === 'kafka' ? isTargetThere : async () => true,
    });
  } finally {
    progress.clear();
    await within(session.close(), CLOSE_GRACE_MS);
  }
}

function open(
  { journal, secrets, openSession, isResumed }: ExecuteOptions,
  progress: RunProgress,
  signal: AbortSignal,
): Promise<TrialSession> {
  const { plan, runId } = journal.header;
  const where =
    plan.target.kind === 'embedded'
      ? `embedded cluster, ${plan.target.brokers} brokers`
      : plan.target.bootstrapServers;
  const left = plan.trials.length - journal.entries.length;
  progress.line(`${plan.suite}: ${left} ${left === 1 ? 'trial' : 'trials'} on ${where}`);
  return openSession({
    target: plan.target,
    runId,
    isResumed,
    generators: plan.trials[0]!.load.generators,
    existingTopic: plan.trials[0]!.topic.exists ? plan.trials[0]!.topic.name : null,
    base: plan.base,
    secrets,
    onNote: (text) => progress.line(text),
    signal,
  });
}

const UNREACHABLE_KINDS = /^(NETWORK|TIMEOUT|.*(SASL|AUTHENTICATION|AUTHORIZATION).*)$/;

function isUnreachable(error: unknown): boolean {
  return error instanceof TidemarkError && (UNREACHABLE_KINDS.test(error.kind) || isUnresolved(error));
}

/** A host name that nobody knows is CONFIG to the producer, as in Kafka; to a run it is a target that is not there. */
function isUnresolved(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).syscall === 'getaddrinfo' || isUnresolved(error.cause);
}

function runNotes(journal: Journal): string[] {
  const [first] = journal.header.plan.trials;
  if (first === undefined || journal.entries.length === 0) return [];
  const notes = cappedReplication(journal, first.topic);
  if (first.load.pacedMs > 0 && pacedRateOf(first, journal) === null) {
    notes.push('no base trial went well, so every trial was paced at a share of what it reached itself');
  }
  return notes;
}

function cappedReplication({ entries }: Journal, { exists, replicationFactor }: TopicSpec): string[] {
  const real = Math.min(...entries.map(({ result }) => result.topic.replicationFactor));
  if (exists || real >= replicationFactor) return [];
  return [
    `replication factor ${replicationFactor} capped to ${real}: so many brokers are alive, and acks=all waits for no more`,
  ];
}

async function writeReports(options: ExecuteOptions, result: Result): Promise<void> {
  const { io, journal, directory, reports } = options;
  try {
    await reports.writeReports(
      resolve(io.workingDirectory, directory),
      result,
      histogramsOf(journal.entries),
    );
  } catch (error) {
    const once =
      (error as { code?: unknown }).code === 'ENOSPC' ? 'Once there is room' : 'Once that is mended';
    throw new CliError(
      `the reports in ${directory} cannot be written: ${reasonOf(error)}\nEvery finished trial is in its journal. ${once}, write them with: ${commandName(io.env)} run --resume ${shellQuoted(directory)}`,
      EXIT.failed,
      error,
    );
  }
}

async function show(options: ExecuteOptions, result: Result, end: RunTrialsEnd): Promise<ExitCode> {
  const { io, output, directory, reports, journal } = options;
  const isForMachine = output.json || output.format !== null;
  let shown: ExitCode = EXIT.ok;
  if (output.json) io.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (output.format !== null) shown = await showFormat(options, output.format, result);
  else if (result.trials.length > 0) {
    const style = { color: output.color, columns: io.stdout.columns };
    io.stdout.write(`${reports.terminalText(result, histogramsOf(journal.entries), style)}\n`);
  }
  const closing = isForMachine ? io.stderr : io.stdout;
  if (end.kind === 'complete') {
    if (output.quiet && isForMachine) return shown;
    closing.write(`Run directory: ${directory}\nNext: ${nextCommand(options)}\n`);
    return shown;
  }
  const left = trialsLeft(journal);
  if (end.kind === 'unreachable') io.stderr.write(`tidemark: the target is gone: ${end.reason}\n`);
  if (end.kind === 'broken') io.stderr.write(`tidemark: ${end.reason}\n`);
  io.stderr.write(
    `${left} of ${journal.header.plan.trials.length} trials are left. ${resumeHint(options)}\n`,
  );
  return shown;
}

/** What keeps the format from being written takes nothing away from the run: it is told, and ends in exit 3. */
async function showFormat(
  { io, directory }: ExecuteOptions,
  format: FormatName,
  result: Result,
): Promise<ExitCode> {
  const { runSource } = await import('../../reports/formats/format-sources.ts');
  const { writeFormat } = await import('../formats/format-output.ts');
  const source = runSource(result, resolve(io.workingDirectory, directory));
  try {
    await writeFormat(io, { format, source, directory, out: null });
    for (const note of result.notes) io.stderr.write(`note: ${oneLine(note)}\n`);
    return EXIT.ok;
  } catch (error) {
    io.stderr.write(`tidemark: ${reasonOf(error)}\n`);
    return EXIT.failed;
  }
}

function resumeHint({ io, directory, secrets }: ExecuteOptions): string {
  const again =
    secrets.size === 0 ? '' : ` --producer.config FILE   (with ${[...secrets.keys()].join(', ')})`;
  return `Go on with: ${commandName(io.env)} run --resume ${shellQuoted(directory)}${again}`;
}

/** What a user may want to see after this run. */
function nextCommand({ io, journal }: ExecuteOptions): string {
  const { plan } = journal.header;
  const name = commandName(io.env);
  if (plan.suite === 'quick')
    return `${name} run batching   (batch.size and linger.ms together; others: ${name} list)`;
  if (plan.target.kind === 'embedded')
    return `${name} run quick --bootstrap-server HOST:PORT   (the same against your cluster)`;
  return `${name} run quick --payload-file FILE   (the same with your own records)`;
}

async function within(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((done) => {
    timer = setTimeout(done, limitMs);
  });
  try {
    // A target that does not close cleanly takes nothing away from what was measured.
    await Promise.race([work.catch(() => {}), limit]);
  } finally {
    clearTimeout(timer);
  }
}
