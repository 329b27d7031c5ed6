import { mean, squaredDeviations } from '../statistics/averages.ts';
import type { Interval } from '../statistics/interval.ts';
import { tQuantile } from '../statistics/students-t.ts';

const CONFIDENCE = 0.95;
/**
 * 95 % point of twice the log-likelihood ratio for the place of a change of the mean, (1 - exp(-x / 2))^2 = 0.95: Eo and
 * Morley, Likelihood-ratio-based confidence sets for the timing of structural breaks, Quantitative Economics 6 (2015).
 */
const PLACE_CRITICAL = -2 * Math.log(1 - Math.sqrt(CONFIDENCE));

/** What is known of the place and the size of one change among values of two levels. */
export interface LocatedChange {
  /** Indexes at which the new level may begin, with 95 % confidence: the first and the last of them. */
  readonly earliest: number;
  readonly latest: number;
  /** Mean after - mean before, at the place that was found. */
  readonly size: number;
  /** By Student, over all places that the change may have: a place that is off by one value mixes the two levels. */
  readonly interval: Interval;
}

/** `index` is where the new level was found to begin, among values[start..end). Both sides have at least two values. */
export function locateChange(
  values: readonly number[],
  { start, index, end }: { readonly start: number; readonly index: number; readonly end: number },
): LocatedChange {
  const found = splitAt(values, start, index, end);
  const limit = found.squares + PLACE_CRITICAL * (found.squares / (end - start - 2));
  let [earliest, latest] = [index, index];
  let { low, high } = intervalOf(found);
  for (let place = start + 1; place < end; place++) {
    const split = splitAt(values, start, place, end);
    if (split.squares > limit) continue;
    earliest = Math.min(earliest, place);
    latest = Math.max(latest, place);
    const interval = intervalOf(split);
    low = Math.min(low, interval.low);
    high = Math.max(high, interval.high);
  }
  return { earliest, latest, size: found.size, interval: { low, high } };
}

interface Split {
  readonly size: number;
  /** Sum of squared deviations from the mean of each side. */
  readonly squares: number;
  readonly before: number;
  readonly after: number;
}

function splitAt(values: readonly number[], start: number, place: number, end: number): Split {
  const left = values.slice(start, place);
  const right = values.slice(place, end);
  return {
    size: mean(right) - mean(left),
    squares: squaredDeviations(left) + squaredDeviations(right),
    before: left.length,
    after: right.length,
  };
}

function intervalOf({ size, squares, before, after }: Split): Interval {
  const degrees = before + after - 2;
  const deviation = Math.sqrt((squares / degrees) * (1 / before + 1 / after));
  const reach = tQuantile((1 + CONFIDENCE) / 2, degrees) * deviation;
  return { low: size - reach, high: size + reach };
}
