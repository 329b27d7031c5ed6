import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { TidemarkError } from '../../core/base/errors.ts';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { type Look, looksUntil } from '../../reports/check/looks.ts';
import { CHECK_FILE } from '../../reports/check/read-check.ts';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { gatherEnvironment } from '../environment.ts';
import { EXIT } from '../exit-codes.ts';
import { createRunDirectory } from '../run/run-directory.ts';
import { assembleCheck } from './assemble-check.ts';
import type { CheckOptions } from './check-options.ts';
import { type CheckPlan, planCheck } from './check-plan.ts';
import { CheckProgress, headingText } from './check-progress.ts';
import { openCheckTarget } from './check-target.ts';
import { type PreparedSides, type PrepareSides, prepareSides } from './prepare-sides.ts';
import { checkCommand } from './repeat-check.ts';
import { type DecidedSessions, runSessions } from './run-sessions.ts';
import { SESSIONS_FILE, SessionJournal } from './session-journal.ts';

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
  readonly openTarget: typeof openCheckTarget;
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
    if (signal.aborted) throw new CliError('interrupted: there is no verdict', EXIT.interrupted, error);
    if (!(error instanceof TidemarkError)) throw error;
    const isGone = error.kind === 'NETWORK' || error.kind === 'TIMEOUT';
    throw new CliError(error.message, isGone ? EXIT.unreachable : EXIT.failed, error);
  }
}

/** Seeds are shown and given again: short ones are easier on the eye. */
const SEED_BOUND = 2 ** 31;

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
      openTarget: openCheckTarget,
      ...seams,
    };
    this.#plan = planCheck(options);
    const sink = quiet ? { isTerminal: false, columns: 80, write: () => {} } : io.stderr;
    this.#progress = new CheckProgress(sink, this.#plan.metric, this.#seams.looks);
    this.#seed = options.seed ?? randomInt(SEED_BOUND);
  }

  async run(): Promise<ExecutedCheck> {
    const { io, options, signal } = this.#invocation;
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
      return await this.#runIn(createRunDirectory(options.out, 'check', io.workingDirectory), sides);
    } finally {
      this.#progress.clear();
      await sides.release();
    }
  }

  async #runIn(directory: string, sides: PreparedSides): Promise<ExecutedCheck> {
    const { io, argv } = this.#invocation;
    const path = resolve(io.workingDirectory, directory);
    const command = checkCommand({ argv, seed: this.#seed, env: io.env, sides });
    const common = { command, startedAt: this.#startedAt, seed: this.#seed };
    const base = { label: sides.base.label, description: sides.base.description };
    const candidate = { label: sides.candidate.label, description: sides.candidate.description };
    const journal = new SessionJournal(path, { type: 'check', ...common, base, candidate });
    try {
      const decided = await this.#measure(sides, journal);
      const environment = gatherEnvironment();
      const context = { ...common, base, candidate, environment, notes: this.#notes };
      const check = assembleCheck(decided, this.#plan, context);
      writeFileAtomically(resolve(path, CHECK_FILE), `${JSON.stringify(check, null, 2)}\n`);
      return { check, directory };
    } catch (error) {
      if (journal.sessions > 0)
        this.#progress.line(`what was measured stands in ${directory}/${SESSIONS_FILE}`);
      throw error;
    } finally {
      journal.close();
    }
  }

  async #measure(sides: PreparedSides, journal: SessionJournal): Promise<DecidedSessions> {
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
