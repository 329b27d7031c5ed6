import { type ComparedFigure, NOT_COMPARED } from '../levels/level-comparisons.ts';
import { type HistogramSource, type Level, type LevelTable, levelsOf } from '../levels/levels.ts';
import { likenessOf } from '../levels/likeness.ts';
import { likenessLines, seenFromText } from '../levels/table-legend.ts';
import type { Result, TrialResult } from '../result.ts';
import { logIntervalAround, meanInterval } from '../statistics/mean-interval.ts';
import { oneLine, oneLineOrNull } from '../terminal/without-controls.ts';
import type { Figure, FigureFailure, FigureLevel, FigureSet } from './figures.ts';
import { METRICS, type MetricName } from './metrics.ts';

/** A level by its short name, on one line: `base`, `linger.ms=5`, a cell's settings. */
export function levelName(level: Pick<Level, 'factor' | 'label'>): string {
  return oneLine(level.factor === null ? level.label : `${level.factor}=${level.label}`);
}

/**
 * A run's figures, level by level: means over the trials with their interval, and latency quantiles of the merged
 * histogram with an interval from how the trials' own lie apart (in logarithms): percentiles are never averaged.
 */
export function figureSetOfRun(result: Result, source?: HistogramSource): FigureSet {
  const table = levelsOf(result, source);
  const { all, base } = table;
  const failures = result.trials.flatMap(failureOf);
  return {
    kind: 'run',
    name: oneLine(result.suite),
    at: result.startedAt,
    environment: result.environment,
    commit: oneLineOrNull(result.project?.commit),
    branch: oneLineOrNull(result.project?.branch),
    intervals: '95 % intervals over trials',
    legend: legendOf(table),
    figures: all.flatMap((level) => figuresOf(level, base)),
    levels: all.map((level) => verifiedLevel(level, failures)),
    gates: result.gates ?? [],
    failures,
    verdict: result.interrupted ? INTERRUPTED : null,
    notes: result.notes,
  };
}

const INTERRUPTED = 'The run was interrupted: some trials are missing.';

const MEANS: readonly (readonly [MetricName, (trial: TrialResult) => number | null])[] = [
  ['recordsPerSecond', (trial) => trial.throughput.recordsPerSecond],
  ['megabytesPerSecond', (trial) => trial.throughput.megabytesPerSecond],
  ['cpuNsPerRecord', (trial) => trial.cpuNsPerRecord],
  ['requestsPerRecord', (trial) => trial.batches.requestsPerRecord],
  ['compressionRatio', (trial) => trial.batches.compressionRatio],
];

const QUANTILES = [
  ['latencyP50Ms', 'p50'],
  ['latencyP90Ms', 'p90'],
  ['latencyP95Ms', 'p95'],
  ['latencyP99Ms', 'p99'],
  ['latencyP999Ms', 'p999'],
] as const;

/** The first line of what `~` means: the second one is of columns that figures do not have. */
function legendOf({ groups, all }: LevelTable): string[] {
  const families = groups.length === 0 ? [{ property: null, levels: all }] : groups;
  const seen = families.flatMap(({ property, levels }) => {
    const text = seenFromText(levels);
    if (text === null) return [];
    return [
      `${property === null ? '' : `${property}: `}${text} (a difference that large would have been found four times in five).`,
    ];
  });
  return [...likenessLines(all).slice(0, 1), ...seen];
}

function figuresOf(level: Level, base: Level | null): Figure[] {
  const good = level.trials.filter((trial) => trial.status === 'ok');
  const means = MEANS.flatMap(([metric, of]) => {
    const samples = good.map(of).filter(isKnown);
    const estimate = meanInterval(samples);
    if (estimate === null) return [];
    // None of these can be below 0, whatever two trials far apart say.
    const low = estimate.low === null ? null : Math.max(0, estimate.low);
    return [figure(level, metric, { ...estimate, low, samples })];
  });
  const [throughput, others] = [means.slice(0, 2), means.slice(2)];
  return [...throughput, ...quantilesOf(level, good), ...others].map((one) => ({
    ...one,
    isLike: isLike(one, level, base),
  }));
}

function quantilesOf(level: Level, good: readonly TrialResult[]): Figure[] {
  const remark = remarkOf(level);
  return QUANTILES.flatMap(([metric, key]) => {
    const value = level.latency?.[key] ?? null;
    if (value === null) return [];
    const samples = good.map((trial) => trial.latencyMs[key]).filter(isKnown);
    const { low, high } = logIntervalAround(value, samples) ?? { low: null, high: null };
    return [{ ...figure(level, metric, { value, samples, low, high }), remark }];
  });
}

function isLike({ metric }: Figure, level: Level, base: Level | null): boolean {
  return isCompared(metric) && likenessOf(level, base, metric) === 'like';
}

function isCompared(metric: string): metric is ComparedFigure {
  return Object.hasOwn(NOT_COMPARED, metric);
}

function figure(
  level: Level,
  metric: MetricName,
  { value, low, high, samples }: Pick<Figure, 'value' | 'low' | 'high' | 'samples'>,
): Figure {
  const { unit, direction } = METRICS[metric];
  return {
    level: levelName(level),
    settings: Object.entries(level.settings).map(([property, text]) => ({ property, value: oneLine(text) })),
    metric,
    unit,
    direction,
    value,
    low,
    high,
    samples,
    isLike: false,
    remark: null,
  };
}

function remarkOf(level: Level): string | null {
  const marks = [
    ...(level.overloaded ? ['overloaded'] : []),
    ...(level.isLocalWrite ? ['local write'] : []),
    ...(level.latencyFrom === 'middle repeat' && level.trials.length > 1 ? ['of the middle repeat'] : []),
  ];
  return marks.length === 0 ? null : marks.join(', ');
}

const PROBLEMS = ['lost', 'duplicated', 'reordered', 'corrupted'] as const;

/** With acks=0 nobody promised that a record arrives. */
function failureOf(trial: TrialResult): FigureFailure[] {
  const level = trial.factor === null ? null : oneLine(`${trial.factor}=${trial.level}`);
  if (trial.status === 'failed') {
    return [{ name: trial.id, level, reason: trial.error ?? 'the trial failed' }];
  }
  const wrong = PROBLEMS.flatMap((problem) => {
    const count = trial.records[problem] ?? 0;
    const isPromised = problem !== 'lost' || String(trial.producer['acks']) !== '0';
    return count > 0 && isPromised ? [`${count} ${problem}`] : [];
  });
  return wrong.length === 0 ? [] : [{ name: trial.id, level, reason: `records: ${wrong.join(', ')}` }];
}

function verifiedLevel(level: Level, failures: readonly FigureFailure[]): FigureLevel {
  const failed = new Set(failures.map(({ name }) => name));
  return {
    name: levelName(level),
    verified: level.verified,
    isGood: !level.trials.some(({ id }) => failed.has(id)),
    seconds: level.trials.reduce((sum, trial) => sum + trial.elapsedSeconds, 0),
  };
}

function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
