import { CliError } from '../cli-error.ts';
import { startDriver } from '../duet/driver-process.ts';
import { runSession, type SessionOptions, type SessionResult } from '../duet/session.ts';
import { openDuetTarget } from '../duet/session-target.ts';
import type { Side } from '../duet/side.ts';
import { EXIT } from '../exit-codes.ts';

/** Where the sessions of one check or comparison are measured. */
export interface PairedTarget {
  /** Session `number`, from 0; rejects as runSession does. */
  measure(number: number): Promise<SessionResult>;
  close(): Promise<void>;
}

export interface PairedTargetOptions
  extends Pick<SessionOptions, 'load' | 'partitions' | 'latency' | 'seed' | 'signal'> {
  /** null: an embedded cluster. */
  readonly bootstrapServers: string | null;
}

/** The embedded cluster or the one named, kept for all sessions. Exit 4 when it cannot be reached. */
export async function openPairedTarget(
  { base, candidate }: { readonly base: Side; readonly candidate: Side },
  options: PairedTargetOptions,
): Promise<PairedTarget> {
  const crash = new AbortController();
  const { bootstrapServers, signal } = options;
  const target = await openDuetTarget({
    bootstrapServers,
    properties: base.properties,
    onCrash: (error) => crash.abort(error),
  });
  return {
    measure: async (number) => {
      try {
        return await runSession(base, candidate, {
          ...options,
          target,
          start: startDriver,
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
