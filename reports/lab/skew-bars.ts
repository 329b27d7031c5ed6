const BLOCKS = '▁▂▃▄▅▆▇█';
const ASCII = '.:-=+*%@';

/** Columns of one strategy's bars. */
export interface Bars {
  readonly heights: readonly number[];
  /** Several partitions share a column: then the fullest stand first. */
  readonly isSorted: boolean;
}

/**
 * At most `most` columns of loads: a partition each, in order, or, where there are more partitions, equal parts of them
 * from the fullest to the emptiest, each as high as its fullest.
 */
export function barsOf(loads: ArrayLike<number>, most: number): Bars {
  if (loads.length <= most) return { heights: Array.from(loads), isSorted: false };
  const falling = Float64Array.from(loads).sort().reverse();
  const heights = Array.from(
    { length: most },
    (_, column) => falling[Math.floor((column * falling.length) / most)]!,
  );
  return { heights, isSorted: true };
}

/** Bars as text, one character a column; a blank is no record at all. */
export function barText(heights: readonly number[], highest: number, isUnicode: boolean): string {
  const steps = isUnicode ? BLOCKS : ASCII;
  return heights
    .map((height) => {
      if (height === 0) return ' ';
      const step = Math.ceil((height / highest) * steps.length) - 1;
      return steps[Math.min(steps.length - 1, Math.max(0, step))];
    })
    .join('');
}
