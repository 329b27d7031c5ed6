import type { Result, TrialResult } from '../../../reports/result.ts';
import { quickFixture } from '../result-fixture.ts';

const { result: QUICK } = quickFixture({ baseRepeats: 1, records: 20 });
const [TEMPLATE] = QUICK.trials;

/** Enough for every percentile. */
const RECORDS = 10_000_000;

export interface InventedTrial {
  readonly producer: Readonly<Record<string, string>>;
  readonly partitions?: number;
  readonly rate: number;
  readonly reached?: number;
  readonly mean: number;
  readonly p99: number | null;
  readonly batchBytes?: number;
  readonly requestsPerRecord?: number;
  readonly seconds?: number;
  readonly change?: Partial<TrialResult>;
}

/** A result of invented trials, the first of them the base, one cell of a grid each. */
export function inventedResult(
  published: Result['published'],
  trials: readonly InventedTrial[],
  factors: Result['factors'],
): Result {
  const made = trials.map((given, index): TrialResult => {
    const partitions = given.partitions ?? 3;
    return {
      ...TEMPLATE!,
      id: index === 0 ? 'r1-base-1' : `r1-cell-${index}`,
      factor: null,
      level: null,
      producer: { 'linger.ms': '0', ...given.producer },
      topic: { name: 't', partitions, replicationFactor: 1 },
      workload: { send: 'callback', partitions: String(partitions), rate: String(given.rate) },
      pacedRate: given.rate,
      paced: { offeredRecordsPerSecond: given.rate, achievedRecordsPerSecond: given.reached ?? given.rate },
      latencyMs: { ...TEMPLATE!.latencyMs, count: RECORDS, mean: given.mean, p99: given.p99, p999: null },
      batches: {
        ...TEMPLATE!.batches,
        requests: RECORDS * (given.requestsPerRecord ?? 0.1),
        meanBytes: given.batchBytes ?? 100,
        requestsPerRecord: given.requestsPerRecord ?? 0.1,
      },
      burst: { mean: 4, max: 4 },
      durationSeconds: given.seconds ?? 60,
      ...given.change,
    };
  });
  const base = Object.fromEntries(
    Object.entries(made[0]!.producer).map(([name, value]) => [name, String(value)]),
  );
  const baseWorkload = made[0]!.workload;
  return { ...QUICK, published, design: 'full', factors, base, baseWorkload, trials: made };
}

/** The same trials in so many rounds, each trial by up to a per cent slower or faster. */
export function inRounds(trials: readonly InventedTrial[], rounds: number): InventedTrial[] {
  return Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) =>
    trials.map((trial, index) => {
      const noise = 1 + 0.01 * (((round + index) % 3) - 1);
      const p99 = trial.p99 === null ? null : trial.p99 * noise;
      return { ...trial, mean: trial.mean * noise, p99, change: { ...trial.change, round } };
    }),
  );
}
