import type { ChartOption } from '../html/chart-options.ts';
import { chartSvg } from '../html/chart-svg.ts';
import { html, jsonForScript, SafeHtml } from '../html/escape.ts';
import { placeholder, seriesColor } from '../html/theme.ts';
import { barsOf } from './skew-bars.ts';

const WIDTH = 1090;
const ROW = 66;
const BAR_AREA = 38;
const TOP = 24;
const FOOT = 22;
const MOST_COLUMNS = 96;
const MAX_NAME = 40;
// Single quotes: echarts puts this into a style attribute as it is.
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

const FORMATTERS = {
  count: { tip: '@count', line: '@compact' },
  ms: { tip: '@ms', line: '@ms' },
  percent: { tip: '@compact', line: '@compact' },
} as const;

/** A value for each partition, under a name. */
export interface BarRow {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Drawn through the bars and written at their end; null: none. */
  readonly line: number | null;
}

export interface BarFigure {
  readonly title: string;
  /** What the bars are; their order is added. */
  readonly sub: string;
  /** For those who cannot see the picture. */
  readonly text: string;
  readonly rows: readonly BarRow[];
  readonly unit: 'count' | 'ms' | 'percent';
  /** Of the page. */
  readonly index: number;
  /** Each row has a scale of its own where the highest of them lie so far apart; without it all have one. */
  readonly mostOnOneScale?: number;
}

/** A row of bars per name, a bar per partition. */
export function barFigure(figure: BarFigure): SafeHtml {
  const { title, sub, text, rows, index } = figure;
  const { option, isSorted, columns, isOwnScale } = optionOf(figure);
  const size = { width: WIDTH, height: rows.length * ROW + FOOT };
  const svg = new SafeHtml(chartSvg(option, size, index));
  const order = isSorted
    ? `partitions from the highest to the lowest, in ${columns} columns`
    : `partition 0 to ${columns - 1}`;
  return html`<figure class="card wide"><figcaption><h3>${title}</h3><p class="sub">${sub}; ${order}; ${isOwnScale ? 'each on a scale of its own' : 'one scale for all'}</p></figcaption>
<div class="chart" id="chart-${index}" role="img" aria-label="${text}" data-height="${size.height}">${svg}</div>
<script type="application/json" data-chart="chart-${index}">${jsonForScript(option)}</script></figure>`;
}

function optionOf({ rows, unit, mostOnOneScale = Number.POSITIVE_INFINITY }: BarFigure) {
  const bars = rows.map(({ values }) => barsOf(values, MOST_COLUMNS));
  const highest = rows.map(({ line }, row) => Math.max(...bars[row]!.heights, line ?? 0));
  const most = Math.max(...highest);
  const isOwnScale = most > mostOnOneScale * Math.min(...highest);
  const { isSorted, heights } = bars[0]!;
  const names = heights.map((_, column) => (isSorted ? `column ${column + 1}` : `partition ${column}`));
  const option: ChartOption = {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, fontSize: 12, color: placeholder('muted') },
    tooltip: {
      confine: true,
      trigger: 'item',
      backgroundColor: placeholder('surface'),
      borderColor: placeholder('line'),
      textStyle: { color: placeholder('text'), fontSize: 12 },
      valueFormatter: FORMATTERS[unit].tip,
    },
    title: rows.map(({ name }, row) => ({
      text: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name,
      left: 0,
      top: row * ROW,
      textStyle: { fontFamily: FONT, fontSize: 12, fontWeight: 'normal', color: placeholder('text') },
    })),
    grid: rows.map((_, row) => ({ left: 2, right: 64, top: row * ROW + TOP, height: BAR_AREA })),
    xAxis: rows.map((_, row) => ({
      gridIndex: row,
      type: 'category',
      data: names,
      axisTick: { show: false },
      axisLabel: { show: false },
      axisLine: { lineStyle: { color: placeholder('line') } },
    })),
    yAxis: rows.map((_, row) => ({
      gridIndex: row,
      type: 'value',
      min: 0,
      max: isOwnScale ? highest[row]! : most,
      show: false,
    })),
    series: rows.map((one, row) => seriesOf(one, { row, heights: bars[row]!.heights, unit })),
  };
  return { option, isSorted, columns: heights.length, isOwnScale };
}

function seriesOf(
  { name, line }: BarRow,
  { row, heights, unit }: { row: number; heights: readonly number[]; unit: BarFigure['unit'] },
): ChartOption {
  return {
    type: 'bar',
    name,
    xAxisIndex: row,
    yAxisIndex: row,
    barCategoryGap: '18%',
    data: heights,
    itemStyle: { color: seriesColor(row), borderRadius: [2, 2, 0, 0] },
    emphasis: { disabled: true },
    ...(line === null
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: placeholder('base'), type: 'dashed', width: 1 },
            label: {
              formatter: FORMATTERS[unit].line,
              color: placeholder('muted'),
              fontSize: 11,
              position: 'end',
            },
            data: [{ yAxis: line }],
          },
        }),
  };
}
