import { TidemarkError } from '../../core/base/errors.ts';
import { type ComparedSession, compareSessions } from '../../reports/compare/compare-sessions.ts';
import type { Comparison } from '../../reports/compare/comparison.ts';
import { changeText } from '../../reports/number-text.ts';
import { CHECK_LOAD, CHECK_PARTITIONS } from '../check/check-load.ts';
import { CliError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import type { Side } from '../duet/side.ts';
import { EXIT } from '../exit-codes.ts';

export interface LiveOptions {
  /** As resolve-side.ts takes them. */
  readonly base: string;
  readonly candidate: string;
  readonly sessions: number;
  /** Open segments too. */
  readonly latency: boolean;
  readonly seed: number;
  /** null: an embedded cluster. */
  readonly bootstrapServers: string | null;
  readonly driver: string | undefined;
  readonly build: string | undefined;
  readonly quiet: boolean;
}

export interface LiveComparison {
  readonly comparison: Comparison;
  readonly heading: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
}

/** What the sessions run on; tests stand in for it. */
export interface SessionRunner {
  run(number: number): Promise<ComparedSession>;
  close(): Promise<void>;
}

export type OpenSessionRunner = (
  sides: { readonly base: Side; readonly candidate: Side },
  options: LiveOptions,
  signal: AbortSignal,
) => Promise<SessionRunner>;

/**
 * Measures two things side by side, now. Rejects with a CliError: 4 where a side does not build or start, 3 where one
 * fails or its records do not add up, 130 after Ctrl-C; what was measured until then is no comparison.
 */
export async function compareLive(
  io: CliIo,
  options: LiveOptions,
  open: OpenSessionRunner = openDuet,
): Promise<LiveComparison> {
  const controller = new AbortController();
  const stop = io.onInterrupt(() => controller.abort());
  const say = options.quiet ? () => {} : (text: string): void => io.stderr.write(`${text}\n`);
  const startedAt = new Date().toISOString();
  try {
    return { ...(await measured(io, options, { open, say, signal: controller.signal })), startedAt };
  } catch (error) {
    if (controller.signal.aborted) throw new CliError('interrupted', EXIT.interrupted, error);
    if (error instanceof TidemarkError) throw new CliError(error.message, EXIT.failed, error);
    throw error;
  } finally {
    stop();
  }
}

interface Measuring {
  readonly open: OpenSessionRunner;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

async function measured(
  io: CliIo,
  options: LiveOptions,
  { open, say, signal }: Measuring,
): Promise<Omit<LiveComparison, 'startedAt'>> {
  const { resolveSide } = await import('../duet/resolve-side.ts');
  const common = { workingDirectory: io.workingDirectory, driver: options.driver, build: options.build };
  const releases: (() => Promise<void>)[] = [];
  try {
    const base = await resolveSide(options.base, { ...common, role: 'base', onNote: say, signal });
    releases.push(() => base.release());
    const candidate = await resolveSide(options.candidate, {
      ...common,
      role: 'candidate',
      onNote: say,
      signal,
    });
    releases.push(() => candidate.release());
    const runner = await open({ base, candidate }, options, signal);
    releases.push(() => runner.close());
    const sessions = await runSessions(runner, options.sessions, say, signal);
    const comparison = compareSessions({ base: base.label, candidate: candidate.label, sessions, notes: [] });
    return {
      comparison,
      heading: [`base:       ${described(base)}`, `candidate:  ${described(candidate)}`],
    };
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

async function runSessions(
  runner: SessionRunner,
  count: number,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<ComparedSession[]> {
  const sessions: ComparedSession[] = [];
  for (let number = 0; number < count; number++) {
    signal.throwIfAborted();
    const session = await runner.run(number);
    sessions.push(session);
    say(`session ${number + 1} of ${count}: ${sessionText(session)}`);
  }
  return sessions;
}

function sessionText({ logRatios }: ComparedSession): string {
  const { cpuNsPerRecord, recordsPerSecond } = logRatios;
  const cpu = cpuNsPerRecord === null ? [] : [`CPU per record ${changeText(Math.exp(cpuNsPerRecord))}`];
  const rate = recordsPerSecond === null ? [] : [`throughput ${changeText(Math.exp(recordsPerSecond))}`];
  return [...cpu, ...rate].join(', ');
}

function described({ label, description }: Side): string {
  return description === '' || description === label ? label : `${label} (${description})`;
}

/** Fresh processes of both sides on one target, session by session. */
async function openDuet(
  { base, candidate }: { readonly base: Side; readonly candidate: Side },
  options: LiveOptions,
  signal: AbortSignal,
): Promise<SessionRunner> {
  const { openDuetTarget } = await import('../duet/session-target.ts');
  const { runSession } = await import('../duet/session.ts');
  const { startDriver } = await import('../duet/driver-process.ts');
  const crash = new AbortController();
  const target = await openDuetTarget({
    bootstrapServers: options.bootstrapServers,
    properties: base.properties,
    onCrash: (error) => crash.abort(error),
  });
  return {
    run: async (number) => {
      try {
        return await runSession(base, candidate, {
          target,
          start: startDriver,
          load: CHECK_LOAD,
          partitions: CHECK_PARTITIONS,
          latency: options.latency,
          seed: options.seed,
          number,
          signal: AbortSignal.any([signal, crash.signal]),
        });
      } catch (error) {
        if (!crash.signal.aborted) throw error;
        const { message } = crash.signal.reason as Error;
        throw new CliError(`the embedded cluster failed: ${message}`, EXIT.failed, error);
      }
    },
    close: () => target.close(),
  };
}
