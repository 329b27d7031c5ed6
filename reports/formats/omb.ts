import { levelName } from '../figures/run-figures.ts';
import { type Level, levelsOf } from '../levels/levels.ts';
import type { LatencyHistogram } from '../measure/latency-histogram.ts';
import { mergeLatencies } from '../measure/latency-histogram.ts';
import type { TrialResult } from '../result.ts';
import { mean } from '../statistics/averages.ts';
import type { Format, RenderedFile, RunSource } from './format.ts';
import { type LatencyPhase, meanRecordBytes, withLatencyPhase } from './latency-phase.ts';
import { latencyArrays, latencyScalars, quantileMap } from './omb-latency.ts';

/** Its tools read every .json file of a directory, so these have one of their own inside the run's. */
const FOLDER = 'omb';
const MOST_NAME_CHARACTERS = 120;

/**
 * OpenMessaging Benchmark's result (TestResult), one file per level, the base first: a workload is the suite, a driver
 * the level, so that its charts set the levels side by side. Rate and latency are of one load there; here they are
 * of the phase that latency is from, over all good trials of the level. Not a field more than it has: its reader
 * refuses what it does not know.
 */
export const omb: Format = {
  of: ['run'],
  render: (source) => {
    if (source.kind !== 'run') return [];
    const levels = levelsOf(source.result).all;
    const fileNames = fileNamesOf(levels.map(levelName));
    return levels.flatMap((level, index) => fileOf(source, level, fileNames[index]!));
  },
};

function fileOf(source: RunSource, level: Level, fileName: string): RenderedFile[] {
  const good = level.trials.filter((trial) => trial.status === 'ok');
  if (good.length === 0) return [];
  const name = levelName(level);
  const result = testResult(source, { name, trials: good });
  return [{ fileName, text: `${JSON.stringify(result, null, 2)}\n` }];
}

/** Names that every file system takes, no two alike: file systems need not tell a from A. */
function fileNamesOf(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^a-zA-Z0-9._=-]+/g, '_').slice(0, MOST_NAME_CHARACTERS);
    let free = plain;
    for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${plain}-${count}`;
    taken.add(free.toLowerCase());
    return `${FOLDER}/${free}.json`;
  });
}

interface NamedTrials {
  readonly name: string;
  readonly trials: readonly TrialResult[];
}

function testResult(source: RunSource, { name, trials }: NamedTrials): Record<string, unknown> {
  const first = trials[0]!;
  const phases = trials.map((trial) =>
    withLatencyPhase(source, trial, (phase) => ({ trial, ...phaseFigures(phase, trial) })),
  );
  const merged = mergeLatencies(phases.map(({ whole }) => whole));
  const records = phases.reduce((sum, phase) => sum + phase.records, 0);
  const requests = trials.reduce((sum, { batches }) => sum + batches.requests, 0);
  const recordsPerRequest = requests === 0 ? 1 : Math.max(1, records / requests);
  const rule = { recordsPerRequest, from: 'every quantile' } as const;
  const points = phases.flatMap((phase) => phase.intervals);
  try {
    return {
      workload: source.figures.name,
      driver: `tidemark ${name}`,
      messageSize: Math.round(meanRecordBytes(first) ?? 0),
      topics: 1,
      partitions: first.topic.partitions,
      producersPerTopic: first.generators,
      consumersPerTopic: 0,
      publishRate: points.map(({ rate }) => rate),
      publishErrorRate: phases.flatMap(({ trial, intervals }) =>
        intervals.map(() => trial.records.failed / Math.max(trial.durationSeconds, 1e-9)),
      ),
      // Nobody consumes: what it writes itself for a workload without subscriptions.
      consumeRate: points.map(() => 0),
      backlog: points.map(() => 0),
      ...latencyArrays(
        'publishLatency',
        points.map(({ latency }) => latency),
      ),
      ...delayFigures(trials),
      ...latencyScalars('aggregatedPublishLatency', merged, rule),
      aggregatedPublishLatencyQuantiles: quantileMap(merged, rule),
      ...noEndToEnd(points.length),
    };
  } finally {
    merged.destroy();
    for (const { whole } of phases) whole.destroy();
  }
}

interface Point {
  readonly rate: number | null;
  readonly latency: Readonly<Record<string, number | null>>;
}

/** Copies what outlives the phase: `whole` is the caller's to destroy. */
function phaseFigures(
  phase: LatencyPhase,
  trial: TrialResult,
): { readonly records: number; readonly whole: LatencyHistogram; readonly intervals: readonly Point[] } {
  const { histogram, intervals, records, recordsPerSecond, recordsPerRequest } = phase;
  const rule = { recordsPerRequest, from: 'the tail' } as const;
  const whole = mergeLatencies(histogram === null ? [] : [histogram]);
  const timed = intervals.filter(({ lengthSeconds, histogram: one }) => lengthSeconds > 0 && one.count > 0);
  const points = timed.map(({ lengthSeconds, histogram: one }) => ({
    rate: one.count / lengthSeconds,
    latency: latencyScalars('', one, rule),
  }));
  if (points.length > 0) return { records, whole, intervals: points };
  // Without intervals the trial is one, and without latency it still has its throughput.
  const rate = recordsPerSecond ?? trial.throughput.recordsPerSecond;
  return { records, whole, intervals: [{ rate, latency: latencyScalars('', whole, rule) }] };
}

const DELAY = 'ublishDelayLatency';
const DELAY_PARTS = ['Avg', '50pct', '75pct', '95pct', '99pct', '999pct', '9999pct', 'Max'] as const;

/** Without a schedule nothing is ever late; its charts stop at an empty array. */
const NO_DELAY = { mean: 0, p99: 0, max: 0 };

/** The send delay in microseconds, of which each trial knows mean, p99 and maximum: an interval is a trial here. */
function delayFigures(trials: readonly TrialResult[]): Record<string, unknown> {
  const known = trials.flatMap(({ sendDelayMs, pacedRate }) => {
    const delay = sendDelayMs ?? (pacedRate === null ? NO_DELAY : null);
    return delay === null ? [] : [delay];
  });
  const of = (part: (typeof DELAY_PARTS)[number]): number[] => {
    switch (part) {
      case 'Avg':
        return known.map(({ mean }) => mean * 1000);
      case '99pct':
        return known.map(({ p99 }) => Math.round(p99 * 1000));
      case 'Max':
        return known.map(({ max }) => Math.round(max * 1000));
      case '50pct':
      case '75pct':
      case '95pct':
      case '999pct':
      case '9999pct':
        return [];
    }
  };
  const whole = (part: (typeof DELAY_PARTS)[number]): number | null => {
    const values = of(part);
    if (values.length === 0) return null;
    if (part === 'Avg') return mean(values);
    // A percentile of several trials cannot be had from theirs; the largest is one that none exceeds.
    return part === 'Max' || values.length === 1 ? Math.max(...values) : null;
  };
  const p99 = whole('99pct');
  return {
    ...Object.fromEntries(DELAY_PARTS.map((part) => [`p${DELAY}${part}`, of(part)])),
    ...Object.fromEntries(DELAY_PARTS.map((part) => [`aggregatedP${DELAY}${part}`, whole(part)])),
    [`aggregatedP${DELAY}Quantiles`]: p99 === null ? {} : { '99.0': p99 },
  };
}

/** No consumer, no latency to one: the zeros that it writes itself then. */
function noEndToEnd(points: number): Record<string, unknown> {
  const zeros = Array.from({ length: points }, () => 0);
  return {
    ...Object.fromEntries(DELAY_PARTS.map((part) => [`endToEndLatency${part}`, zeros])),
    aggregatedEndToEndLatencyQuantiles: {},
    ...Object.fromEntries(DELAY_PARTS.map((part) => [`aggregatedEndToEndLatency${part}`, 0])),
  };
}
