import { SAMPLES_BEYOND_TAIL } from '../../reports/measure/latency-figures.ts';
import { PartitionLatencies } from '../../reports/measure/partition-latencies.ts';
import type { TrialResult } from '../../reports/result.ts';
import type { GeneratorReport, PacedReport } from '../../workers/generator-protocol.ts';
import { queueSamplePeriodMs } from '../../workers/queue-samples.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { type Measurements, sumOf } from './measure-trial.ts';

/** What was asked of the paced phase, and what of it was acknowledged in its time. */
export function pacedOf({ paced, pacedRate }: Measurements): TrialResult['paced'] {
  if (paced === null || pacedRate === null) return null;
  const known = paced.filter(({ windowNs }) => windowNs > 0);
  if (known.length === 0) return null;
  return {
    offeredRecordsPerSecond: pacedRate,
    achievedRecordsPerSecond: sumOf(known, ({ windowRecords, windowNs }) => (windowRecords * 1e9) / windowNs),
  };
}

/** Records and bytes of the whole trial by partition, with the latency of those of the paced phase. */
export function partitionsOf(
  generators: readonly GeneratorReport[],
  partitions: number,
  {
    paced,
    recordsPerBatch,
  }: { readonly paced: readonly PacedReport[] | null; readonly recordsPerBatch: number },
): TrialResult['partitions'] {
  const latencies = mergedLatencies(paced ?? [], partitions);
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    records: sumOf(generators, (report) => report.partitionRecords[partition]!),
    bytes: Math.round(sumOf(generators, (report) => report.partitionBytes[partition]!)),
    ...(latencies === null ? {} : { latencyMs: latencyOf(latencies, partition, recordsPerBatch) }),
  }));
}

function mergedLatencies(paced: readonly PacedReport[], partitions: number): PartitionLatencies | null {
  const counts = paced.map(({ partitionLatencies }) => partitionLatencies).filter((one) => one !== null);
  if (counts.length === 0) return null;
  const merged = new PartitionLatencies(partitions);
  for (const one of counts) merged.add(one);
  return merged;
}

/** How far out each lies: one record in so many is beyond it. */
const ONE_IN = { p50: 2, p90: 10, p99: 100 } as const;

function latencyOf(
  latencies: PartitionLatencies,
  partition: number,
  recordsPerBatch: number,
): TrialResult['partitions'][number]['latencyMs'] {
  const count = latencies.countOf(partition);
  if (count === 0) return null;
  // Records of a batch share one acknowledgement.
  const batches = count / Math.max(1, recordsPerBatch);
  const beyond = (oneIn: number): number | null =>
    batches >= SAMPLES_BEYOND_TAIL * oneIn ? latencies.quantileMs(partition, 1 - 1 / oneIn) : null;
  return { p50: beyond(ONE_IN.p50), p90: beyond(ONE_IN.p90), p99: beyond(ONE_IN.p99) };
}

/** What waited in all generators together, as far as all of them saw it. */
export function queuesOf(
  paced: readonly PacedReport[] | null,
  { topic, load }: TrialSpec,
): TrialResult['queues'] {
  if (paced === null) return null;
  const samples = Math.min(...paced.map(({ queues }) => queues.length));
  if (samples === 0) return null;
  const periodMs = queueSamplePeriodMs(load.pacedMs, topic.partitions);
  const times = Array.from({ length: samples }, (_, sample) => sample);
  return {
    atMs: times.map((sample) => Math.round(sample * periodMs)),
    perPartition: Array.from({ length: topic.partitions }, (_, partition) =>
      times.map((sample) => sumOf(paced, ({ queues }) => queues[sample]![partition] ?? 0)),
    ),
  };
}
