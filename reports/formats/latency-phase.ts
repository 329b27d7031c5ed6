import type { LatencyHistogram } from '../measure/latency-histogram.ts';
import { mergeLatencies } from '../measure/latency-histogram.ts';
import type { TrialResult } from '../result.ts';
import type { HistogramInterval, RunSource } from './format.ts';

/**
 * The phase of a trial that its latency is from: where a format sets rate and latency side by side, both are of this
 * one phase. Lives outside the JavaScript heap: withLatencyPhase gives it back.
 */
export interface LatencyPhase {
  readonly intervals: readonly HistogramInterval[];
  /** Of the whole phase; null when nothing of it is at hand. */
  readonly histogram: LatencyHistogram | null;
  readonly records: number;
  /** Records over time; what the schedule offered, or what was reached at saturation, where times are not at hand. */
  readonly recordsPerSecond: number | null;
  /** Independent samples: one acknowledgement speaks for several records. */
  readonly recordsPerRequest: number;
}

/** Hands the phase to `use` and gives its memory back afterwards. */
export function withLatencyPhase<T>(
  { histograms, intervals }: RunSource,
  trial: TrialResult,
  use: (phase: LatencyPhase) => T,
): T {
  const parts = intervals(trial);
  const whole =
    histograms(trial) ?? (parts.length === 0 ? null : mergeLatencies(parts.map((part) => part.histogram)));
  try {
    const seconds = parts.reduce((sum, { lengthSeconds }) => sum + lengthSeconds, 0);
    const records = whole?.count ?? trial.latencyMs.count;
    const isTimed = seconds > 0 && records > 0;
    return use({
      intervals: parts,
      histogram: whole,
      records,
      recordsPerSecond: isTimed ? records / seconds : (trial.pacedRate ?? trial.throughput.recordsPerSecond),
      recordsPerRequest: trial.batches.requests === 0 ? 1 : Math.max(1, records / trial.batches.requests),
    });
  } finally {
    whole?.destroy();
    for (const { histogram } of parts) histogram.destroy();
  }
}

/** Of a record with its key and headers, uncompressed; null when nothing was sent. */
export function meanRecordBytes({ partitions, throughput }: TrialResult): number | null {
  const records = partitions.reduce((sum, partition) => sum + partition.records, 0);
  const bytes = partitions.reduce((sum, partition) => sum + partition.bytes, 0);
  if (records > 0 && bytes > 0) return bytes / records;
  const { recordsPerSecond, megabytesPerSecond } = throughput;
  if (recordsPerSecond === null || megabytesPerSecond === null || recordsPerSecond === 0) return null;
  return (megabytesPerSecond * 1e6) / recordsPerSecond;
}
