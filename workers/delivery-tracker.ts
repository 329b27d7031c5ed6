import type { TidemarkError } from '../core/base/errors.ts';
import type { RecordMetadata } from '../core/producer/types.ts';
import { type DeliveryReport, type GeneratorReport, MAX_FAILED_SEQUENCES } from './generator-protocol.ts';

/** What is recorded about records that settle, by the phase that is running. */
export interface SettledListener {
  /** Called for each acknowledged record. `settledNs` is of its batch. */
  onAcknowledged(sequence: number, settledNs: number, recordBytes: number, partition: number): void;
  /** The same for a batch of records whose sequences nobody kept (fire and forget). */
  onForgotten(records: number, recordBytes: number, settledNs: number): void;
  /** Called after each batch, when all its records have been told of. */
  onBatch(): void;
}

interface ForgottenBatch {
  readonly partition: number;
  readonly recordCount: number;
  readonly settledNs: number;
  readonly error: TidemarkError | null;
}

const NOBODY: SettledListener = { onAcknowledged() {}, onForgotten() {}, onBatch() {} };

/**
 * Follows every record of one generator from send() until it settles. The clock is read by the producer
 * once per batch; a record costs two additions and the listener's recording.
 */
export class DeliveryTracker {
  // Plain fields: touched once per record.
  sent = 0;
  sentBytes = 0;
  acknowledged = 0;
  acknowledgedBytes = 0;
  failed = 0;
  /** What the first record that failed, failed with. */
  firstError: string | null = null;
  private settledBytes = 0;
  private settledNs = 0;
  private listener: SettledListener = NOBODY;
  private readonly recordBytesAt: (sequence: number) => number;
  private readonly partitionRecords: Float64Array;
  private readonly partitionBytes: Float64Array;
  private readonly failedSequences: number[] = [];
  private idleWaiter: (() => void) | null = null;

  constructor(partitions: number, recordBytesAt: (sequence: number) => number) {
    this.recordBytesAt = recordBytesAt;
    this.partitionRecords = new Float64Array(partitions);
    this.partitionBytes = new Float64Array(partitions);
  }

  listen(listener: SettledListener | null): void {
    this.listener = listener ?? NOBODY;
  }

  /** The sequence of the record about to be sent. */
  nextSequence(): number {
    const sequence = this.sent++;
    this.sentBytes += this.recordBytesAt(sequence);
    return sequence;
  }

  get outstanding(): number {
    return this.sent - this.acknowledged - this.failed;
  }

  get outstandingBytes(): number {
    return this.sentBytes - this.settledBytes;
  }

  /** The producer's observer: comes just before the callbacks of the batch's records. */
  readonly onBatchSettled = (batch: { settledNs: number }): void => {
    this.settledNs = batch.settledNs;
    // The callbacks of this batch run in the same tick, before any microtask.
    queueMicrotask(this.afterBatch);
  };

  /** The producer's callback; `opaque` is the sequence. */
  readonly onDelivery = (error: TidemarkError | null, metadata: RecordMetadata, opaque: unknown): void => {
    const sequence = opaque as number;
    const bytes = this.recordBytesAt(sequence);
    this.settledBytes += bytes;
    if (error !== null) {
      this.fail(sequence, error);
      return;
    }
    this.acknowledged++;
    this.acknowledgedBytes += bytes;
    const partition = metadata.partition;
    this.partitionRecords[partition] = this.partitionRecords[partition]! + 1;
    this.partitionBytes[partition] = this.partitionBytes[partition]! + bytes;
    this.listener.onAcknowledged(sequence, this.settledNs, bytes, partition);
    // Promises settle after the batch's microtask: the last record tells for itself.
    if (this.acknowledged + this.failed === this.sent) this.afterBatch();
  };

  /** The observer of fire and forget, which tells of batches only: how many records is known, not which. */
  onForgottenBatch(batch: ForgottenBatch, meanRecordBytes: number): void {
    const bytes = batch.recordCount * meanRecordBytes;
    this.settledBytes += bytes;
    if (batch.error !== null) {
      this.failed += batch.recordCount;
      this.firstError ??= batch.error.message;
    } else {
      this.acknowledged += batch.recordCount;
      this.acknowledgedBytes += bytes;
      this.partitionRecords[batch.partition] = this.partitionRecords[batch.partition]! + batch.recordCount;
      this.partitionBytes[batch.partition] = this.partitionBytes[batch.partition]! + bytes;
      this.listener.onForgotten(batch.recordCount, bytes, batch.settledNs);
    }
    this.afterBatch();
  }

  /** Resolves when everything sent has settled. */
  idle(): Promise<void> {
    if (this.outstanding === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.idleWaiter = resolve;
    });
  }

  report(): Omit<GeneratorReport, keyof DeliveryReport> {
    return {
      sent: this.sent,
      acknowledged: this.acknowledged,
      failed: this.failed,
      failedSequences: Float64Array.from(this.failedSequences),
      firstError: this.firstError,
      partitionRecords: this.partitionRecords,
      partitionBytes: this.partitionBytes,
    };
  }

  private fail(sequence: number, error: TidemarkError): void {
    this.failed++;
    this.firstError ??= error.message;
    if (this.failedSequences.length < MAX_FAILED_SEQUENCES) this.failedSequences.push(sequence);
    if (this.acknowledged + this.failed === this.sent) this.afterBatch();
  }

  private readonly afterBatch = (): void => {
    this.listener.onBatch();
    if (this.outstanding > 0 || this.idleWaiter === null) return;
    const resolve = this.idleWaiter;
    this.idleWaiter = null;
    resolve();
  };
}
