import type { GateOutcome } from '../gates/gate-outcome.ts';
import type { Environment } from '../result.ts';

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
  /** What `low` and `high` of the figures are, in words: `95 % intervals over trials`. */
  readonly intervals: string;
  /** What `~` means here, and the differences that would have been found; empty where nothing is compared. */
  readonly legend: readonly string[];
  readonly figures: readonly Figure[];
  /** What was verified, level by level; empty for comparisons and checks. */
  readonly levels: readonly FigureLevel[];
  readonly gates: readonly GateOutcome[];
  /** Trials that failed, with their reasons: no figure stands for them. */
  readonly failures: readonly FigureFailure[];
  /** In words, for people. */
  readonly verdict: string | null;
  readonly notes: readonly string[];
}

export interface FigureFailure {
  /** The trial. */
  readonly name: string;
  readonly level: string | null;
  readonly reason: string;
}

/** A level of a run, and whether its records were found in the log. */
export interface FigureLevel {
  /** `linger.ms=5`, `base`. */
  readonly name: string;
  /** `yes`, `offsets only`, `3 lost`. */
  readonly verified: string;
  readonly isGood: boolean;
  /** Wall time of its trials. */
  readonly seconds: number;
}

export type FigureUnit = 'records/s' | 'MB/s' | 'ms' | 'ns/record' | 'requests/record' | 'ratio';

export type Direction = 'higher is better' | 'lower is better';

export interface Figure {
  /** The level by its short name (`linger.ms=5`, `base`), the side of a comparison; null for a single thing. */
  readonly level: string | null;
  /** What was measured: the settings of a level, in order; empty for a single thing. */
  readonly settings: readonly FigureSetting[];
  readonly metric: string;
  readonly unit: FigureUnit;
  readonly direction: Direction;
  readonly value: number;
  /** FigureSet.intervals says of which kind; null with one trial. */
  readonly low: number | null;
  readonly high: number | null;
  /** One value per trial or session, in order. */
  readonly samples: readonly number[];
  /** Not shown to differ from the base's: `~` in tables. False where that is not known, and without a base. */
  readonly isLike: boolean;
  /** What must be known beside the figure (`overloaded`, `local write`); null as a rule. */
  readonly remark: string | null;
}

export interface FigureSetting {
  readonly property: string;
  readonly value: string;
}
