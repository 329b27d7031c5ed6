import { requestsBehind } from '../levels/level-latency.ts';
import type { Level } from '../levels/levels.ts';
import { shownFigures } from '../measure/latency-figures.ts';
import type { TrialResult } from '../result.ts';

/** How far out latencies of partitions are told, the farthest first. */
const QUANTILES = ['p99', 'p90', 'p50'] as const;

export type PartitionQuantile = (typeof QUANTILES)[number];

/** Trials that went well, by p99; percentiles are never averaged, so the middle one speaks for the level. */
export function middleTrial({ trials }: Level): TrialResult | null {
  const good = trials
    .filter(({ status }) => status === 'ok')
    .toSorted((a, b) => (a.latencyMs.p99 ?? 0) - (b.latencyMs.p99 ?? 0));
  return good[Math.floor((good.length - 1) / 2)] ?? null;
}

/** The farthest out that each of the levels has for some partition, so that they compare; the nearest when there is none. */
export function commonQuantile(levels: readonly Level[]): PartitionQuantile {
  const trials = levels.map(middleTrial).filter((trial) => trial !== null && hasLatencies(trial));
  const isCommon = (quantile: PartitionQuantile): boolean =>
    trials.every((trial) => partitionLatencies(trial!, quantile).some((value) => value !== null));
  return QUANTILES.find((quantile) => trials.length > 0 && isCommon(quantile)) ?? 'p50';
}

function hasLatencies({ partitions }: TrialResult): boolean {
  return partitions.some(({ latencyMs }) => latencyMs != null);
}

/** By partition; null where fewer than ten batches of the partition lie beyond. */
export function partitionLatencies(
  { partitions }: TrialResult,
  quantile: PartitionQuantile,
): (number | null)[] {
  return partitions.map(({ latencyMs }) => latencyMs?.[quantile] ?? null);
}

/** Of all partitions together; null where fewer than ten requests lie beyond. */
export function latencyOfAll(trial: TrialResult, quantile: PartitionQuantile): number | null {
  return shownFigures(trial.latencyMs, requestsBehind(trial))[quantile];
}
