import { setTimeout as delay } from 'node:timers/promises';
import { workloadSettings } from '../../bench/sweep/workload-factors.ts';
import type { OpenTrialSession, TrialOptions, TrialOutcome } from '../../bench/trial-session.ts';
import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { LatencyHistogram } from '../../reports/measure/latency-histogram.ts';
import type { TrialResult } from '../../reports/result.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';

export interface FakeSessionOptions {
  /** What a trial comes to, by its id; ok unless said otherwise. */
  readonly endOf?: (spec: TrialSpec) => 'ok' | 'failed' | 'lost' | 'unreachable' | 'crash';
  /** How long a trial takes. */
  readonly delayMs?: number;
  /** Called when a trial begins. */
  readonly onTrial?: (spec: TrialSpec, options: TrialOptions) => void;
  /** Opening rejects with this. */
  readonly openError?: Error;
}

export interface FakeSession {
  readonly open: OpenTrialSession;
  /** Trials begun, in order, with the rate each was to be paced at. */
  readonly begun: { readonly id: string; readonly pacedRate: number | null }[];
  closed: number;
}

/** A session that measures nothing and has plausible figures all the same, the same for the same trial. */
export function fakeSession(options: FakeSessionOptions = {}): FakeSession {
  const session: FakeSession = {
    begun: [],
    closed: 0,
    open: async (opening) => {
      if (options.openError !== undefined) throw options.openError;
      opening.onNote('fake cluster');
      return {
        bootstrapServers: '127.0.0.1:1',
        brokers: 3,
        runTrial: async (spec, trial) => {
          session.begun.push({ id: spec.id, pacedRate: trial.pacedRate });
          options.onTrial?.(spec, trial);
          return runFakeTrial(spec, trial, options);
        },
        close: async () => {
          session.closed++;
        },
      };
    },
  };
  return session;
}

/** One millisecond to five, a thousand times: the same in every trial. */
const HISTOGRAM = encodedHistogram();

function encodedHistogram(): Uint8Array {
  const histogram = new LatencyHistogram();
  for (let record = 0; record < 1000; record++) histogram.record(1e6 + 4000 * record);
  const bytes = histogram.toBytes();
  histogram.destroy();
  return bytes;
}

async function runFakeTrial(
  spec: TrialSpec,
  trial: TrialOptions,
  options: FakeSessionOptions,
): Promise<TrialOutcome> {
  trial.onProgress({ phase: 'saturated', recordsPerSecond: 100_000, p99Ms: 1.5 });
  if (options.delayMs !== undefined)
    await delay(options.delayMs, null, { signal: trial.signal }).catch(() => {});
  if (trial.signal.aborted) throw new TidemarkError('INTERRUPTED', 'the trial was interrupted');
  const end = options.endOf?.(spec) ?? 'ok';
  if (end === 'unreachable') throw new TidemarkError('NETWORK', 'cannot reach 127.0.0.1:1: ECONNREFUSED');
  if (end === 'crash') throw new Error('a worker crashed');
  return { result: fakeResult(spec, trial.pacedRate, end), histogram: HISTOGRAM, intervals: [] };
}

/** A whole, plausible result. */
export function fakeResult(
  spec: TrialSpec,
  pacedRate: number | null,
  end: 'ok' | 'failed' | 'lost' = 'ok',
): TrialResult {
  const random = new SeededRandom(spec.seed, hash(spec.id));
  const recordsPerSecond = 100_000 + random.nextBelow(20_000);
  const rate =
    pacedRate ??
    (spec.load.pace.kind === 'share' ? recordsPerSecond * spec.load.pace.ofBase : recordsPerSecond);
  const p50 = 1 + random.nextDouble();
  return {
    id: spec.id,
    round: spec.round,
    factor: spec.factor,
    level: spec.level,
    producer: spec.producer,
    topic: { name: `fake-${spec.id}`, partitions: spec.topic.partitions, replicationFactor: 1 },
    target: { kind: 'embedded', brokers: 3 },
    sendForm: spec.workload.send,
    workload: workloadSettings(spec),
    generators: spec.load.generators,
    status: end === 'ok' ? 'ok' : 'failed',
    error: end === 'ok' ? null : end === 'lost' ? 'verification found 1 lost records' : 'made to fail',
    notes: [],
    verify: spec.verify,
    records: {
      sent: 1000,
      acknowledged: 1000,
      failed: 0,
      lost: end === 'lost' ? 1 : 0,
      duplicated: 0,
      reordered: 0,
      corrupted: 0,
    },
    throughput: {
      recordsPerSecond,
      megabytesPerSecond: recordsPerSecond / 5000,
      wireBytesPerSecond: recordsPerSecond * 210,
    },
    batches: {
      count: 100,
      meanRecords: 10,
      meanBytes: 2000,
      requests: 50,
      requestsPerRecord: 0.05,
      compressionRatio: 1,
    },
    delivery: { retries: 0, throttleTimeMs: 0 },
    latencyMs: {
      count: 1000,
      mean: p50,
      p50,
      p90: p50 * 2,
      p95: p50 * 3,
      p99: p50 * 4,
      p999: null,
      p9999: null,
      max: p50 * 5,
    },
    latencyKind: spec.load.pacedMs > 0 ? 'response' : 'service',
    pacedRate: spec.load.pacedMs > 0 ? rate : null,
    overloaded: false,
    sendDelayMs: { mean: 0.1, p99: 0.5, max: 1 },
    burst: { mean: 10, max: 20 },
    partitions: [{ partition: 0, records: 1000, bytes: 200_000 }],
    durationSeconds: 1.4,
    cpuNsPerRecord: 900,
    startedAt: '2026-01-01T00:00:00.000Z',
    elapsedSeconds: 2,
    histograms: null,
  };
}

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
}
