/**
 * Change points in a series by E-divisive, in the form of Apache Otava (formerly Hunter): windows that overlap, Student's
 * t-test in place of permutations, weak points first and then the weakest removed until all that remain are significant.
 * Sources: Matteson and James, arXiv 1306.4933 (the divergence); Fleming et al., arXiv 2301.03034 (windows, t-test,
 * merging); docs/MATH.md of apache/otava. The figures agree with apache-otava 0.8.0: see test/reports/history/otava.json.
 */
import { tTwoSidedP } from '../statistics/students-t.ts';

export interface EDivisiveOptions {
  /** Points per window; windows overlap by half. At least 2. */
  readonly windowLength: number;
  /** Largest p of a change point that is kept. Weak points, from which those are chosen, may have ten times as much. */
  readonly maxP: number;
  /** Fewest values between two change points, and before the first and after the last (ecp's min.size). Otava has 1. */
  readonly minLength: number;
}

/** As Otava has it when nothing is said. */
const OTAVA_DEFAULTS: EDivisiveOptions = { windowLength: 50, maxP: 0.001, minLength: 1 };

export interface ChangePoint {
  /** Of the first value after the change: 1 or more. */
  readonly index: number;
  /** Two-sided, of the values since the change point before against those up to the next one. */
  readonly p: number;
  readonly meanBefore: number;
  readonly meanAfter: number;
}

/** Half open: start <= i < end. */
interface Segment {
  readonly start: number;
  readonly end: number;
}

/** The change points of a series, by index. Throws RangeError for values that are no numbers or options out of their range. */
export function changePoints(values: readonly number[], options = OTAVA_DEFAULTS): readonly ChangePoint[] {
  const { windowLength, minLength } = options;
  if (!Number.isInteger(windowLength) || windowLength < 2) {
    throw new RangeError(`windowLength: got ${windowLength}, expected a whole number of at least 2`);
  }
  if (!Number.isInteger(minLength) || minLength < 1) {
    throw new RangeError(`minLength: got ${minLength}, expected a whole number of at least 1`);
  }
  const strange = values.findIndex((value) => !Number.isFinite(value));
  if (strange >= 0) throw new RangeError(`values[${strange}]: got ${values[strange]}, expected a number`);
  return withoutWeak(values, weakChangePoints(values, options), options.maxP);
}

/** Otava's rule for the threshold of the first pass. */
function weakP(maxP: number): number {
  if (maxP < 0.05) return maxP * 10;
  return maxP < 0.5 ? maxP * 2 : maxP;
}

/**
 * The split step: every window by itself, each from the last point found or half a window on, so that points of two
 * windows, too, lie at least minLength apart.
 */
function weakChangePoints(values: readonly number[], options: EDivisiveOptions): readonly number[] {
  const { windowLength } = options;
  const found = new Set<number>();
  const step = Math.floor(windowLength / 2);
  for (let start = 0; start < values.length; ) {
    const window = values.slice(start, start + windowLength);
    const points = splitWindow(window, options);
    for (const point of points) found.add(start + point);
    const last = points.at(-1);
    start = Math.max(last === undefined ? 0 : start + last, start + step);
  }
  return [...found].sort((a, b) => a - b);
}

/** Splits where the divergence is largest, again and again, until the best split left is not significant. */
function splitWindow(values: readonly number[], { maxP, minLength }: EDivisiveOptions): readonly number[] {
  const points: number[] = [];
  while (true) {
    const best = bestSplit(values, segmentsBetween(points, values.length), minLength);
    if (best === null) return points;
    const { segment, index } = best;
    const { p } = compareSegments(
      values,
      { start: segment.start, end: index },
      { start: index, end: segment.end },
    );
    if (!(p <= weakP(maxP))) return points;
    points.push(index);
    points.sort((a, b) => a - b);
  }
}

interface Split {
  readonly segment: Segment;
  readonly index: number;
  readonly divergence: number;
}

function bestSplit(values: readonly number[], segments: readonly Segment[], minLength: number): Split | null {
  let best: Split | null = null;
  for (const segment of segments) {
    if (segment.end - segment.start < 2 * minLength) continue;
    const split = largestDivergence(values, segment, minLength);
    if (best === null || split.divergence > best.divergence) best = split;
  }
  return best;
}

/**
 * The split tau of values[start..end) with the largest divergence of X = [start, tau) from Y = [tau, kappa), over all
 * tau < kappa <= end that leave both at least minLength values, with n = tau - start and m = kappa - tau:
 *
 *     Q = 2/(n+m) * (between - m/(n-1) * withinX - n/(m-1) * withinY)
 *
 * where between, withinX and withinY are sums of distances over all pairs. Each follows from the one before it:
 * with another kappa, Y gains one value, whose distances to X and to Y are prefix sums.
 */
function largestDivergence(values: readonly number[], { start, end }: Segment, minLength: number): Split {
  const length = end - start;
  // prefix[j * (length + 1) + i]: the distances of value j to the first i values.
  const prefix = new Float64Array(length * (length + 1));
  for (let j = 0; j < length; j++) {
    const row = j * (length + 1);
    const value = values[start + j]!;
    for (let i = 0; i < length; i++)
      prefix[row + i + 1] = prefix[row + i]! + Math.abs(values[start + i]! - value);
  }
  let best = { index: start + minLength, divergence: Number.NEGATIVE_INFINITY };
  let withinX = 0;
  for (let tau = 1; tau <= length - minLength; tau++) {
    withinX += prefix[(tau - 1) * (length + 1) + tau - 1]!;
    let between = 0;
    let withinY = 0;
    for (let kappa = tau + 1; kappa <= length; kappa++) {
      const row = (kappa - 1) * (length + 1);
      const toX = prefix[row + tau]!;
      between += toX;
      withinY += prefix[row + kappa - 1]! - toX;
      const m = kappa - tau;
      const inX = tau === 1 ? 0 : (m / (tau - 1)) * withinX;
      const inY = m === 1 ? 0 : (tau / (m - 1)) * withinY;
      const divergence = (2 / kappa) * (between - inX - inY);
      if (divergence > best.divergence && tau >= minLength && m >= minLength)
        best = { index: start + tau, divergence };
    }
  }
  return { segment: { start, end }, ...best };
}

function segmentsBetween(points: readonly number[], length: number): readonly Segment[] {
  const bounds = [0, ...points, length];
  return bounds.slice(1).map((end, index) => ({ start: bounds[index]!, end }));
}

/** The merge step: takes away the point with the largest p and compares its neighbours anew, until every p is below the threshold. */
function withoutWeak(
  values: readonly number[],
  weak: readonly number[],
  maxP: number,
): readonly ChangePoint[] {
  let indexes = weak;
  while (true) {
    const points = describePoints(values, indexes);
    const weakest = points.reduce<ChangePoint | null>(
      (worst, point) => (worst === null || point.p > worst.p ? point : worst),
      null,
    );
    if (weakest === null || weakest.p < maxP) return points;
    indexes = indexes.filter((index) => index !== weakest.index);
  }
}

function describePoints(values: readonly number[], indexes: readonly number[]): readonly ChangePoint[] {
  const segments = segmentsBetween(indexes, values.length);
  return indexes.map((index, at) => {
    const { p, left, right } = compareSegments(values, segments[at]!, segments[at + 1]!);
    return { index, p, meanBefore: left.mean, meanAfter: right.mean };
  });
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Of the values themselves: the sum of squares over n. */
  readonly variance: number;
}

/**
 * Student's t-test with equal variances. Otava hands its test the standard deviation of the values (over n, not n - 1);
 * so does this, or its p would be others: with few values p comes out somewhat too small.
 */
function compareSegments(
  values: readonly number[],
  before: Segment,
  after: Segment,
): { readonly p: number; readonly left: Moments; readonly right: Moments } {
  const left = momentsOf(values, before);
  const right = momentsOf(values, after);
  const degrees = left.n + right.n - 2;
  if (degrees < 1) return { p: 1, left, right };
  const pooled = ((left.n - 1) * left.variance + (right.n - 1) * right.variance) / degrees;
  const t = (left.mean - right.mean) / Math.sqrt(pooled * (1 / left.n + 1 / right.n));
  // 0 / 0: two equal constants do not differ.
  if (Number.isNaN(t)) return { p: 1, left, right };
  return { p: Number.isFinite(t) ? tTwoSidedP(t, degrees) : 0, left, right };
}

function momentsOf(values: readonly number[], { start, end }: Segment): Moments {
  const n = end - start;
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = start; i < end; i++) squares += (values[i]! - mean) ** 2;
  return { n, mean, variance: squares / n };
}
