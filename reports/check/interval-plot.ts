import { html } from '../html/escape.ts';
import type { CheckMetric } from './check-result.ts';

/**
 * Changes with their intervals, each in units of its metric's margin, worse to the right: metrics with margins of 5 % and of
 * 25 % fit one picture, and what decides stands at one place in all rows.
 */
export interface PlotRow {
  readonly name: string;
  readonly change: number;
  readonly low: number;
  readonly high: number;
}

/** Margins to either side of 0. */
const REACH = 2;

/** Changes and bounds in margins, signed so that worse is positive whatever the metric. */
export function plotRows(
  metrics: readonly CheckMetric[],
  nameOf: (metric: CheckMetric) => string,
): readonly PlotRow[] {
  return metrics.map((metric) => {
    const { change, low, high, direction, margin } = metric;
    const name = nameOf(metric);
    return direction === 'lower is better'
      ? { name, change: change / margin, low: low / margin, high: high / margin }
      : { name, change: -change / margin, low: -high / margin, high: -low / margin };
  });
}

const TEXT_COLUMNS = 49;

/**
 * Letters of one width; an interval that leaves the picture ends in `<` or `>`:
 *
 *     CPU per record              ├──●──┤     !
 *                     better      0        margin   worse
 */
export function textPlot(rows: readonly PlotRow[]): string {
  const nameWidth = Math.max(0, ...rows.map(({ name }) => name.length));
  const last = TEXT_COLUMNS - 1;
  const columnOf = (value: number): number => Math.round(((clamped(value) + REACH) / (2 * REACH)) * last);
  const lines = rows.map(({ name, change, low, high }) => {
    const cells = Array<string>(TEXT_COLUMNS).fill(' ');
    const [from, to] = [columnOf(low), columnOf(high)];
    cells[columnOf(0)] = '|';
    cells[columnOf(1)] = '!';
    for (let column = from; column <= to; column++) cells[column] = '─';
    cells[from] = low < -REACH ? '<' : '├';
    cells[to] = high > REACH ? '>' : '┤';
    cells[columnOf(change)] = '●';
    return `${name.padEnd(nameWidth)}  ${cells.join('').trimEnd()}`;
  });
  const scale = Array<string>(TEXT_COLUMNS).fill(' ');
  for (const [text, at] of [
    ['better', 0],
    ['0', columnOf(0)],
    ['margin', columnOf(1) - 3],
    ['worse', TEXT_COLUMNS - 5],
  ] as const) {
    scale.splice(at, text.length, ...text);
  }
  return [...lines, `${' '.repeat(nameWidth)}  ${scale.join('')}`].join('\n');
}

const SVG = { width: 720, rowHeight: 30, nameWidth: 150, right: 20, axisHeight: 26 } as const;
const [GREY, BLUE, RED] = ['#808890', '#3f7fd0', '#d04a3f'];

/** As textPlot, as SVG that needs no style from outside and reads on light and dark ground. */
export function svgPlot(rows: readonly PlotRow[]): string {
  const bottom = rows.length * SVG.rowHeight;
  const height = bottom + SVG.axisHeight;
  const span = SVG.width - SVG.nameWidth - SVG.right;
  const xOf = (value: number): number =>
    Math.round((SVG.nameWidth + ((clamped(value) + REACH) / (2 * REACH)) * span) * 10) / 10;
  const rule = (value: number, color: string) =>
    html`<line x1="${xOf(value)}" x2="${xOf(value)}" y1="0" y2="${bottom}" stroke="${color}"/>`;
  const label = (value: number, text: string, anchor: string) =>
    html`<text x="${xOf(value)}" y="${bottom + 18}" text-anchor="${anchor}">${text}</text>`;
  const drawn = rows.map(({ name, change, low, high }, index) => {
    const y = index * SVG.rowHeight + SVG.rowHeight / 2;
    return html`<text x="0" y="${y + 4}">${name}</text><line x1="${xOf(low)}" x2="${xOf(high)}" y1="${y}" y2="${y}" stroke="${BLUE}" stroke-width="3"/><circle cx="${xOf(change)}" cy="${y}" r="5" fill="${BLUE}"/>`;
  });
  const axis = [
    label(-REACH, 'better', 'start'),
    label(0, '0', 'middle'),
    label(1, 'margin', 'middle'),
    label(REACH, 'worse', 'end'),
  ];
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SVG.width} ${height}" width="${SVG.width}" height="${height}" role="img" aria-label="Changes with their intervals, in margins" font-family="sans-serif" font-size="13" fill="${GREY}">${rule(0, GREY)}${rule(1, RED)}${drawn}${axis}</svg>`
    .text;
}

function clamped(value: number): number {
  return Math.max(-REACH, Math.min(REACH, value));
}
