import type { DriverLoad, DriverSegment } from './driver-protocol.ts';
import type { Side } from './side.ts';

/**
 * A driver at work, one command at a time. Each call rejects with a CliError that names the driver and shows its last
 * output: exit 3 when it dies, hangs, answers wrongly or claims what cannot be, 130 when the signal aborts. After that
 * its process is gone.
 */
export interface DriverProcess {
  closed(durationMs: number): Promise<DriverSegment>;
  open(durationMs: number, recordsPerSecond: number): Promise<DriverSegment>;
  /** Ends the process. What it claims to have had acknowledged in all is for the caller to hold against the log. */
  finish(): Promise<{ readonly acknowledged: number }>;
  /** Ends the process and whatever it started, at once; may be called at any time. */
  kill(): void;
  /** The last lines it printed, secrets hidden. */
  output(): string;
}

export interface StartOptions {
  /** Exists already. */
  readonly topic: string;
  /** Comma separated. */
  readonly bootstrapServers: string;
  readonly partitions: number;
  readonly load: Omit<DriverLoad, 'seed'>;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Starts a side's process (driver-process.ts); tests stand in for it. */
export type StartDriver = (side: Side, options: StartOptions) => Promise<DriverProcess>;
