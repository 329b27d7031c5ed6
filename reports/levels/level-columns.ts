import { changeText, countText, figureText, NO_FIGURE, percentText } from '../number-text.ts';
import type { ComparedFigure } from './level-comparisons.ts';
import type { IntervalledQuantile } from './level-latency.ts';
import type { Level } from './levels.ts';
import { likenessOf } from './likeness.ts';

/** A column of every table of levels: the same figures in the terminal, in Markdown and in HTML. */
export interface LevelColumn {
  readonly name: string;
  /** What it is, for a tooltip or a legend. */
  readonly title: string;
  readonly isNumber: boolean;
  /** 1 stays longest when a table must become narrower. */
  readonly importance: number;
  readonly text: (level: Level, base: Level | null) => string;
  /** For sorting; null sorts last. */
  readonly value: (level: Level) => number | string | null;
  /** What else is known of the figure, for a tooltip. */
  readonly detail?: (level: Level) => string | null;
  /** Left out where no level has it. */
  readonly isOptional?: true;
}

export const LEVEL_COLUMNS: readonly LevelColumn[] = [
  {
    name: 'records/s',
    title: 'Acknowledged records per second at saturation',
    isNumber: true,
    importance: 1,
    text: (level, base) =>
      marked(countText(level.recordsPerSecond?.mean ?? null), level, base, 'recordsPerSecond'),
    value: (level) => level.recordsPerSecond?.mean ?? null,
    detail: (level) => intervalText(level.recordsPerSecond, countText),
  },
  {
    name: '±',
    title: 'Half of the 95 % interval of records/s over the trials',
    isNumber: true,
    importance: 6,
    isOptional: true,
    text: (level) => percentText(halfWidth(level.recordsPerSecond?.mean, level.recordsPerSecond?.high)),
    value: (level) => halfWidth(level.recordsPerSecond?.mean, level.recordsPerSecond?.high),
  },
  {
    name: 'vs base',
    title:
      'records/s against the base within rounds, with the interval that holds for all levels of the factor at 95 %',
    isNumber: true,
    importance: 13,
    isOptional: true,
    text: versusText,
    value: ({ comparisons: { recordsPerSecond: versus } }) => (versus?.low == null ? null : versus.ratio),
    detail: seenText,
  },
  {
    name: 'MB/s',
    title: 'Record bytes per second at saturation, uncompressed; 1 MB is 10^6 bytes',
    isNumber: true,
    importance: 5,
    text: (level, base) =>
      marked(figureText(level.megabytesPerSecond?.mean ?? null), level, base, 'megabytesPerSecond'),
    value: (level) => level.megabytesPerSecond?.mean ?? null,
    detail: (level) => intervalText(level.megabytesPerSecond, figureText),
  },
  latencyColumn('p50', 'p50 ms', 3, 'latencyP50Ms'),
  latencyColumn('p95', 'p95 ms', 8, 'latencyP95Ms'),
  latencyColumn('p99', 'p99 ms', 2, 'latencyP99Ms'),
  {
    name: '± p99',
    title: 'Half of the 95 % interval of p99, from the spread of its logarithm over the trials',
    isNumber: true,
    importance: 7,
    isOptional: true,
    text: (level) => percentText(halfWidth(level.latency?.p99, level.latencyIntervals.p99?.high)),
    value: (level) => halfWidth(level.latency?.p99, level.latencyIntervals.p99?.high),
  },
  { ...latencyColumn('p999', 'p99.9 ms', 9, null), isOptional: true },
  latencyColumn('max', 'max ms', 10, null),
  {
    name: 'ratio',
    title: 'Compressed over uncompressed bytes of the batches',
    isNumber: true,
    importance: 11,
    text: (level) => figureText(level.compressionRatio?.mean ?? null),
    value: (level) => level.compressionRatio?.mean ?? null,
  },
  {
    name: 'requests',
    title: 'Produce requests of the paced phase',
    isNumber: true,
    importance: 6,
    text: (level, base) => marked(countText(level.requests?.mean ?? null), level, base, 'requests'),
    value: (level) => level.requests?.mean ?? null,
    detail: (level) => intervalText(level.requests, countText),
  },
  {
    name: 'verified',
    title: 'Whether every record was found in the log, once and in order',
    isNumber: false,
    importance: 2,
    text: (level) => level.verified,
    value: (level) => level.verified,
  },
];

/** The columns of a table: what the base alone has, or nobody, is left out where nobody would miss it. */
export function columnsFor(levels: readonly Level[]): readonly LevelColumn[] {
  const others = levels.filter((level) => !level.isBase);
  const asked = others.length === 0 ? levels : others;
  return LEVEL_COLUMNS.filter(
    (column) => column.isOptional !== true || asked.some((level) => column.value(level) !== null),
  );
}

function latencyColumn(
  key: 'p50' | 'p95' | 'p99' | 'p999' | 'max',
  name: string,
  importance: number,
  compared: ComparedFigure | null,
): LevelColumn {
  return {
    name,
    title: `${name.replace(' ms', '')} of latency at the common rate, in milliseconds`,
    isNumber: true,
    importance,
    text: (level, base) => {
      const text = figureText(level.latency?.[key] ?? null);
      return compared === null ? text : marked(text, level, base, compared);
    },
    value: (level) => level.latency?.[key] ?? null,
    detail: (level) =>
      compared === null
        ? null
        : intervalText(level.latencyIntervals[key as IntervalledQuantile], (ms) => `${figureText(ms)} ms`),
  };
}

/** `~` in front of a figure that was not shown to differ from the base's. */
function marked(text: string, level: Level, base: Level | null, figure: ComparedFigure): string {
  return text !== NO_FIGURE && likenessOf(level, base, figure) === 'like' ? `~${text}` : text;
}

interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

function intervalText(bounds: Bounds | null, text: (value: number) => string): string | null {
  if (bounds === null || bounds.low === null || bounds.high === null) return null;
  return `95 % interval ${text(Math.max(0, bounds.low))} to ${text(bounds.high)}`;
}

/** Of the upper side, which is the wider one where an interval is one of logarithms. */
function halfWidth(value: number | null | undefined, high: number | null | undefined): number | null {
  return value == null || high == null || value <= 0 ? null : high / value - 1;
}

/** `+3.4 % (+1 % to +6 %)`, `~ (-1 % to +6 %)`. */
function versusText(level: Level): string {
  const versus = level.comparisons.recordsPerSecond;
  if (level.isBase || versus === null) return '';
  if (versus.low === null || versus.high === null) return changeText(versus.ratio);
  const size = versus.significant ? changeText(versus.ratio) : '~';
  return `${size} (${changeText(versus.low)} to ${changeText(versus.high)})`;
}

function seenText(level: Level): string | null {
  const detectable = level.comparisons.recordsPerSecond?.detectable ?? null;
  return detectable === null ? null : `a difference of ${percentText(detectable)} would have been found`;
}

/** Level's text with what must be known about it. */
export function levelText(level: Level): string {
  const marks = [
    ...(level.isBase ? baseMarks(level) : []),
    ...(level.overloaded ? ['overloaded'] : []),
    ...(level.isLocalWrite ? ['local write'] : []),
  ];
  return marks.length === 0 ? level.label : `${level.label} (${marks.join(', ')})`;
}

function baseMarks(level: Level): string[] {
  const repeats = level.trials.length;
  // A configuration by itself is called base already.
  const mark = [...(level.label === 'base' ? [] : ['base']), ...(repeats > 1 ? [`${repeats}x`] : [])];
  return mark.length === 0 ? [] : [mark.join(', ')];
}
