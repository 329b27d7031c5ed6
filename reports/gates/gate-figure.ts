import { type Level, skewOf } from '../levels/levels.ts';
import type { LatencyFigures, TrialResult } from '../result.ts';
import { logIntervalAround, meanInterval } from '../statistics/mean-interval.ts';
import type { GateBounds } from './decide-gate.ts';
import type { GateMetric } from './gate-metrics.ts';

/** What a level has to say to a gate. */
export type GateFigure =
  /** An estimate with its 95 % interval over the trials. */
  | { readonly kind: 'estimate'; readonly value: number; readonly bounds: GateBounds }
  /** An estimate from one trial. */
  | { readonly kind: 'single'; readonly value: number }
  /** Counted or seen, not estimated. */
  | { readonly kind: 'exact'; readonly value: number }
  /** Counted as far as it is known: it may be more. */
  | { readonly kind: 'at least'; readonly value: number; readonly reason: string }
  | { readonly kind: 'missing'; readonly reason: string };

type LatencyKey = Exclude<keyof LatencyFigures, 'count'>;

const LATENCY_KEYS: Readonly<Record<string, LatencyKey>> = {
  'p(50)': 'p50',
  'p(90)': 'p90',
  'p(95)': 'p95',
  'p(99)': 'p99',
  'p(99.9)': 'p999',
  'p(99.99)': 'p9999',
  mean: 'mean',
  max: 'max',
};

const MEANS: Readonly<Record<string, (trial: TrialResult) => number | null>> = {
  throughput: (trial) => trial.throughput.recordsPerSecond,
  megabytes: (trial) => trial.throughput.megabytesPerSecond,
  cpu: (trial) => trial.cpuNsPerRecord,
  requests: (trial) => trial.batches.requestsPerRecord,
  compression: (trial) => trial.batches.compressionRatio,
  skew: skewOf,
};

const COUNTS: Readonly<Record<string, (trial: TrialResult) => number | null>> = {
  lost: (trial) => trial.records.lost,
  duplicated: (trial) => trial.records.duplicated,
  reordered: (trial) => trial.records.reordered,
  corrupted: (trial) => trial.records.corrupted,
  // A trial that came to nothing sent nothing, and shows nothing.
  failed: (trial) => (trial.records.sent === 0 ? null : trial.records.failed),
  retries: (trial) => trial.delivery?.retries ?? null,
};

/** A metric of a level with what is known of its uncertainty. */
export function gateFigure(metric: GateMetric, level: Level): GateFigure {
  const good = level.trials.filter((trial) => trial.status === 'ok');
  if (metric.kind !== 'count' && good.length === 0) {
    return { kind: 'missing', reason: 'no trial of it went well' };
  }
  switch (metric.kind) {
    case 'count':
      return countOf(metric.name, level);
    case 'mean':
      return meanOf(metric.name, good);
    case 'latency':
      return latencyOf(LATENCY_KEYS[metric.name]!, level, good);
    case 'largest': {
      const largest = knownOf(good, (trial) => trial.latencyMs.max);
      if (largest.length === 0) return { kind: 'missing', reason: 'no latency was measured' };
      return { kind: 'exact', value: Math.max(...largest) };
    }
  }
}

/** Over all trials of the level, those that failed included: what they lost is lost. */
function countOf(name: string, { trials }: Level): GateFigure {
  const known = knownOf(trials, COUNTS[name]!);
  const value = known.reduce((sum, one) => sum + one, 0);
  if (known.length === trials.length) return { kind: 'exact', value };
  const isAcksNone = trials.every((trial) => String(trial.producer['acks']) === '0');
  const why = isAcksNone && name === 'lost' ? ': with acks=0 no record was promised' : '';
  if (known.length === 0) return { kind: 'missing', reason: `not known${why}` };
  const unknown = trials.length - known.length;
  return { kind: 'at least', value, reason: `not known in ${unknown} of ${trials.length} trials` };
}

const MISSING_MEANS: Readonly<Record<string, string>> = {
  throughput: 'there is no throughput without a saturated phase',
  megabytes: 'there is no throughput without a saturated phase',
  skew: 'skew needs two partitions and records in them',
};

/**
 * On logarithms, since what makes one trial slower than another multiplies: an interval of the rates themselves would
 * reach down to 0 where a few trials lie far apart, and two trials would then decide less than one.
 */
function meanOf(name: string, good: readonly TrialResult[]): GateFigure {
  const samples = knownOf(good, MEANS[name]!);
  const estimate = meanInterval(samples);
  if (estimate === null) return { kind: 'missing', reason: MISSING_MEANS[name] ?? 'it was not measured' };
  const { value, low, high } = estimate;
  if (low === null || high === null) return { kind: 'single', value };
  const bounds = logIntervalAround(value, samples) ?? { low: Math.max(0, low), high };
  return { kind: 'estimate', value, bounds };
}

/** The merged value, with an interval from the spread of its logarithm over the trials. */
function latencyOf(key: LatencyKey, { latency }: Level, good: readonly TrialResult[]): GateFigure {
  if (latency === null) return { kind: 'missing', reason: 'no latency was measured' };
  const value = latency[key];
  if (value === null) {
    return {
      kind: 'missing',
      reason: 'fewer than ten requests lie beyond that percentile; longer phases (--duration) show it',
    };
  }
  const bounds = logIntervalAround(
    value,
    knownOf(good, (trial) => trial.latencyMs[key]),
  );
  return bounds === null ? { kind: 'single', value } : { kind: 'estimate', value, bounds };
}

function knownOf(trials: readonly TrialResult[], of: (trial: TrialResult) => number | null): number[] {
  return trials.map(of).filter((value): value is number => value !== null && Number.isFinite(value));
}
