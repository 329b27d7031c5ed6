import type { TrialResult } from '../result.ts';
import type { RoundValue } from '../statistics/blocked-fit.ts';
import { baseVersusItself, compareWithBase } from '../statistics/level-family.ts';
import type { VersusBase } from './level-summary.ts';

/** Figures that are compared with the base; each is a family of its own in each factor. */
const FIGURES = {
  recordsPerSecond: (trial) => trial.throughput.recordsPerSecond,
  megabytesPerSecond: (trial) => trial.throughput.megabytesPerSecond,
  latencyP50Ms: (trial) => trial.latencyMs.p50,
  latencyP95Ms: (trial) => trial.latencyMs.p95,
  latencyP99Ms: (trial) => trial.latencyMs.p99,
  requests: (trial) => trial.batches.requests,
  requestsPerRecord: (trial) => trial.batches.requestsPerRecord,
  cpuNsPerRecord: (trial) => trial.cpuNsPerRecord,
} as const satisfies Record<string, (trial: TrialResult) => number | null>;

export type ComparedFigure = keyof typeof FIGURES;
export type LevelComparisons = Readonly<Record<ComparedFigure, VersusBase | null>>;

/** What a comparison must know of a level. */
export interface ComparedLevel {
  readonly trials: readonly TrialResult[];
  readonly overloaded: boolean;
  readonly isLocalWrite: boolean;
}

export const NOT_COMPARED: LevelComparisons = comparisonsOf(() => null);

/** A factor's levels, or the cells of a grid, against their base: one family for each figure. */
export function compareLevels(
  base: ComparedLevel,
  others: readonly ComparedLevel[],
  alpha: number,
): { readonly base: LevelComparisons; readonly others: readonly LevelComparisons[] } {
  const byFigure = comparisonsOf((figure) => {
    const isLatency = figure.startsWith('latency');
    const values = (level: ComparedLevel): RoundValue[] =>
      isLatency && !isLatencyComparable(level, base) ? [] : valuesOf(level, figure);
    return compareWithBase(values(base), others.map(values), alpha);
  });
  return {
    base: comparisonsOf((figure) => baseVersusItself(byFigure[figure])),
    others: others.map((_, index) => comparisonsOf((figure) => byFigure[figure][index] ?? null)),
  };
}

/** A queue that grows, and a write that nobody acknowledges, are no latencies of the same kind. */
export function isLatencyComparable(level: ComparedLevel, base: ComparedLevel): boolean {
  return level.isLocalWrite === base.isLocalWrite && !level.overloaded && !base.overloaded;
}

function valuesOf({ trials }: ComparedLevel, figure: ComparedFigure): RoundValue[] {
  return trials.flatMap((trial) => {
    const value = trial.status === 'ok' ? FIGURES[figure](trial) : null;
    return value === null ? [] : [{ round: trial.round, value }];
  });
}

function comparisonsOf<T>(of: (figure: ComparedFigure) => T): Readonly<Record<ComparedFigure, T>> {
  return {
    recordsPerSecond: of('recordsPerSecond'),
    megabytesPerSecond: of('megabytesPerSecond'),
    latencyP50Ms: of('latencyP50Ms'),
    latencyP95Ms: of('latencyP95Ms'),
    latencyP99Ms: of('latencyP99Ms'),
    requests: of('requests'),
    requestsPerRecord: of('requestsPerRecord'),
    cpuNsPerRecord: of('cpuNsPerRecord'),
  };
}
