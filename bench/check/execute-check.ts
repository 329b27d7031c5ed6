import { resolve } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { jobSummary } from '../../reports/check/job-summary.ts';
import { type Look, looksUntil } from '../../reports/check/looks.ts';
import { CHECK_FILE } from '../../reports/check/read-check.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { gatherEnvironment } from '../environment.ts';
import { candidateCommit } from '../history/check-history.ts';
import { historyLoadOf } from '../history/history-load.ts';
import { drawSeed } from '../paired/load-options.ts';
import { pairedFailure } from '../paired/paired-failure.ts';
import { openPairedTarget } from '../paired/paired-target.ts';
import { type PreparedSides, type PrepareSides, prepareSides } from '../paired/prepare-sides.ts';
import { type Recording, recordSessions } from '../paired/record-sessions.ts';
import { assembleCheck } from './assemble-check.ts';
import type { CheckOptions } from './check-options.ts';
import { type CheckPlan, planCheck } from './check-plan.ts';
import { CheckProgress, headingText } from './check-progress.ts';
import { type DecidedSessions, runSessions } from './run-sessions.ts';

/** The page for CI, with its picture inline, for whatever shows Markdown with HTML in it. */
export const SUMMARY_FILE = 'summary.md';

export interface CheckInvocation {
  readonly io: CliIo;
  /** The command line, without node and script. */
  readonly argv: readonly string[];
  readonly options: CheckOptions;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
  /** Replaced by tests. */
  readonly seams?: Partial<CheckSeams>;
}

/** What a check stands on outside of itself. */
export interface CheckSeams {
  readonly looks: readonly Look[];
  readonly prepareSides: PrepareSides;
  readonly openTarget: typeof openPairedTarget;
}

export interface ExecutedCheck {
  readonly check: CheckResult;
  /** As the user sees it. */
  readonly directory: string;
}

/**
 * Prepares both sides, measures sessions until the check is decided, and writes check.json. Rejects with a CliError: exit 2
 * for bad input, before anything is started; 4 where a side does not build or start or the target is not there; 3 where a
 * session fails or its records do not add up, which leaves no verdict; 130 on abort.
 */
export async function executeCheck(invocation: CheckInvocation): Promise<ExecutedCheck> {
  const { signal } = invocation;
  try {
    return await new Check(invocation).run();
  } catch (error) {
    throw pairedFailure(error, signal, 'verdict');
  }
}

class Check {
  readonly #invocation: CheckInvocation;
  readonly #seams: CheckSeams;
  readonly #plan: CheckPlan;
  readonly #progress: CheckProgress;
  readonly #notes: string[] = [];
  readonly #seed: number;
  readonly #startedAt = new Date().toISOString();

  /** Throws a usage error for what can be known to be wrong before anything is started. */
  constructor(invocation: CheckInvocation) {
    const { options, quiet, io, seams } = invocation;
    this.#invocation = invocation;
    this.#seams = {
      looks: looksUntil(options.maxSessions),
      prepareSides,
      openTarget: openPairedTarget,
      ...seams,
    };
    this.#plan = planCheck(options);
    const sink = quiet ? { isTerminal: false, columns: 80, write: () => {} } : io.stderr;
    this.#progress = new CheckProgress(sink, this.#plan.metric, this.#seams.looks);
    this.#seed = options.seed ?? drawSeed();
  }

  async run(): Promise<ExecutedCheck> {
    const { io, argv, options, signal } = this.#invocation;
    const onNote = (text: string): void => {
      this.#notes.push(text);
      this.#progress.line(text);
    };
    const sides = await this.#seams.prepareSides(options, {
      workingDirectory: io.workingDirectory,
      onNote,
      signal,
    });
    try {
      return await recordSessions(
        {
          ...{ io, argv, sides, onNote, seed: this.#seed, startedAt: this.#startedAt },
          kind: 'check',
          out: options.out,
        },
        (recording) => this.#measureAndWrite(sides, recording),
      );
    } finally {
      this.#progress.clear();
      await sides.release();
    }
  }

  async #measureAndWrite(sides: PreparedSides, recording: Recording): Promise<ExecutedCheck> {
    const { directory, path } = recording;
    const { type: _, ...common } = recording.header;
    const { io, options } = this.#invocation;
    // Before minutes pass in which the working tree may change.
    const kept = {
      load: historyLoadOf(options, io.workingDirectory),
      candidateCommit: candidateCommit(io, options.candidate),
    };
    const decided = await this.#measure(sides, recording);
    const context = { ...common, ...kept, environment: gatherEnvironment(), notes: this.#notes };
    const check = assembleCheck(decided, this.#plan, context);
    writeFileAtomically(resolve(path, CHECK_FILE), `${JSON.stringify(check, null, 2)}\n`);
    writeFileAtomically(resolve(path, SUMMARY_FILE), jobSummary(check, { graph: 'svg' }));
    return { check, directory };
  }

  async #measure(sides: PreparedSides, { journal }: Recording): Promise<DecidedSessions> {
    const { options, signal } = this.#invocation;
    const { metric, criteria, latency } = this.#plan;
    const where = options.bootstrapServers ?? 'the embedded cluster';
    this.#progress.line(headingText(sides, { metric, margin: criteria.margin, where }));
    const target = await this.#seams.openTarget(sides, { ...options, latency, seed: this.#seed, signal });
    try {
      return await runSessions({
        metric,
        criteria,
        looks: this.#seams.looks,
        measure: (number) => {
          signal.throwIfAborted();
          this.#progress.start(number);
          return target.measure(number);
        },
        onSession: (sessions) => {
          journal.append(sessions.length - 1, sessions.at(-1)!);
          this.#progress.finish(sessions);
        },
      });
    } finally {
      await target.close();
    }
  }
}
