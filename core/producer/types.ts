import type { TidemarkError } from '../base/errors.ts';
import type { RecordData, RecordHeader } from '../record/types.ts';

/**
 * What an application sends. It is read within send() and may be used again when that returned true. Without
 * serializers keys and values are bytes or text.
 */
export interface ProducerRecord<K = RecordData, V = RecordData> {
  readonly topic: string;
  /** Absent or null: no key. */
  readonly key?: K | null;
  /** Null: a tombstone. */
  readonly value: V | null;
  readonly headers?: RecordHeaders;
  /**
   * Overrides the partitioner. For a partition that the topic does not have (yet) the record waits at most
   * max.block.ms, as in Kafka.
   */
  readonly partition?: number;
  /** Milliseconds since the epoch; absent: now. */
  readonly timestamp?: number;
}

/** A list keeps its order and may repeat names; an object is for the usual case that no name is repeated. */
export type RecordHeaders = readonly RecordHeader[] | { readonly [name: string]: Uint8Array | string | null };

export interface RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  /** -1 when unknown: acks=0, or the record failed. */
  readonly offset: number;
  /** Milliseconds: the record's, or the broker's where the topic says LogAppendTime. */
  readonly timestamp: number;
}

/** `metadata` of a failed record names topic and partition (-1 when none was chosen yet). */
export type DeliveryCallback = (
  error: TidemarkError | null,
  metadata: RecordMetadata,
  opaque: number | object | undefined,
) => void;

export interface SettledBatch {
  readonly topic: string;
  readonly partition: number;
  readonly recordCount: number;
  /** Header included. */
  readonly uncompressedBytes: number;
  /** Header included; 0 when the batch failed before it was sealed. */
  readonly compressedBytes: number;
  readonly createdNs: number;
  /** 0 when the batch was never drained. */
  readonly firstDrainedNs: number;
  readonly lastDrainedNs: number;
  readonly settledNs: number;
  readonly error: TidemarkError | null;
}

export interface ProducerObserver {
  /** Once per batch, just before the callbacks of its records, in the same tick. */
  onBatchSettled?(batch: SettledBatch): void;
  /** Once per produce request, when it is handed to the connection. */
  onRequest?(bytes: number, batches: number): void;
  /** Things a user should be told once: odd settings, properties without effect. */
  onWarning?(message: string): void;
}

/** Totals since the producer was made. Batches and bytes count when first drained; retries do not count again. */
export interface ProducerStats {
  readonly batches: number;
  readonly records: number;
  readonly uncompressedBytes: number;
  readonly compressedBytes: number;
  readonly requests: number;
  readonly requestBytes: number;
  /** Batches sent again. */
  readonly retries: number;
  /** Batches that the broker found too large: divided, and sent again in parts. */
  readonly splits: number;
  readonly acknowledgedRecords: number;
  readonly failedRecords: number;
  readonly throttleTimeMs: number;
}

export interface SendOptions {
  /**
   * Ends a send that waits for metadata or buffer.memory: it fails with INTERRUPTED. A record that a batch has
   * taken is sent whatever the signal does.
   */
  readonly signal?: AbortSignal | undefined;
}

/** For calls that wait: the wait ends with INTERRUPTED when the signal aborts. */
export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface PartitionInfo {
  readonly topic: string;
  readonly partition: number;
  /** -1: none at the moment. */
  readonly leaderId: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}
