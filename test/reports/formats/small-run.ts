import { figureSetOfRun } from '../../../reports/figures/figure-set.ts';
import type { RunSource } from '../../../reports/formats/format.ts';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';
import type { Result, TrialResult } from '../../../reports/result.ts';
import { quickFixture } from '../result-fixture.ts';

const { result } = quickFixture({ records: 1, baseRepeats: 1 });

/** Three trials of the base, two of linger.ms=0 and a failed one, in round numbers: nothing in it was measured. */
export function smallRun(change: Partial<Result> = {}): RunSource {
  const [base] = result.trials;
  const trials = [
    trial(base!, 'r1-base-1', { rate: 90_000, p99: 2, round: 1 }),
    trial(base!, 'r2-base-1', { rate: 100_000, p99: 2, round: 2 }),
    trial(base!, 'r3-base-1', { rate: 110_000, p99: 2, round: 3 }),
    trial(base!, 'r1-linger.ms-0', { rate: 50_000, p99: 1, round: 1, linger: '0' }),
    trial(base!, 'r2-linger.ms-0', { rate: 50_000, p99: 1, round: 2, linger: '0' }),
    { ...trial(base!, 'r3-linger.ms-0', { rate: 0, p99: 1, round: 3, linger: '0' }), ...FAILED },
  ];
  const small: Result = {
    ...result,
    suite: 'small',
    factors: [{ property: 'linger.ms', levels: ['5', '0'] }],
    project: { commit: '0123456789abcdef0123456789abcdef01234567', branch: 'main' },
    notes: ['replication factor 1: acks=all waits for no other replica'],
    trials,
    ...change,
  };
  return {
    kind: 'run',
    figures: figureSetOfRun(small, latencyOf),
    result: small,
    histograms: latencyOf,
    intervals: (one) => [
      { lengthSeconds: 0.5, histogram: latencyOf(one) },
      { lengthSeconds: 0.5, histogram: latencyOf(one) },
    ],
  };
}

const FAILED = { status: 'failed', error: 'TIMEOUT: no answer', latencyMs: none() } as const;
const MS = 1e6;

function none(): TrialResult['latencyMs'] {
  return {
    count: 0,
    mean: null,
    p50: null,
    p90: null,
    p95: null,
    p99: null,
    p999: null,
    p9999: null,
    max: null,
  };
}

interface Shape {
  readonly rate: number;
  readonly p99: number;
  readonly round: number;
  readonly linger?: string;
}

function trial(like: TrialResult, id: string, { rate, p99, round, linger }: Shape): TrialResult {
  return {
    ...like,
    id,
    round,
    factor: linger === undefined ? null : 'linger.ms',
    level: linger ?? null,
    producer: { ...like.producer, 'linger.ms': linger ?? '5' },
    throughput: { recordsPerSecond: rate, megabytesPerSecond: rate / 10_000, wireBytesPerSecond: null },
    batches: { ...like.batches, requests: 500, requestsPerRecord: 0.5, compressionRatio: 1 },
    latencyMs: { ...none(), count: 1000, mean: 1.5, p50: 1, p90: 1, p95: 1, p99, max: 4 },
    pacedRate: 1000,
    overloaded: false,
    cpuNsPerRecord: 800,
    partitions: [{ partition: 0, records: 1000, bytes: 100_000 }],
    durationSeconds: 1,
    elapsedSeconds: 2,
  };
}

/** 970 records of 1 ms and 30 of the trial's p99, in whole milliseconds. */
function latencyOf({ latencyMs }: TrialResult): LatencyHistogram {
  const histogram = new LatencyHistogram();
  histogram.recordMany(MS, 970);
  histogram.recordMany((latencyMs.p99 ?? 1) * MS, 30);
  return histogram;
}
