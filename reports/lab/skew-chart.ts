import type { ChartOption } from '../html/chart-options.ts';
import { placeholder, seriesColor } from '../html/theme.ts';
import type { StrategyPlacement } from './lab-result.ts';
import { barsOf } from './skew-bars.ts';

export const SKEW_WIDTH = 1090;
const ROW = 66;
const BAR_AREA = 38;
const TOP = 24;
const FOOT = 22;
const MOST_COLUMNS = 96;
const MAX_NAME = 40;
// Single quotes: echarts puts this into a style attribute as it is.
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

export function skewHeight(strategies: number): number {
  return strategies * ROW + FOOT;
}

export interface SkewChart {
  readonly option: ChartOption;
  readonly isSorted: boolean;
  readonly columns: number;
}

/** A row of bars per strategy, all on one scale, the mean as a line. */
export function skewOption(placements: readonly StrategyPlacement[]): SkewChart {
  const bars = placements.map((one) => barsOf(one.recordsPerPartition, MOST_COLUMNS));
  const highest = Math.max(...placements.map((one) => one.hottestPartition.records));
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
      valueFormatter: '@count',
    },
    title: placements.map(({ name }, row) => ({
      text: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name,
      left: 0,
      top: row * ROW,
      textStyle: { fontFamily: FONT, fontSize: 12, fontWeight: 'normal', color: placeholder('text') },
    })),
    grid: placements.map((_, row) => ({ left: 2, right: 64, top: row * ROW + TOP, height: BAR_AREA })),
    xAxis: placements.map((_, row) => ({
      gridIndex: row,
      type: 'category',
      data: names,
      axisTick: { show: false },
      axisLabel: { show: false },
      axisLine: { lineStyle: { color: placeholder('line') } },
    })),
    yAxis: placements.map((_, row) => ({
      gridIndex: row,
      type: 'value',
      min: 0,
      max: highest,
      show: false,
    })),
    series: placements.map((one, row) => rowOf(one, row, bars[row]!.heights)),
  };
  return { option, isSorted, columns: heights.length };
}

function rowOf({ name, recordsPerPartition }: StrategyPlacement, row: number, heights: readonly number[]) {
  let total = 0;
  for (let partition = 0; partition < recordsPerPartition.length; partition++) {
    total += recordsPerPartition[partition]!;
  }
  return {
    type: 'bar',
    name,
    xAxisIndex: row,
    yAxisIndex: row,
    barCategoryGap: '18%',
    data: heights,
    itemStyle: { color: seriesColor(row), borderRadius: [2, 2, 0, 0] },
    emphasis: { disabled: true },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: placeholder('base'), type: 'dashed', width: 1 },
      label: { formatter: '@compact', color: placeholder('muted'), fontSize: 11, position: 'end' },
      data: [{ yAxis: total / recordsPerPartition.length }],
    },
  };
}
