import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import { type CliIo, commandName } from '../commands/cli-io.ts';
import { gatherEnvironment } from '../environment.ts';
import type { ExitCode } from '../exit-codes.ts';
import { withOmbDriver } from '../omb/omb-driver.ts';
import { tryModules } from '../partitioners/load-module.ts';
import { projectState } from '../project-state.ts';
import { findSuite } from '../suite/find-suite.ts';
import { loadSuite } from '../suite/load-suite.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import { planRun } from '../sweep/plan.ts';
import type { RunFlags } from '../sweep/run-flags.ts';
import { NO_SECRETS, type RunSecrets, secretsAgain } from '../sweep/run-secrets.ts';
import { executeRun, type OutputOptions } from './execute-run.ts';
import { Journal, readJournal } from './journal.ts';
import { trialsLeft } from './precision-rule.ts';
import { repeatCommand } from './repeat-command.ts';
import { createRunDirectory } from './run-directory.ts';
import { lockRunDirectory } from './run-lock.ts';
import { refuseChangedFiles } from './unchanged-files.ts';

export interface StartOptions {
  readonly io: CliIo;
  readonly output: OutputOptions;
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly suite: string;
  readonly flags: RunFlags;
  /** null: a new one under runs/. */
  readonly out: string | null;
  /** Called with the new run directory, as messages show it, before anything is measured. */
  readonly onDirectory?: (directory: string) => void;
}

/** Plans a run, makes its directory and executes it. All bad input is found before anything is started (exit 2). */
export async function startRun(options: StartOptions): Promise<ExitCode> {
  const { io, output, argv, suite, flags, out } = options;
  const found = loadSuite(findSuite(suite, io.workingDirectory));
  const loaded = withDriver(found, flags, io.workingDirectory);
  const { plan, secrets } = planRun(loaded, flags, io.workingDirectory);
  await tryModules(plan.trials, io.workingDirectory);
  const directory = createRunDirectory(out, plan.suite, io.workingDirectory);
  const path = resolve(io.workingDirectory, directory);
  const unlock = await lockRunDirectory(path);
  try {
    options.onDirectory?.(directory);
    const journal = Journal.create(path, {
      runId: randomBytes(4).toString('hex'),
      command: repeatCommand(argv, plan.seed, io.env),
      startedAt: new Date().toISOString(),
      environment: gatherEnvironment(),
      project: projectState(io.workingDirectory, io.env),
      plan,
    });
    return await executeWith(journal, { io, output, directory, secrets, isResumed: false });
  } finally {
    unlock();
  }
}

function withDriver(found: LoadedSuite, flags: RunFlags, workingDirectory: string): LoadedSuite {
  if (flags.ombDriver === null) return found;
  const isEmbedded = flags.bootstrapServer === null && found.suite.target.kind === 'embedded';
  return withOmbDriver(found, { shown: flags.ombDriver, workingDirectory, isEmbedded });
}

export interface ResumeOptions {
  readonly io: CliIo;
  readonly output: OutputOptions;
  readonly directory: string;
  /** Names of all options given. */
  readonly given: readonly string[];
  readonly flags: RunFlags;
  readonly suite: string | null;
}

/** Beside how results are shown, only what gives secrets again. */
const ALLOWED_WITH_RESUME = new Set([
  '--resume',
  '--json',
  '--format',
  '--quiet',
  '--no-color',
  '--inconclusive',
  '--producer.config',
  '--producer-property',
]);

/** Goes on with a run by its journal alone: what is finished stays, the rest is run. */
export async function resumeRun(options: ResumeOptions): Promise<ExitCode> {
  const { io, output, directory, given, suite } = options;
  const refused = [
    ...(suite === null ? [] : [`suite ${suite}`]),
    ...given.filter((name) => !ALLOWED_WITH_RESUME.has(name)),
  ];
  if (refused.length > 0) {
    throw usageError(
      `--resume goes on with the plan of the run as it is, got ${refused.join(', ')} too: leave that out`,
    );
  }
  const path = resolve(io.workingDirectory, directory);
  const written = readJournal(path);
  const secrets = secretsToGoOn(written, options);
  if (trialsLeft(written) > 0) {
    refuseChangedFiles(written.header.plan);
    await tryModules(written.header.plan.trials, io.workingDirectory);
  }
  const unlock = await lockRunDirectory(path);
  try {
    const journal = Journal.reopen(path);
    const left = trialsLeft(journal);
    if (left === 0) {
      const again = `${commandName(io.env)} ${journal.header.command.replace(/^(?:npm start --|tidemark) /, '')}`;
      io.stderr.write(
        `tidemark: ${directory} is finished; its reports are written again. To measure again: ${again}\n`,
      );
    }
    return await executeWith(journal, { io, output, directory, secrets, isResumed: true });
  } finally {
    unlock();
  }
}

/** A finished run needs no secrets to have its reports written again. */
function secretsToGoOn(
  { header, entries }: Pick<Journal, 'header' | 'entries'>,
  { io, flags, given }: ResumeOptions,
): RunSecrets {
  const gives = given.some((name) => name.startsWith('--producer'));
  if (!gives && trialsLeft({ header, entries }) <= 0) return NO_SECRETS;
  const { secrets, notes } = secretsAgain(header.plan.base, flags, io.workingDirectory);
  for (const note of notes) io.stderr.write(`tidemark: ${note}\n`);
  return secrets;
}

interface Execution {
  readonly io: CliIo;
  readonly output: OutputOptions;
  readonly directory: string;
  readonly secrets: RunSecrets;
  readonly isResumed: boolean;
}

async function executeWith(journal: Journal, execution: Execution): Promise<ExitCode> {
  const { io } = execution;
  try {
    const openSession = io.openSession ?? (await import('../trial/session.ts')).openTrialSession;
    const reports = io.reports ?? (await import('./written-reports.ts')).writtenReports;
    return await executeRun({ ...execution, journal, openSession, reports });
  } finally {
    journal.close();
  }
}
