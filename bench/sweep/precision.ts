import type { LoadSpec } from '../../workers/trial-spec.ts';
import { usageError } from '../cli-error.ts';
import type { LoadedSuite } from '../suite/loaded-suite.ts';
import type { RunFlags } from './run-flags.ts';

/** With fewer the spread itself is hardly known. */
export const FEWEST_ROUNDS = 5;
/** Then it ends, whatever was reached. */
export const MOST_ROUNDS = 20;

/** The precision that a run goes on for: --precision, or the suite's unless --repeats says how many rounds; null: none. */
export function precisionOfRun({ suite }: LoadedSuite, flags: RunFlags): number | null {
  if (flags.precision !== null && flags.repeats !== null) {
    throw usageError(
      `--precision and --repeats exclude each other: with --precision there are ${FEWEST_ROUNDS} to ${MOST_ROUNDS} rounds, as many as it needs`,
    );
  }
  return flags.precision ?? (flags.repeats === null ? suite.precision : null);
}

/** Exit 2 when there is nothing whose interval could become narrow. */
export function checkPrecision(precision: number | null, levels: number, load: LoadSpec): void {
  if (precision === null) return;
  if (levels === 0) {
    throw usageError(
      'precision: there is one configuration and nothing to compare it with: name levels with --set, or say how often it runs with --repeats',
    );
  }
  if (load.saturatedMs === 0) {
    throw usageError(
      'precision: it is that of records/s at saturation, and this run has no saturated phase: use --repeats',
    );
  }
}
