import { html } from '../html/escape.ts';
import type { CheckMetric } from './check-result.ts';

/** Intervals of relative changes around 0, drawn for pages that show text only or also pictures. */
export interface PlotRow {
  readonly name: string;
  readonly change: number;
  readonly low: number;
  readonly high: number;
  /** Where the margin lies: positive where less is better. */
  readonly limit: number;
}

export function plotRows(
  metrics: readonly CheckMetric[],
  nameOf: (metric: CheckMetric) => string,
): readonly PlotRow[] {
  return metrics.map((metric) => ({
    name: nameOf(metric),
    change: metric.change,
    low: metric.low,
    high: metric.high,
    limit: metric.direction === 'lower is better' ? metric.margin : -metric.margin,
  }));
}

const TEXT_COLUMNS = 45;

/**
 * Letters of one width:
 *
 *     CPU per record        ├──●──┤     !
 *     -10 %                 0       +10 %
 *
 * `!` is the margin. An interval that leaves the picture ends in `<` or `>`.
 */
export function textPlot(rows: readonly PlotRow[]): string {
  const reach = reachOf(rows);
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const last = TEXT_COLUMNS - 1;
  const columnOf = (change: number): number =>
    Math.max(0, Math.min(last, Math.round(((change + reach) / (2 * reach)) * last)));
  const lines = rows.map(({ name, change, low, high, limit }) => {
    const cells = Array<string>(TEXT_COLUMNS).fill(' ');
    cells[columnOf(0)] = '|';
    cells[columnOf(limit)] = '!';
    const [from, to] = [columnOf(low), columnOf(high)];
    for (let column = from; column <= to; column++) cells[column] = '─';
    cells[from] = low < -reach ? '<' : '├';
    cells[to] = high > reach ? '>' : '┤';
    cells[columnOf(change)] = '●';
    return `${name.padEnd(nameWidth)}  ${cells.join('').trimEnd()}`;
  });
  return [...lines, `${' '.repeat(nameWidth)}  ${scaleText(reach)}`].join('\n');
}

function scaleText(reach: number): string {
  const [left, right] = [`-${shortPercent(reach)}`, `+${shortPercent(reach)}`];
  const middle = (TEXT_COLUMNS - 1) / 2;
  return `${left.padEnd(middle)}0${right.padStart(TEXT_COLUMNS - 1 - middle)}`;
}

const SVG = { width: 720, rowHeight: 30, nameWidth: 150, right: 20, axisHeight: 26 } as const;

/** As textPlot, as SVG that needs no style from outside and reads on light and dark ground. */
export function svgPlot(rows: readonly PlotRow[]): string {
  const reach = reachOf(rows);
  const height = rows.length * SVG.rowHeight + SVG.axisHeight;
  const span = SVG.width - SVG.nameWidth - SVG.right;
  const xOf = (change: number): number =>
    Math.round((SVG.nameWidth + ((clamped(change, reach) + reach) / (2 * reach)) * span) * 10) / 10;
  const bottom = rows.length * SVG.rowHeight;
  const drawn = rows.map(({ name, change, low, high, limit }, index) => {
    const y = index * SVG.rowHeight + SVG.rowHeight / 2;
    const [top, end] = [y - SVG.rowHeight / 2 + 3, y + SVG.rowHeight / 2 - 3];
    return html`<text x="0" y="${y + 4}">${name}</text><line x1="${xOf(limit)}" x2="${xOf(limit)}" y1="${top}" y2="${end}" stroke="#d04a3f" stroke-width="2"/><line x1="${xOf(low)}" x2="${xOf(high)}" y1="${y}" y2="${y}" stroke="#3f7fd0" stroke-width="3"/><circle cx="${xOf(change)}" cy="${y}" r="5" fill="#3f7fd0"/>`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SVG.width} ${height}" width="${SVG.width}" height="${height}" role="img" aria-label="Changes with their intervals; red: the margin" font-family="sans-serif" font-size="13" fill="#808890"><line x1="${xOf(0)}" x2="${xOf(0)}" y1="0" y2="${bottom}" stroke="#808890"/>${drawn}<text x="${xOf(-reach)}" y="${bottom + 18}">-${shortPercent(reach)}</text><text x="${xOf(0)}" y="${bottom + 18}" text-anchor="middle">0</text><text x="${xOf(reach)}" y="${bottom + 18}" text-anchor="end">+${shortPercent(reach)}</text></svg>`
    .text;
}

/** All intervals and margins fit, unless one is far larger than what decides: 1, 2 or 5 times a power of ten. */
function reachOf(rows: readonly PlotRow[]): number {
  const margins = Math.max(0.01, ...rows.map(({ limit }) => Math.abs(limit)));
  const widest = Math.max(0, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  const wanted = Math.min(Math.max(margins * 1.1, widest), margins * 4);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5].find((factor) => factor * power >= wanted) ?? 10;
  return step * power;
}

function clamped(change: number, reach: number): number {
  return Math.max(-reach, Math.min(reach, change));
}

function shortPercent(change: number): string {
  return `${Number((change * 100).toPrecision(3))} %`;
}
