import type { PairedOptions } from '../paired/paired-load.ts';

/** What the command line asks of two things to be measured now. */
export interface CompareOptions extends PairedOptions {
  readonly sessions: number;
  /** Open segments too. */
  readonly latency: boolean;
  /** null: a new directory under runs/. */
  readonly out: string | null;
}
