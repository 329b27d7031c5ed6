import type { WorkloadSpec } from './trial-spec.ts';

/** One task of the pool: a whole trial of one load generator. Phases are started by messages on `port`. */
export interface GeneratorTask {
  readonly generator: number;
  readonly generators: number;
  readonly seed: number;
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly partitions: number;
  readonly producer: Readonly<Record<string, string>>;
  readonly workload: WorkloadSpec;
}

/** From the trial to its generators. Times are of the one monotonic clock that all threads share. */
export type GeneratorCommand =
  | {
      readonly type: 'saturate';
      readonly startNs: number;
      readonly warmupMs: number;
      readonly windowMs: number;
      readonly maxRecordBytes: number;
    }
  | {
      readonly type: 'pace';
      readonly startNs: number;
      readonly warmupMs: number;
      readonly windowMs: number;
      readonly recordsPerSecond: number;
      /** As LoadSpec.burstRecords; null: whatever is due. */
      readonly burstRecords: number | null;
    }
  | { readonly type: 'finish' };

/** From a generator to its trial. */
export type GeneratorEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly recordsPerSecond: number; readonly p99Ms: number | null }
  | { readonly type: 'saturated'; readonly report: SaturatedReport }
  | { readonly type: 'paced'; readonly report: PacedReport };

/** What the producer did in a phase, drain included. */
export interface ProducerWork {
  readonly records: number;
  readonly batches: number;
  readonly requests: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  /** CPU time of the generator's thread; compression runs on it. */
  readonly cpuNs: number;
}

export interface BurstFigures {
  readonly count: number;
  readonly records: number;
  readonly max: number;
}

export interface PhaseReport {
  readonly work: ProducerWork;
  readonly bursts: BurstFigures;
  /** Latency of the window's records as LatencyHistogram bytes, and by interval. */
  readonly latency: Uint8Array;
  readonly intervals: readonly PhaseInterval[];
}

export interface PhaseInterval {
  readonly startNs: number;
  readonly endNs: number;
  readonly bytes: Uint8Array;
}

export interface SaturatedReport extends PhaseReport {
  /** Acknowledged inside the window. */
  readonly windowRecords: number;
  readonly windowRecordBytes: number;
  readonly windowWireBytes: number;
  readonly windowNs: number;
  /** True when the phase ended at maxRecordBytes, before its time. */
  readonly cutShort: boolean;
  /** What the first record that failed so far failed with, for people. */
  readonly firstError: string | null;
}

export interface PacedReport extends PhaseReport {
  /** The producer was full (buffer.memory), or could not settle what was sent soon after the window. */
  readonly overloaded: boolean;
  /** Sent - intended of the window's records, as LatencyHistogram bytes. */
  readonly sendDelay: Uint8Array;
  /** Acknowledged inside the window, whenever they were due. */
  readonly windowRecords: number;
  /** Its length: less than was asked for where the producer was full before its end. */
  readonly windowNs: number;
  /** Counts of PartitionLatencies; null with too many partitions, or without latency. */
  readonly partitionLatencies: Uint32Array | null;
  /** Records waiting to be sent: a row of partitions per time, the first at the start of the window. */
  readonly queues: readonly (readonly number[])[];
}

/** The value a task resolves with: everything over the whole trial. */
export interface GeneratorReport extends DeliveryReport {
  readonly sent: number;
  readonly acknowledged: number;
  readonly failed: number;
  /** Sequences of records that failed (at most MAX_FAILED_SEQUENCES): they may or may not be in the log. */
  readonly failedSequences: Float64Array;
  /** The first failure, for people. */
  readonly firstError: string | null;
  /** Acknowledged records and their bytes (keys, values, headers), by partition. */
  readonly partitionRecords: Float64Array;
  readonly partitionBytes: Float64Array;
}

/** What the producer's deliveries cost beyond sending once. */
export interface DeliveryReport {
  /** Batches sent again. */
  readonly retries: number;
  readonly throttleTimeMs: number;
}

export const MAX_FAILED_SEQUENCES = 1_000_000;
