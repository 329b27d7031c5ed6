import type { AppendResult, PartitionLog } from '../log/partition-log.ts';
import { FetchWaiters } from './fetch-purgatory.ts';

/** Retention looks again after this share of retention.bytes (or of a segment) was appended. */
const RETENTION_CHECK_DIVISOR = 8;
const RETENTION_CHECK_MIN_BYTES = 1024 * 1024;

/**
 * One partition: who leads it, who replicates it, and its log. All brokers of an embedded cluster see the
 * same object, so only the leader may append to it or read from it. With a replication factor of 1 the high
 * watermark is the log's end; a replicated partition will move it by what its followers fetched.
 */
export class Partition {
  readonly topicName: string;
  readonly topicId: string;
  readonly index: number;
  readonly leaderId: number;
  readonly leaderEpoch: number = 0;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly waiters = new FetchWaiters();
  readonly #log: PartitionLog;
  readonly #retentionCheckBytes: number;
  #uncheckedBytes = 0;
  #isClosed = false;

  constructor(options: PartitionOptions) {
    this.topicName = options.topicName;
    this.topicId = options.topicId;
    this.index = options.index;
    this.leaderId = options.leaderId;
    this.replicas = [options.leaderId];
    this.isr = this.replicas;
    this.#log = options.log;
    this.#retentionCheckBytes =
      options.retentionBytes < 0
        ? Number.POSITIVE_INFINITY
        : Math.max(RETENTION_CHECK_MIN_BYTES, options.retentionBytes / RETENTION_CHECK_DIVISOR);
  }

  get startOffset(): number {
    return this.#log.startOffset;
  }

  get endOffset(): number {
    return this.#log.endOffset;
  }

  /** Consumers read up to here. */
  get highWatermark(): number {
    return this.#log.endOffset;
  }

  get sizeBytes(): number {
    return this.#log.sizeBytes;
  }

  /** Deleted with its topic, or shut down with its broker. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Appends one valid batch, whose base offset and leader epoch are patched in place, and wakes who waits for it; a
   * duplicate of an idempotent producer is told as such, and nothing is done. Throws what PartitionLog.append throws.
   */
  append(batch: Buffer): AppendResult {
    const appended = this.#log.append(batch, this.leaderEpoch);
    if (appended.isDuplicate) return appended;
    this.waiters.appended(batch.length);
    this.#uncheckedBytes += batch.length;
    if (this.#uncheckedBytes > this.#retentionCheckBytes) this.enforceRetention();
    return appended;
  }

  /** Whole batches below the high watermark; see PartitionLog.read. */
  read(offset: number, maxBytes: number): Buffer[] {
    return this.#log.read(offset, maxBytes);
  }

  offsetForTimestamp(timestampMs: number): { offset: number; timestampMs: number } | null {
    return this.#log.offsetForTimestamp(timestampMs);
  }

  maxTimestampOffset(): { offset: number; timestampMs: number } | null {
    return this.#log.maxTimestampOffset();
  }

  enforceRetention(): void {
    this.#uncheckedBytes = 0;
    if (!this.#isClosed) this.#log.enforceRetention();
  }

  /** Flushes and marks a clean shutdown; fetches that wait are answered. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.waiters.gone();
    this.#log.close();
  }

  /** Removes the log with its data at once; fetches that wait are answered. */
  delete(): void {
    this.#isClosed = true;
    this.waiters.gone();
    this.#log.delete();
  }
}

export interface PartitionOptions {
  readonly topicName: string;
  readonly topicId: string;
  readonly index: number;
  readonly leaderId: number;
  readonly log: PartitionLog;
  /** retention.bytes of the topic; -1 is without bound. */
  readonly retentionBytes: number;
}
