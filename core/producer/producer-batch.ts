import { BatchBuilder } from '../record/batch-builder.ts';
import { BATCH_HEADER_BYTES } from '../record/batch-layout.ts';
import { DeliveryLog } from './delivery-log.ts';
import type { PartitionQueue } from './partition-queue.ts';

/** Where a batch stands; only forwards, but for queued <-> inFlight by retries. */
export type BatchState = 'open' | 'queued' | 'inFlight' | 'settled';

/**
 * The records of one partition that travel together, from the first append until all of them are settled. Objects
 * are reused. Fields are plain: some are touched for every record.
 */
export class ProducerBatch {
  readonly builder = new BatchBuilder();
  readonly deliveries = new DeliveryLog();
  queue: PartitionQueue | null = null;
  /** Creation order over the whole producer; retries go back into the queue by it. */
  id = 0;
  state: BatchState = 'settled';
  /** The pooled memory that the builder writes to; null once given back. */
  buffer: Buffer | null = null;
  /** Complete bytes once drained; a view of the buffer as a rule. */
  sealed: Buffer | null = null;
  /** What the batch may take on the wire by estimate: batch.size, or more for one large record. */
  limitBytes = 0;
  /** Estimated wire bytes per record byte: 1 uncompressed, else the ratio x 1.05. */
  wireFactor = 1;
  uncompressedBytes = 0;
  recordCount = 0;
  createdNs = 0;
  firstDrainedNs = 0;
  lastDrainedNs = 0;
  /** Failed attempts so far. */
  attempts = 0;
  backoffUntilNs = 0;
  /** A request that holds its bytes has not ended: the buffer must not be reused. */
  isHeld = false;

  open(queue: PartitionQueue, id: number, createdNs: number): void {
    this.queue = queue;
    this.id = id;
    this.state = 'open';
    this.sealed = null;
    this.uncompressedBytes = 0;
    this.recordCount = 0;
    this.createdNs = createdNs;
    this.firstDrainedNs = 0;
    this.lastDrainedNs = 0;
    this.attempts = 0;
    this.backoffUntilNs = 0;
    this.isHeld = false;
  }

  useBuffer(buffer: Buffer, limitBytes: number, wireFactor: number): void {
    this.buffer = buffer;
    this.limitBytes = limitBytes;
    this.wireFactor = wireFactor;
    this.builder.reset(buffer);
  }

  /** Bytes on the wire, exact once sealed and estimated before (MemoryRecordsBuilder.estimatedBytesWritten). */
  get wireBytes(): number {
    if (this.sealed !== null) return this.sealed.length;
    const { sizeBytes } = this.builder;
    if (this.wireFactor === 1) return sizeBytes;
    return BATCH_HEADER_BYTES + Math.floor((sizeBytes - BATCH_HEADER_BYTES) * this.wireFactor);
  }

  get count(): number {
    return this.sealed === null ? this.builder.count : this.recordCount;
  }
}
