import type { Result } from '../result.ts';
import type { LevelSummary, VersusBase } from './level-summary.ts';
import { type HistogramSource, type Level, levelsOf } from './levels.ts';

/** `levels[]` of a result: factor by factor with the base first in each; the cells of a grid; one configuration alone. */
export function levelSummaries(result: Result, source?: HistogramSource): LevelSummary[] {
  const { groups, all } = levelsOf(result, source);
  if (groups.length === 0) return all.map((level) => summaryOf(level, null));
  return groups.flatMap(({ property, levels }) => levels.map((level) => summaryOf(level, property)));
}

function summaryOf(level: Level, factor: string | null): LevelSummary {
  const { recordsPerSecond, latency, latencyIntervals, comparisons } = level;
  const p99 = latency?.p99 ?? null;
  return {
    factor,
    value: level.label,
    isBase: level.isBase,
    n: level.trials.length - level.failed,
    recordsPerSecond:
      recordsPerSecond === null
        ? null
        : { mean: recordsPerSecond.mean, low: recordsPerSecond.low, high: recordsPerSecond.high },
    latencyP99Ms:
      p99 === null
        ? null
        : { value: p99, low: latencyIntervals.p99?.low ?? null, high: latencyIntervals.p99?.high ?? null },
    versusBase: unlessUnmeasured(recordsPerSecond, comparisons.recordsPerSecond),
    latencyP99VersusBase: unlessUnmeasured(p99, comparisons.latencyP99Ms),
    cpuVersusBase: unlessUnmeasured(level.cpuNsPerRecord, comparisons.cpuNsPerRecord),
  };
}

function unlessUnmeasured(figure: unknown, versus: VersusBase | null): VersusBase | null {
  return figure === null ? null : versus;
}
