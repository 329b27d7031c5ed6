import type { GateOutcome } from '../gates/gate-outcome.ts';
import type { Environment } from '../result.ts';

export const CHECK_SCHEMA = 'tidemark.check/1';

export type CheckVerdict = 'no regression' | 'minor slowdown' | 'regression' | 'improvement' | 'inconclusive';

/** What `tidemark check` found: check.json, and what every format of a check is made from. */
export interface CheckResult {
  readonly schema: typeof CHECK_SCHEMA;
  readonly verdict: CheckVerdict;
  /** The primary metric, which alone decides the verdict. */
  readonly metric: CheckMetricName;
  /** candidate / base - 1 of the primary metric: 0.05 is 5 % more CPU per record. */
  readonly change: number;
  /** Bounds at 99 % one-sided each, over all looks. */
  readonly low: number;
  readonly high: number;
  readonly sessions: number;
  /** Wall time of all sessions. */
  readonly seconds: number;
  /** The smallest regression that this many sessions with this spread find with 95 % power (0.041: 4.1 %). */
  readonly detectable: number;
  readonly tolerance: number;
  readonly margin: number;
  readonly gates: readonly GateOutcome[];
  /** All metrics measured, the primary first. */
  readonly metrics: readonly CheckMetric[];
  readonly base: CheckedSide;
  readonly candidate: CheckedSide;
  /** What a history keeps of it beside the figures; checks of before there was one have neither. */
  readonly load?: Readonly<Record<string, string | number | boolean | null>>;
  readonly candidateCommit?: CandidateCommit;
  readonly environment: Environment;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seed: number;
  readonly command: string;
  readonly notes: readonly string[];
}

export type CheckMetricName =
  | 'cpuNsPerRecord'
  | 'recordsPerSecond'
  | 'latencyP50Ms'
  | 'latencyP90Ms'
  | 'latencyP99Ms';

export interface CheckMetric {
  readonly metric: CheckMetricName;
  readonly direction: 'lower is better' | 'higher is better';
  /** The relative change for the worse that matters: 0.05, 0.25. */
  readonly margin: number;
  /** Medians over sessions, in the metric's unit. */
  readonly base: number | null;
  readonly candidate: number | null;
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** Exact signed-rank p, two-sided, as if this look had been the only one. */
  readonly p: number;
  /** ln(candidate / base) of each session, in order. */
  readonly sessionLogRatios: readonly number[];
}

export interface CheckedSide {
  /** As the user named it. */
  readonly label: string;
  /** What that was: a version, a commit, a directory's name. */
  readonly description: string;
}

/** What git knew of the candidate when it was measured. */
export interface CandidateCommit {
  /** null outside a repository. */
  readonly commit: string | null;
  /** Whether it had changes that no commit holds. */
  readonly dirty: boolean;
  readonly branch: string | null;
}
