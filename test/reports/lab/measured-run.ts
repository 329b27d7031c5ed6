import type { Result } from '../../../reports/result.ts';
import { type InventedTrial, inventedResult } from '../published/experiments.ts';

/** What a partitioner comes to in every round, but for a small spread that is the same each time. */
export interface InventedPartitioner {
  readonly recordsPerSecond?: number;
  readonly p99?: number | null;
  readonly cpuNs?: number;
  readonly overloaded?: boolean;
  /** So few requests that no percentile is shown, though every trial has one. */
  readonly isThin?: boolean;
  /** Of the records, by partition; even unless given. */
  readonly shares?: readonly number[];
}

const FEW = { count: 500, mean: 2, p50: 1, p90: 2, p95: 3, p999: null, p9999: null, max: 9 };
const RECORDS = 1_200_000;
/** Relative, by round: the rounds of a level differ by so much. */
const SPREAD = [0.004, -0.006, 0.002, 0.005, -0.005];
/** And each figure in another order, so that no two levels move together. */
const STEP = 2;

interface MeasuredRun {
  readonly rounds?: number;
  readonly partitions?: readonly number[];
}

/** A run of the lab under load: a grid of partitioners by number of partitions, keyed at the first the base. */
export function measuredRun(
  partitioners: Readonly<Record<string, InventedPartitioner>>,
  { rounds = 5, partitions = [4] }: MeasuredRun = {},
): Result {
  const trials: InventedTrial[] = [];
  for (let round = 1; round <= rounds; round++)
    for (const count of partitions)
      for (const [index, [name, figures]] of Object.entries(partitioners).entries())
        trials.push(trialOf(name, figures, { round, count, index }));
  return inventedResult(undefined, trials, [
    { property: 'partitioner.class', levels: Object.keys(partitioners) },
    { property: 'partitions', levels: partitions.map(String) },
  ]);
}

function trialOf(
  name: string,
  figures: InventedPartitioner,
  place: { readonly round: number; readonly count: number; readonly index: number },
): InventedTrial {
  const { round, count, index } = place;
  const noise = 1 + SPREAD[(round + index * STEP) % SPREAD.length]!;
  const { recordsPerSecond = 300_000, p99 = 5, cpuNs = 2000, overloaded = false } = figures;
  const shares = figures.shares ?? Array<number>(count).fill(1 / count);
  const p99Ms = p99 === null ? null : p99 * noise;
  return {
    producer: { 'partitioner.class': name, 'batch.size': '16384' },
    partitions: count,
    rate: 90_000,
    mean: 2,
    p99: p99Ms,
    batchBytes: 12_000,
    requestsPerRecord: 0.01 * noise,
    change: {
      ...(figures.isThin ? { latencyMs: { ...FEW, p99: p99Ms } } : {}),
      round,
      overloaded,
      throughput: {
        recordsPerSecond: recordsPerSecond * noise,
        megabytesPerSecond: (recordsPerSecond * noise) / 3300,
        wireBytesPerSecond: recordsPerSecond * 300,
      },
      cpuNsPerRecord: cpuNs * noise,
      partitions: Array.from({ length: count }, (_, partition) => {
        const records = Math.round(RECORDS * (shares[partition] ?? 0));
        const own = p99Ms === null || records < 1000 ? null : p99Ms * (1 + partition / 10);
        return { partition, records, bytes: records * 300, latencyMs: { p50: 1, p99: own } };
      }),
      queues: {
        atMs: [0, 100, 200, 300],
        perPartition: Array.from({ length: count }, (_, partition) => [0, 10 + partition, 20, 5]),
      },
    },
  };
}
