import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { InconclusiveAs } from '../gates/gate-exit-code.ts';
import type { PairedOptions } from '../paired/paired-load.ts';

/** What the command line asks of a check. */
export interface CheckOptions extends PairedOptions {
  /** The first decides; the others are told beside it. */
  readonly metrics: readonly [CheckMetricName, ...CheckMetricName[]];
  /** Of the metric that decides; null: its own. */
  readonly margin: number | null;
  readonly tolerance: number;
  readonly maxSessions: number;
  readonly gates: readonly string[];
  readonly inconclusiveAs: InconclusiveAs;
  /** null: a new one under runs/. */
  readonly out: string | null;
}
