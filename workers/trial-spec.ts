import type { KeyEncoding } from './decode-key.ts';

/** What a trial is, as plain data: it is journalled, hashed into the trial's id and sent to workers. */
export interface TrialSpec {
  readonly id: string;
  readonly round: number;
  readonly factor: string | null;
  readonly level: string | null;
  /** Every effective producer property, under Kafka's names, as text. */
  readonly producer: Readonly<Record<string, string>>;
  readonly topic: TopicSpec;
  readonly workload: WorkloadSpec;
  readonly load: LoadSpec;
  readonly verify: 'full' | 'offsets' | 'none';
  readonly seed: number;
}

export interface TopicSpec {
  /** Prefix of the topic's name, to which the run adds what makes it unique; the whole name of one that exists. */
  readonly name: string;
  /** The topic was there before: it is used as it is, and never deleted. */
  readonly exists: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface WorkloadSpec {
  readonly payload: PayloadSpec;
  readonly keys: KeySpec;
  /** Extra constant headers of every record. */
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  /** Where generator id and sequence travel; their bytes are counted. */
  readonly stamp: 'header' | 'value';
  readonly send: 'callback' | 'promise' | 'forget' | 'sync';
}

export type PayloadSpec =
  | { readonly kind: 'json'; readonly poolSize: number }
  | {
      readonly kind: 'fixed';
      readonly sizeBytes: number;
      readonly poolSize: number;
      /** Of random bytes, the rest is zeros; text of events when not given. */
      readonly randomShare?: number | undefined;
    }
  | { readonly kind: 'file'; readonly path: string; readonly delimiter: string };

export type KeySpec =
  | { readonly kind: 'none' }
  | { readonly kind: 'uniform'; readonly cardinality: number }
  | { readonly kind: 'zipf'; readonly cardinality: number; readonly exponent: number }
  /** A line of it is the key of a record, in turn and from the start again; `sha256` of its content. */
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly encoding: KeyEncoding;
      readonly sha256: string;
    };

export interface LoadSpec {
  readonly generators: number;
  readonly warmupMs: number;
  /** Length of the saturated window; 0 leaves the phase out. */
  readonly saturatedMs: number;
  /** Length of the paced window; 0 leaves the phase out. */
  readonly pacedMs: number;
  /**
   * Records that a generator sends together in the paced phase, never more: a burst goes out when its last slot is due.
   * Absent: whatever is due whenever the generator wakes.
   */
  readonly burstRecords?: number;
  /**
   * Records per second over all generators in the paced phase: a number, or a share of what the base
   * reached at saturation (the driver of the sweep fixes it once, after the first base trial).
   */
  readonly pace:
    | { readonly kind: 'rate'; readonly recordsPerSecond: number }
    | { readonly kind: 'share'; readonly ofBase: number };
}

/** Where records go. */
export type TargetSpec =
  | {
      readonly kind: 'embedded';
      readonly brokers: number;
      /** By broker id: how long it takes over each produce request before it answers. Absent: no time. */
      readonly processingMs?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'kafka'; readonly bootstrapServers: string };
