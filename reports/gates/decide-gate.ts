import type { GateVerdict } from './gate-outcome.ts';
import type { GateComparator } from './parse-gate.ts';

/** Where a figure lies, for all that is known. */
export interface GateBounds {
  readonly low: number;
  /** Infinity where nothing bounds it. */
  readonly high: number;
}

/** Wholly on the good side of the limit is a pass, wholly on the bad side a failure, and anything else undecided. */
export function decideGate(
  comparator: GateComparator,
  limit: number,
  { low, high }: GateBounds,
): GateVerdict {
  switch (comparator) {
    case '<':
      return sides(high < limit, low >= limit);
    case '<=':
      return sides(high <= limit, low > limit);
    case '>':
      return sides(low > limit, high <= limit);
    case '>=':
      return sides(low >= limit, high < limit);
    case '==':
      return sides(low === limit && high === limit, low > limit || high < limit);
    case '!=':
      return sides(low > limit || high < limit, low === limit && high === limit);
  }
}

function sides(isGood: boolean, isBad: boolean): GateVerdict {
  if (isGood) return 'pass';
  return isBad ? 'fail' : 'inconclusive';
}

/** How far on the bad side a value lies: the larger, the worse. */
export function badness(comparator: GateComparator, limit: number, value: number): number {
  switch (comparator) {
    case '<':
    case '<=':
      return value - limit;
    case '>':
    case '>=':
      return limit - value;
    case '==':
      return Math.abs(value - limit);
    case '!=':
      return -Math.abs(value - limit);
  }
}
