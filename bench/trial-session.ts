import type { TrialResult } from '../reports/result.ts';
import type { TrialProgress } from '../workers/trial-progress.ts';
import type { TargetSpec, TrialSpec } from '../workers/trial-spec.ts';
import type { RunSecrets } from './sweep/run-secrets.ts';

/** Everything a sweep needs of a target and its load generators; opened once per run. */
export interface TrialSession {
  /** Comma separated. */
  readonly bootstrapServers: string;
  readonly brokers: number;
  /**
   * Warms up, measures, drains and verifies. A trial that goes wrong resolves with `status: 'failed'`; it
   * rejects with a TidemarkError of kind NETWORK when the target is gone, and with INTERRUPTED on abort.
   */
  runTrial(spec: TrialSpec, options: TrialOptions): Promise<TrialOutcome>;
  close(): Promise<void>;
}

export interface TrialOptions {
  /** Records per second over all generators; null: derived from this trial's own saturated phase by spec.load.pace. */
  readonly pacedRate: number | null;
  readonly onProgress: (progress: TrialProgress) => void;
  readonly signal: AbortSignal;
}

export interface TrialOutcome {
  readonly result: TrialResult;
  /** The latency histogram, encoded by hdr-histogram-js; null when there is nothing in it. */
  readonly histogram: Uint8Array | null;
  /** The same latency cut into intervals, as an .hlog wants it. */
  readonly intervals: readonly LatencyInterval[];
}

export interface LatencyInterval {
  /** Since the start of the measured phases. */
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  /** The interval's encoded histogram. */
  readonly bytes: Uint8Array;
}

export interface SessionOptions {
  readonly target: TargetSpec;
  /** Makes topic names unique. */
  readonly runId: string;
  /** The run was cut off before: topics that it made may still be there. */
  readonly isResumed?: boolean;
  readonly generators: number;
  /** A topic that must be there already; null: topics are made. */
  readonly existingTopic: string | null;
  /** Producer properties of the base, secrets as `[hidden]`; what the session's own connections are secured by. */
  readonly base: Readonly<Record<string, string>>;
  /** What belongs in place of `[hidden]`, there and in the trials. */
  readonly secrets: RunSecrets;
  /** One line for people about the set-up. */
  readonly onNote: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Rejects with a TidemarkError of kind NETWORK when the target cannot be reached. */
export type OpenTrialSession = (options: SessionOptions) => Promise<TrialSession>;
