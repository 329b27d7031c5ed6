/** What became of one gate expression over a run's or a check's figures. */
export interface GateOutcome {
  /** As the user wrote it. */
  readonly expression: string;
  /** Of the level that comes nearest to breaching it, in the metric's base unit; null when nothing was measured. */
  readonly value: number | null;
  /** 95 % interval of `value`; null where there is none (one trial, exact counts give low = high = value). */
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: GateVerdict;
  /** Which level `value` is of (`linger.ms=5`, `base`); null for a check. */
  readonly level: string | null;
  /** In words: the figure in its own unit, and why it is inconclusive. */
  readonly message: string;
}

export type GateVerdict = 'pass' | 'fail' | 'inconclusive';
