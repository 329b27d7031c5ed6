import type { Level } from '../levels.ts';
import { countText, figureText, NO_FIGURE } from '../number-text.ts';
import { isInsideSpread, type Spread } from '../spread.ts';

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
}

export const LEVEL_COLUMNS: readonly LevelColumn[] = [
  {
    name: 'records/s',
    title: 'Acknowledged records per second at saturation',
    isNumber: true,
    importance: 1,
    text: (level, base) =>
      marked(countText(level.recordsPerSecond?.mean ?? null), level, base, (one) => one.recordsPerSecond),
    value: (level) => level.recordsPerSecond?.mean ?? null,
  },
  {
    name: 'MB/s',
    title: 'Record bytes per second at saturation, uncompressed; 1 MB is 10^6 bytes',
    isNumber: true,
    importance: 4,
    text: (level, base) =>
      marked(
        figureText(level.megabytesPerSecond?.mean ?? null),
        level,
        base,
        (one) => one.megabytesPerSecond,
      ),
    value: (level) => level.megabytesPerSecond?.mean ?? null,
  },
  latencyColumn('p50', 'p50 ms', 3, (level) => level.p50Spread),
  latencyColumn('p95', 'p95 ms', 6, () => null),
  latencyColumn('p99', 'p99 ms', 2, (level) => level.p99Spread),
  latencyColumn('p999', 'p99.9 ms', 7, () => null),
  latencyColumn('max', 'max ms', 8, () => null),
  {
    name: 'ratio',
    title: 'Compressed over uncompressed bytes of the batches',
    isNumber: true,
    importance: 9,
    text: (level) => figureText(level.compressionRatio?.mean ?? null),
    value: (level) => level.compressionRatio?.mean ?? null,
  },
  {
    name: 'requests',
    title: 'Produce requests of the paced phase',
    isNumber: true,
    importance: 5,
    text: (level, base) =>
      marked(countText(level.requests?.mean ?? null), level, base, (one) => one.requests),
    value: (level) => level.requests?.mean ?? null,
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

function latencyColumn(
  key: 'p50' | 'p95' | 'p99' | 'p999' | 'max',
  name: string,
  importance: number,
  spread: (level: Level) => Spread | null,
): LevelColumn {
  return {
    name,
    title: `${name.replace(' ms', '')} of latency at the common rate, in milliseconds`,
    isNumber: true,
    importance,
    text: (level, base) => {
      const figure = level.latency?.[key] ?? null;
      if (figure === null) return NO_FIGURE;
      const sameKind =
        base !== null && base.isLocalWrite === level.isLocalWrite && !level.overloaded && !base.overloaded;
      const own = sameKind ? spread(base) : null;
      const center = base?.latency?.[key] ?? null;
      const isLike =
        !level.isBase && own !== null && center !== null && isInsideSpread(figure, { ...own, mean: center });
      return `${isLike ? '~' : ''}${figureText(figure)}`;
    },
    value: (level) => level.latency?.[key] ?? null,
  };
}

/** `~` in front of a figure that differs from the base's by no more than the base's repeats do. */
function marked(text: string, level: Level, base: Level | null, of: (level: Level) => Spread | null): string {
  const [own, base_] = [of(level), base === null ? null : of(base)];
  if (level.isBase || own === null || base_ === null) return text;
  return `${isInsideSpread(own.mean, base_) ? '~' : ''}${text}`;
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

/** What the marks of a table mean, as far as they occur in it. */
export function tableLegend(levels: readonly Level[]): string[] {
  const lines: string[] = [];
  lines.push(phasesText(levels));
  if (levels.some((level) => level.isBase && level.trials.length - level.failed > 1)) {
    lines.push("~ differs from the base by no more than the base's repeats differ among themselves.");
  }
  if (
    levels.some((level) => level.latency !== null && level.latency.count > 0 && level.latency.p999 === null)
  ) {
    lines.push('– fewer than ten requests lie beyond that percentile; longer phases (--duration) show it.');
  }
  if (levels.some((level) => level.overloaded)) {
    lines.push(
      'overloaded: the level could not carry that rate; its latency grows with the length of the phase.',
    );
  }
  if (levels.some(isForgotten)) {
    lines.push('send: forget asks for no callback, so there is no latency.');
  }
  if (levels.some((level) => level.isLocalWrite && !isForgotten(level))) {
    lines.push('local write: with acks=0 nothing is acknowledged, latency ends when the request is written.');
  }
  if (
    levels.some(
      (level) => level.latency !== null && level.latencyFrom === 'middle repeat' && level.trials.length > 1,
    )
  ) {
    lines.push(
      'Latency of repeated levels is that of the middle repeat by p99 (histograms were not at hand to be merged).',
    );
  }
  return lines;
}

/** Which phase which figure comes from. */
function phasesText(levels: readonly Level[]): string {
  const rate = levels.find((level) => level.pacedRate !== null)?.pacedRate ?? null;
  const isSaturated = levels.some((level) => level.recordsPerSecond !== null);
  const paced = `latency and requests at ${countText(rate)} records/s`;
  if (rate === null) {
    const rates = 'records/s and MB/s at saturation. 1 MB is 10^6 bytes.';
    const isMeasured = levels.some((level) => level.latencyKind === 'service' && level.latency !== null);
    return isMeasured ? `${rates} Latency there, from send() on, is mostly time in the queue.` : rates;
  }
  return isSaturated
    ? `records/s and MB/s at saturation; ${paced}. 1 MB is 10^6 bytes.`
    : `All records at one rate: ${paced}.`;
}

function isForgotten({ trials }: Level): boolean {
  return trials.some((trial) => trial.sendForm === 'forget');
}
