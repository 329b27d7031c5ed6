import type { CheckedSide } from '../check/check-result.ts';
import type { ComparisonContext, ProjectState } from '../figures/figure-set.ts';
import type { Environment } from '../result.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

export const COMPARISON_SCHEMA = 'tidemark.comparison/1';

/** What `tidemark compare --base X --candidate Y` measured: comparison.json. */
export interface ComparisonResult {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly base: CheckedSide;
  readonly candidate: CheckedSide;
  readonly rows: readonly ComparisonRow[];
  readonly sessions: number;
  /** Wall time of all sessions. */
  readonly seconds: number;
  readonly environment: Environment;
  readonly project: ProjectState;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seed: number;
  readonly command: string;
  readonly notes: readonly string[];
}

/** As every format has it. */
export function comparisonOf({ base, candidate, rows, notes }: ComparisonResult): Comparison {
  return { base: base.label, candidate: candidate.label, evidence: 'interleaved', rows, notes };
}

/** What formats say beside the rows. */
export function contextOf({ startedAt, environment, project }: ComparisonResult): ComparisonContext {
  return { at: startedAt, environment, project };
}
