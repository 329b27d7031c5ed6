import type { GateOutcome } from './gates/gate-outcome.ts';
import type { Environment } from './result.ts';

/**
 * What every format for other tools is made from, whether a run, a comparison or a check produced it: figures with
 * a name, a unit, a direction and an interval, and the gates.
 */
export interface FigureSet {
  readonly kind: 'run' | 'comparison' | 'check';
  /** The suite, or what was compared. */
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  readonly environment: Environment | null;
  /** Of the project measured; null outside a repository. */
  readonly commit: string | null;
  readonly branch: string | null;
  readonly figures: readonly Figure[];
  readonly gates: readonly GateOutcome[];
  /** Trials that failed, with their reasons: no figure stands for them. */
  readonly failures: readonly { readonly name: string; readonly reason: string }[];
  /** In words, for people. */
  readonly verdict: string | null;
}

export interface Figure {
  /** What was measured: the settings of a level, in order; empty for a single thing. */
  readonly settings: readonly { readonly property: string; readonly value: string }[];
  readonly metric: string;
  readonly unit: 'records/s' | 'MB/s' | 'ms' | 'ns/record' | 'requests/record' | 'ratio';
  readonly direction: 'higher is better' | 'lower is better';
  readonly value: number;
  /** 95 % interval; null with one trial. */
  readonly low: number | null;
  readonly high: number | null;
  /** One value per trial or session, in order. */
  readonly samples: readonly number[];
}
