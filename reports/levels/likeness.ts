import { type ComparedFigure, isLatencyComparable } from './level-comparisons.ts';
import type { Level } from './levels.ts';
import { isInsideSpread, type Spread } from './spread.ts';

/**
 * What is known of a level's difference to the base: shown to be there, not shown (`~`), or nothing to judge by. With
 * several rounds Dunnett's procedure decides. With one there is no interval: then `like` is what lies no farther from the
 * base than the base's repeats do from each other, and nothing is ever shown to differ.
 */
export type Likeness = 'different' | 'like' | 'not known';

/** By the comparison within rounds where there is one, else by the spread of the repeats of the base. */
export function likenessOf(level: Level, base: Level | null, figure: ComparedFigure): Likeness {
  if (level.isBase || base === null) return 'not known';
  const versus = level.comparisons[figure];
  if (versus !== null && versus.low !== null) return versus.significant ? 'different' : 'like';
  if (figure.startsWith('latency') && !isLatencyComparable(level, base)) return 'not known';
  const [own, others] = [spreadOfFigure(level, figure), spreadOfFigure(base, figure)];
  if (own === null || others === null) return 'not known';
  return isInsideSpread(own.mean, others) ? 'like' : 'not known';
}

/** Whether the comparison of any level has an interval: there was more than one round. */
export function isComparedByRounds(levels: readonly Level[]): boolean {
  return levels.some(({ comparisons }) => Object.values(comparisons).some((versus) => versus?.low != null));
}

/**
 * The largest of the levels' smallest differences that would have been found; null when none is known. A percentile that is
 * not shown, since too few requests lie beyond it, is no figure to see a difference in.
 */
export function detectableOf(levels: readonly Level[], figure: ComparedFigure): number | null {
  const known = levels.flatMap((level) =>
    level.isBase || spreadOfFigure(level, figure) === null
      ? []
      : (level.comparisons[figure]?.detectable ?? []),
  );
  return known.length === 0 ? null : Math.max(...known);
}

/** Of a quantile the merged value stands in the middle. */
function spreadOfFigure(level: Level, figure: ComparedFigure): Spread | null {
  switch (figure) {
    case 'recordsPerSecond':
      return level.recordsPerSecond;
    case 'megabytesPerSecond':
      return level.megabytesPerSecond;
    case 'requests':
      return level.requests;
    case 'requestsPerRecord':
      return level.requestsPerRecord;
    case 'cpuNsPerRecord':
      return level.cpuNsPerRecord;
    case 'latencyP50Ms':
      return around(level.latency?.p50 ?? null, level.p50Spread);
    case 'latencyP95Ms':
      return around(level.latency?.p95 ?? null, level.p95Spread);
    case 'latencyP99Ms':
      return around(level.latency?.p99 ?? null, level.p99Spread);
  }
}

function around(value: number | null, spread: Spread | null): Spread | null {
  return value === null || spread === null ? null : { ...spread, mean: value };
}
