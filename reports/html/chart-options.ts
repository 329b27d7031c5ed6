import type { QuantileInterval } from '../levels/level-latency.ts';
import type { Level, LevelGroup } from '../levels/levels.ts';
import { withFormatters } from './client-script.ts';
import { placeholder, seriesColor } from './theme.ts';

/** What echarts takes, as plain data: it is drawn here and again by the script. `@count` and `@...` name formatters. */
export type ChartOption = Record<string, unknown>;

// Single quotes: echarts puts this into a style attribute as it is.
const FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";
const LOG_FROM_RATIO = 25;

/** Names on an axis are short: the whole stands in the table. */
const MAX_NAME = 26;

/** A cell of a grid is named by its values alone, in the order of the factors. */
export function chartName(level: Level): string {
  const values = Object.values(level.settings);
  const isCell =
    level.label ===
    Object.entries(level.settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
  const full = isCell && values.length > 1 ? values.join(' · ') : level.label;
  const name = full.length > MAX_NAME ? `${full.slice(0, MAX_NAME - 1)}…` : full;
  return level.isBase ? `${name} (base)` : name;
}

export function throughputOption({ levels }: LevelGroup): ChartOption {
  const spread = levels.find((level) => level.isBase)?.recordsPerSecond ?? null;
  return {
    ...frame(levels),
    tooltip: { ...tooltip(), trigger: 'axis', axisPointer: { type: 'none' }, valueFormatter: '@count' },
    grid: { left: leftOf(levels), right: 56, top: 10, bottom: 8, containLabel: true },
    xAxis: valueAxis('@compact', false),
    series: [
      {
        type: 'bar',
        name: 'records/s',
        barMaxWidth: 20,
        data: levels.map((level, index) => ({
          value: level.recordsPerSecond?.mean ?? null,
          // Where there is a whisker, the figure stands beyond it.
          ...(hasInterval(level.recordsPerSecond) ? { label: { show: false } } : {}),
          itemStyle: { color: levelColor(level, index), borderRadius: [0, 3, 3, 0] },
        })),
        label: {
          show: true,
          position: 'right',
          formatter: '@compact',
          color: placeholder('text'),
          fontSize: 12,
        },
        emphasis: { disabled: true },
        ...(spread === null ? {} : band(spread)),
      },
      ...levels.flatMap((level, row) =>
        whisker(level.recordsPerSecond, row, compactText(level.recordsPerSecond?.mean ?? 0)),
      ),
    ],
  };
}

type PossibleInterval = { readonly low: number | null; readonly high: number | null } | null;

function hasInterval(interval: PossibleInterval): interval is QuantileInterval {
  return interval !== null && interval.low !== null && interval.high !== null;
}

const compactText = withFormatters({ formatter: '@compact' })['formatter'] as (value: number) => string;

/** A 95 % interval, drawn over what it belongs to; none with one trial. `text` stands at its end. */
function whisker(interval: PossibleInterval, row: number, text = ''): ChartOption[] {
  if (!hasInterval(interval)) return [];
  return [
    {
      type: 'line',
      name: '',
      silent: true,
      tooltip: { show: false },
      symbol: 'rect',
      symbolSize: [2, 11],
      showSymbol: true,
      z: 6,
      itemStyle: { color: placeholder('text') },
      lineStyle: { color: placeholder('text'), width: 1.5 },
      data: [
        [interval.low, row],
        {
          value: [interval.high, row],
          label: {
            show: text !== '',
            position: 'right',
            formatter: text,
            color: placeholder('text'),
            fontSize: 12,
          },
        },
      ],
    },
  ];
}

/** A logarithmic axis has no place for 0. */
function drawable(interval: QuantileInterval | null): QuantileInterval | null {
  return interval === null || interval.low <= 0 ? null : interval;
}

const QUANTILES = [
  ['p50', 'q1'],
  ['p95', 'q2'],
  ['p99', 'q3'],
] as const;

export function latencyOption({ levels }: LevelGroup): ChartOption {
  const values = levels.flatMap((level) => [
    ...QUANTILES.flatMap(([key]) => positive(level.latency?.[key] ?? null)),
    ...Object.values(drawable(level.latencyIntervals.p99) ?? {}),
  ]);
  const isLog = isWide(values);
  const spread = levels.find((level) => level.isBase)?.p99Spread ?? null;
  return {
    ...frame(levels),
    tooltip: { ...tooltip(), trigger: 'axis', axisPointer: { type: 'none' }, valueFormatter: '@ms' },
    legend: legend(QUANTILES.map(([key]) => key)),
    grid: { left: leftOf(levels), right: 38, top: 34, bottom: 8, containLabel: true },
    xAxis: valueAxis('@ms', isLog, values),
    series: [
      ...levels.map((level, index) => connector(level, index)),
      ...levels.flatMap((level, row) => whisker(drawable(level.latencyIntervals.p99), row)),
      ...QUANTILES.map(([key, role], index) => ({
        type: 'scatter',
        name: key,
        symbolSize: 12,
        z: 5,
        itemStyle: {
          color: placeholder(role),
          borderColor: placeholder('surface'),
          borderWidth: 1.5,
          opacity: 1,
        },
        data: levels
          .map((level) => positive(level.latency?.[key] ?? null)[0] ?? null)
          .map((value, row) => [value, row]),
        encode: { x: 0, y: 1, tooltip: [0] },
        emphasis: { disabled: true },
        ...(index === 2 && spread !== null ? band(spread) : {}),
      })),
    ],
  };
}

/** A thin line through the quantiles of one level. */
function connector(level: Level, row: number): ChartOption {
  const values = QUANTILES.flatMap(([key]) => positive(level.latency?.[key] ?? null));
  return {
    type: 'line',
    name: '',
    silent: true,
    showSymbol: false,
    tooltip: { show: false },
    lineStyle: { color: placeholder('band'), width: 2, opacity: 0.6 },
    data: values.map((value) => [value, row]),
  };
}

export function curveOption({ levels }: LevelGroup): ChartOption {
  const drawn = levels.filter((level) => level.curve.length > 0);
  const values = drawn.flatMap((level) => level.curve.flatMap((point) => positive(point.latencyMs)));
  return {
    ...plain(),
    tooltip: { ...tooltip(), trigger: 'item', formatter: '@point' },
    legend: legend(drawn.map(chartName)),
    grid: { left: 12, right: 40, top: 58, bottom: 8, containLabel: true },
    xAxis: {
      ...axis(),
      type: 'log',
      min: 1,
      axisLabel: { color: placeholder('muted'), formatter: '@percentile', hideOverlap: true },
    },
    yAxis: {
      ...valueAxis('@ms', isWide(values), values),
      name: 'ms',
      nameTextStyle: { color: placeholder('muted'), align: 'right' },
    },
    series: drawn.map((level, index) => ({
      type: 'line',
      name: chartName(level),
      showSymbol: false,
      symbolSize: 7,
      data: level.curve.filter((point) => point.latencyMs > 0).map((point) => [point.oneIn, point.latencyMs]),
      itemStyle: { color: levelColor(level, index) },
      lineStyle: {
        color: levelColor(level, index),
        width: level.isBase ? 3 : 2,
        type: level.overloaded || level.isLocalWrite ? 'dashed' : 'solid',
      },
    })),
  };
}

/** The base is grey and stands first; the others have colours of their own in every chart of a factor. */
function levelColor(level: Level, index: number): string {
  return level.isBase ? placeholder('base') : seriesColor(Math.max(0, index - 1));
}

/** Widths of names are guessed where no browser measures them: broad fonts need some room to spare. */
function leftOf(levels: readonly Level[]): number {
  return 6 + Math.max(0, ...levels.map((level) => chartName(level).length));
}

function plain(): ChartOption {
  return {
    animation: false,
    backgroundColor: 'transparent',
    textStyle: { fontFamily: FONT, fontSize: 12, color: placeholder('muted') },
  };
}

/** Horizontal: names have room at every width. */
function frame(levels: readonly Level[]): ChartOption {
  return {
    ...plain(),
    yAxis: {
      ...axis(),
      type: 'category',
      inverse: true,
      data: levels.map(chartName),
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { color: placeholder('text'), fontSize: 12, interval: 0 },
    },
  };
}

function axis(): ChartOption {
  return {
    axisLine: { lineStyle: { color: placeholder('line') } },
    axisTick: { lineStyle: { color: placeholder('line') } },
    splitLine: { lineStyle: { color: placeholder('line') } },
    minorTick: { show: false },
  };
}

function valueAxis(formatter: string, isLog: boolean, values: readonly number[] = []): ChartOption {
  return {
    ...axis(),
    type: isLog ? 'log' : 'value',
    ...(isLog ? { min: 10 ** Math.floor(Math.log10(Math.min(...values))) } : { min: 0 }),
    splitNumber: 4,
    axisLine: { show: false },
    axisLabel: { color: placeholder('muted'), formatter, hideOverlap: true },
  };
}

function legend(names: readonly string[]): ChartOption {
  return {
    data: names,
    type: 'scroll',
    top: 0,
    left: 0,
    icon: 'circle',
    itemWidth: 10,
    itemHeight: 13,
    itemGap: 18,
    textStyle: { color: placeholder('text'), fontSize: 12 },
    pageTextStyle: { color: placeholder('muted') },
    pageIconColor: placeholder('accent'),
  };
}

function tooltip(): ChartOption {
  return {
    confine: true,
    backgroundColor: placeholder('surface'),
    borderColor: placeholder('line'),
    textStyle: { color: placeholder('text'), fontSize: 12 },
  };
}

/** From the smallest to the largest of the base's repeats. */
function band(spread: { readonly min: number; readonly max: number }): ChartOption {
  return {
    markArea: {
      silent: true,
      itemStyle: { color: placeholder('band'), opacity: 0.28 },
      data: [[{ xAxis: spread.min }, { xAxis: spread.max }]],
    },
  };
}

function isWide(values: readonly number[]): boolean {
  return values.length > 1 && Math.max(...values) / Math.min(...values) > LOG_FROM_RATIO;
}

function positive(value: number | null): number[] {
  return value === null || value <= 0 ? [] : [value];
}
