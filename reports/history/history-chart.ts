import type { ChartOption } from '../html/chart-options.ts';
import { placeholder } from '../html/theme.ts';
import { signedPercentText } from '../number-text.ts';
import type { AnalysedSeries, LevelChange } from './analyse-history.ts';
import { commitText, timeText } from './history-words.ts';

// Single quotes: echarts puts this into a style attribute as it is.
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
/** Above this many checks the points are drawn without their intervals, which would be one grey area. */
const MOST_INTERVALS = 400;

/** Each check as a point with its interval, in order; a thick line per level, a dashed one where it changed. */
export function historyOption(series: AnalysedSeries): ChartOption {
  const { entries } = series;
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, fontSize: 12, color: placeholder('muted') },
    grid: { left: 8, right: 16, top: 30, bottom: 8, containLabel: true },
    xAxis: {
      type: 'category',
      // A commit may be checked twice: the place in the order is what tells the points apart.
      data: entries.map((entry) => (entry.commit === null ? timeText(entry.at).slice(5) : commitText(entry))),
      axisLine: { onZero: false, lineStyle: { color: placeholder('line') } },
      axisTick: { show: false },
      axisLabel: { color: placeholder('muted'), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      scale: true,
      axisLabel: { color: placeholder('muted'), formatter: '{value} %' },
      splitLine: { lineStyle: { color: placeholder('line') } },
    },
    series: [
      ...(entries.length > MOST_INTERVALS ? [] : [intervals(series)]),
      {
        type: 'scatter',
        name: 'check',
        symbolSize: entries.length > 150 ? 4 : 7,
        z: 4,
        silent: true,
        itemStyle: { color: placeholder('s1'), opacity: 1 },
        data: entries.map((entry, index) => [index, percent(entry.ratio)]),
      },
      ...series.levels.map((level, index) => ({
        type: 'line',
        name: 'level',
        showSymbol: false,
        silent: true,
        z: 5,
        lineStyle: { width: 3, color: levelColor(series.changes[index - 1]) },
        data: [
          [level.start, percent(level.ratio)],
          [level.end - 1, percent(level.ratio)],
        ],
      })),
      ...(series.changes.length === 0 ? [] : [changeMarks(series.changes)]),
    ],
  };
}

/** One line with gaps: a stroke up for each check. */
function intervals({ entries }: AnalysedSeries): ChartOption {
  return {
    type: 'line',
    name: 'interval',
    showSymbol: false,
    silent: true,
    connectNulls: false,
    lineStyle: { width: 1.5, color: placeholder('band'), opacity: 0.7 },
    data: entries.flatMap(({ low, high }, index) => [
      [index, percent(low)],
      [index, percent(high)],
      [index, null],
    ]),
  };
}

function changeMarks(changes: readonly LevelChange[]): ChartOption {
  return {
    type: 'line',
    name: 'change',
    data: [],
    silent: true,
    markLine: {
      silent: true,
      symbol: 'none',
      data: changes.map((change) => ({
        xAxis: change.index,
        lineStyle: { type: 'dashed', width: 1.5, color: levelColor(change) },
        label: {
          position: 'end',
          formatter: signedPercentText(change.change),
          color: levelColor(change),
          fontWeight: 600,
          fontSize: 12,
        },
      })),
    },
  };
}

function levelColor(change: LevelChange | undefined): string {
  if (change === undefined) return placeholder('base');
  return placeholder(change.verdict === 'worse' ? 'bad' : 'good');
}

/** Against the reference, in per cent, to a thousandth. */
function percent(ratio: number): number {
  return Math.round((ratio - 1) * 1e5) / 1e3;
}
