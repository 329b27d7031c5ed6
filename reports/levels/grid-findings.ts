import { changeText, countText, figureText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { geometricMean } from '../statistics/averages.ts';
import type { Level, LevelTable } from './levels.ts';

const BEST = 5;

/** Of a full grid: the best cells by throughput and by p99, the Pareto front, and each factor's main effect. */
export function gridFindings(result: Result, table: LevelTable): string[] {
  const cells = table.all.filter((cell) => cell.recordsPerSecond !== null || p99Of(cell) !== null);
  if (cells.length === 0) return ['No cell of the grid has figures.'];
  return [
    ...bestByThroughput(cells),
    ...bestByLatency(cells),
    ...paretoSentences(cells),
    ...result.factors.flatMap(({ property, levels }) => mainEffects(property, levels, cells)),
  ];
}

/** A cell that could not carry the rate, or that waits for no broker, has no latency to be compared. */
function p99Of(cell: Level): number | null {
  return cell.overloaded || cell.isLocalWrite ? null : (cell.latency?.p99 ?? null);
}

function rateOf(cell: Level): number | null {
  return cell.recordsPerSecond?.mean ?? null;
}

function bestByThroughput(cells: readonly Level[]): string[] {
  const known = cells.filter((cell) => rateOf(cell) !== null);
  const best = known.toSorted((a, b) => rateOf(b)! - rateOf(a)!).slice(0, BEST);
  return best.map(
    (cell, index) => `Throughput, ${index + 1}.: ${countText(rateOf(cell))} records/s with ${cell.label}.`,
  );
}

function bestByLatency(cells: readonly Level[]): string[] {
  const known = cells.filter((cell) => p99Of(cell) !== null);
  const best = known.toSorted((a, b) => p99Of(a)! - p99Of(b)!).slice(0, BEST);
  return best.map((cell, index) => `p99, ${index + 1}.: ${figureText(p99Of(cell))} ms with ${cell.label}.`);
}

/** Cells that no other beats in both records/s and p99, the fastest first. */
export function paretoFront(cells: readonly Level[]): Level[] {
  const known = cells.filter((cell) => p99Of(cell) !== null && rateOf(cell) !== null);
  const sorted = known.toSorted((a, b) => rateOf(b)! - rateOf(a)! || p99Of(a)! - p99Of(b)!);
  let lowest = Number.POSITIVE_INFINITY;
  return sorted.filter((cell) => {
    if (p99Of(cell)! >= lowest) return false;
    lowest = p99Of(cell)!;
    return true;
  });
}

function paretoSentences(cells: readonly Level[]): string[] {
  return paretoFront(cells).map(
    (cell) =>
      `Pareto front, no other cell is better in both: ${countText(rateOf(cell))} records/s at p99 ${figureText(p99Of(cell))} ms with ${cell.label}.`,
  );
}

/** Geometric means over all cells of a level, against the first level. */
function mainEffects(property: string, levels: readonly string[], cells: readonly Level[]): string[] {
  const meansOf = (level: string, figure: (cell: Level) => number | null): number | null =>
    meanOfKnown(cells.filter((cell) => cell.settings[property] === level).map(figure));
  const [first, ...others] = levels;
  if (first === undefined || others.length === 0) return [];
  const effects = (name: string, figure: (cell: Level) => number | null): string[] => {
    const own = meansOf(first, figure);
    if (own === null) return [];
    const parts = others.flatMap((level) => {
      const other = meansOf(level, figure);
      return other === null ? [] : [`${level} ${changeText(other / own)}`];
    });
    return parts.length === 0 ? [] : [`${name}: ${parts.join(', ')}`];
  };
  const parts = [...effects('records/s', rateOf), ...effects('p99', p99Of)];
  return parts.length === 0
    ? []
    : [`${property}, geometric mean over the grid, against ${first}: ${parts.join('; ')}.`];
}

function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value): value is number => value !== null && value > 0);
  return known.length === 0 ? null : geometricMean(known);
}
