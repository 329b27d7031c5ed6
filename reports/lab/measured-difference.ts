import type { ComparedFigure, LevelComparisons } from '../levels/level-comparisons.ts';
import type { VersusBase } from '../levels/level-summary.ts';
import type { Level } from '../levels/levels.ts';
import { changeText } from '../number-text.ts';

/**
 * What a figure of a level comes to against `base`; null where there is nothing to compare, or where a quantile is not
 * shown, since too few requests lie beyond it: what is no figure is no difference either.
 */
export function shownVersus(
  figure: ComparedFigure,
  level: Level,
  base: Level | null,
  comparisons: LevelComparisons = level.comparisons,
): VersusBase | null {
  if (base === null || level === base) return null;
  return isShown(figure, level) && isShown(figure, base) ? comparisons[figure] : null;
}

const QUANTILES = { latencyP50Ms: 'p50', latencyP95Ms: 'p95', latencyP99Ms: 'p99' } as const;

function isShown(figure: ComparedFigure, { latency }: Level): boolean {
  if (figure !== 'latencyP50Ms' && figure !== 'latencyP95Ms' && figure !== 'latencyP99Ms') return true;
  return (latency?.[QUANTILES[figure]] ?? null) !== null;
}

/** `+34 % (+12 to +60 %)`; the difference alone where there is no interval. */
export function intervalText(versus: VersusBase): string {
  const range = rangeText(versus);
  return range === '' ? changeText(versus.ratio) : `${changeText(versus.ratio)} (${range})`;
}

/** `+12 to +60 %`. */
export function rangeText({ low, high }: VersusBase): string {
  if (low === null || high === null) return '';
  const [from, to] = [changeText(low), changeText(high)];
  return `${to.endsWith(' %') ? from.replace(/ %$/, '') : from} to ${to}`;
}
