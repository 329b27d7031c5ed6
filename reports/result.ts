import type { GateOutcome } from './gates/gate-outcome.ts';
import type { LevelSummary } from './levels/level-summary.ts';
import type { LatencyFigures } from './measure/latency-figures.ts';
import type { PublishedExperiment } from './published/published-table.ts';
import type { WorkloadSettings } from './setting.ts';

export type { LatencyFigures } from './measure/latency-figures.ts';

/**
 * The machine-readable result, `tidemark.result/1`. Other programs read it: extend it, never rename.
 * MB is 10^6 bytes. A figure that does not exist is null, never 0.
 */
export const RESULT_SCHEMA = 'tidemark.result/1';

export interface Result {
  readonly schema: typeof RESULT_SCHEMA;
  readonly suite: string;
  /** The published experiment that it repeats, whose figures reports set beside its own. */
  readonly published?: PublishedExperiment | undefined;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly environment: Environment;
  /** Commit and branch of the project around the working directory, where there is one; older results have none. */
  readonly project?: { readonly commit: string | null; readonly branch: string | null } | undefined;
  /** The command line that repeats the run. */
  readonly command: string;
  readonly design: 'one-factor' | 'full' | 'single';
  /** Properties varied, in the suite's order, with their levels as text (base first where it is one). */
  readonly factors: readonly { readonly property: string; readonly levels: readonly string[] }[];
  /** All effective base properties. */
  readonly base: Readonly<Record<string, string>>;
  /** The base as a producer.properties that the Java producer of Kafka 4.1 takes; older results have none. */
  readonly baseProperties?: string | undefined;
  /** The base's form of send(), where that is varied; null elsewhere. */
  readonly baseSendForm: string | null;
  /** The base's settings of the workload factors (send, partitions, rate); older results have none. */
  readonly baseWorkload?: WorkloadSettings | undefined;
  /** What was sent and how; older results have none. */
  readonly workload?: RunWorkload | undefined;
  /** Said to the user beside the results (warnings, merged levels, caps, what acks=0 can know, ...). */
  readonly notes: readonly string[];
  /** Set when the run was interrupted: what is missing can be resumed. */
  readonly interrupted: boolean;
  readonly trials: readonly TrialResult[];
  /** How a run ended that went on until its comparisons were narrow enough (--precision); absent in others. */
  readonly precision?: PrecisionOutcome | undefined;
  /** Every level with its uncertainty, the base's in every factor; older results have none. */
  readonly levels?: readonly LevelSummary[] | undefined;
  /** What became of the gates, where there were any. */
  readonly gates?: readonly GateOutcome[] | undefined;
}

/** What was sent and how: two runs that differ in it did not do the same work. */
export interface RunWorkload {
  readonly payload:
    | { readonly kind: 'json'; readonly poolSize: number }
    | { readonly kind: 'fixed'; readonly sizeBytes: number; readonly poolSize: number }
    | {
        readonly kind: 'file';
        readonly name: string;
        /** Of its content; null when it was not taken. */
        readonly sha256: string | null;
        readonly delimiter: string;
      };
  readonly keys:
    | { readonly kind: 'none' }
    | { readonly kind: 'uniform'; readonly cardinality: number }
    | { readonly kind: 'zipf'; readonly cardinality: number; readonly exponent: number }
    | {
        readonly kind: 'file';
        readonly name: string;
        /** Of its content. */
        readonly sha256: string;
        readonly encoding: 'utf8' | 'hex' | 'base64';
      };
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly stamp: 'header' | 'value';
  readonly load: {
    readonly generators: number;
    readonly warmupMs: number;
    /** 0: no such phase. */
    readonly saturatedMs: number;
    readonly pacedMs: number;
    readonly burstRecords: number | null;
  };
  /** null on the embedded cluster. */
  readonly bootstrapServers: string | null;
}

/** Relative: 0.02 is an interval of the ratio to the base from 2 % below to 2 % above. */
export interface PrecisionOutcome {
  readonly wanted: number;
  /** Of the widest interval; null as long as there is none. */
  readonly reached: number | null;
  /** Rounds that were run to the end. */
  readonly rounds: number;
  readonly isReached: boolean;
}

export interface Environment {
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly os: string;
  readonly kernel: string;
  readonly tidemark: string;
  /** Versions of the packages that decide figures (crc32, snappy, lz4, hdr). */
  readonly packages: Readonly<Record<string, string>>;
}

export interface TrialResult {
  /** Unique and stable within the plan of a suite: usable as a file name. */
  readonly id: string;
  /** 1-based; the base's repeats of one round have ids of their own. */
  readonly round: number;
  /** The property varied against the base; null for the base itself and for grid cells. */
  readonly factor: string | null;
  /** That property's level as text; null for the base. */
  readonly level: string | null;
  /** All effective properties under Kafka's names, as text or number; secrets are '[hidden]'. */
  readonly producer: Readonly<Record<string, string | number | boolean | null>>;
  readonly topic: { readonly name: string; readonly partitions: number; readonly replicationFactor: number };
  readonly target: {
    readonly kind: 'embedded' | 'kafka';
    readonly brokers: number;
    /** By broker id: how long each embedded broker took over a produce request on purpose; absent: no time. */
    readonly processingMs?: Readonly<Record<string, number>> | undefined;
  };
  readonly sendForm: string;
  /** Its settings of the workload factors; older results have none. */
  readonly workload?: WorkloadSettings | undefined;
  readonly generators: number;
  readonly status: 'ok' | 'failed';
  readonly error: string | null;
  readonly notes: readonly string[];
  readonly verify: 'full' | 'offsets' | 'none';
  /** The whole trial: warm-up and drain included. null = cannot be known (acks=0, or not verified that far). */
  readonly records: {
    readonly sent: number;
    readonly acknowledged: number;
    readonly failed: number;
    readonly lost: number | null;
    readonly duplicated: number | null;
    readonly reordered: number | null;
    readonly corrupted: number | null;
  };
  /** Acknowledged inside the saturated window, divided by the window; null when the trial had no such phase. */
  readonly throughput: {
    readonly recordsPerSecond: number | null;
    /** Of record bytes (keys, values, headers), uncompressed. */
    readonly megabytesPerSecond: number | null;
    /** Of request bytes as written to the sockets. */
    readonly wireBytesPerSecond: number | null;
  };
  /** Of the paced phase (of the saturated one when there is no other). */
  readonly batches: {
    readonly count: number;
    readonly meanRecords: number | null;
    readonly meanBytes: number | null;
    readonly requests: number;
    readonly requestsPerRecord: number | null;
    /** compressed / uncompressed bytes of the batches; 1 without compression. */
    readonly compressionRatio: number | null;
  };
  /** Over the whole trial; null in results that did not tell yet. */
  readonly delivery: {
    /** Batches sent again. */
    readonly retries: number;
    /** How long the brokers told the producers to pause, by a produce quota as a rule; summed over responses. */
    readonly throttleTimeMs: number;
  } | null;
  readonly latencyMs: LatencyFigures;
  readonly latencyKind: 'response' | 'service';
  /** Records per second over all generators in the paced phase; null without one. */
  readonly pacedRate: number | null;
  /** True when the level could not carry pacedRate: latency then grows with the phase, and covers the slots up to where buffer.memory was full. */
  readonly overloaded: boolean;
  /** Sent - intended, in the paced phase: what the generator itself added. */
  readonly sendDelayMs: { readonly mean: number; readonly p99: number; readonly max: number } | null;
  /** Records per synchronous burst of the generator: what linger.ms=0 can batch at most. */
  readonly burst: { readonly mean: number; readonly max: number } | null;
  /** Whole trial. */
  readonly partitions: readonly {
    readonly partition: number;
    readonly records: number;
    readonly bytes: number;
    /**
     * Of its records in the paced phase, within 1.6 %; each null where fewer than ten batches lie beyond, as many as there
     * are on average. null: not measured by partition. Older results have no p90.
     */
    readonly latencyMs?:
      | { readonly p50: number | null; readonly p90?: number | null | undefined; readonly p99: number | null }
      | null
      | undefined;
  }[];
  /** What the paced phase was to send per second, and what of it was acknowledged inside the window; null without one. */
  readonly paced?:
    | { readonly offeredRecordsPerSecond: number; readonly achievedRecordsPerSecond: number }
    | null
    | undefined;
  /** Records waiting to be sent over the paced window: perPartition[p][i] of them for partition p at atMs[i]. */
  readonly queues?:
    | { readonly atMs: readonly number[]; readonly perPartition: readonly (readonly number[])[] }
    | null
    | undefined;
  /** Of the measured phases. */
  readonly durationSeconds: number;
  /** Generator threads' CPU time (compression included) in the paced phase, per record. */
  readonly cpuNsPerRecord: number | null;
  /** Wall-clock start, ISO 8601, and seconds taken with set-up and verification. */
  readonly startedAt: string;
  readonly elapsedSeconds: number;
  /** File names of the histograms inside the run directory; null when there is nothing in them. */
  readonly histograms: { readonly hgrm: string; readonly hlog: string } | null;
}
