import type { TidemarkError } from '../../base/errors.ts';
import { BatchBuilder } from '../../record/batch-builder.ts';
import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
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
  /** Creation order over the whole producer; retries go back into the queue by it. Parts of a split lie between. */
  id = 0;
  /** The next lower id that another batch may have is this much lower. */
  idSpan = 1;
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
  /** What the last of them failed with. */
  lastError: TidemarkError | null = null;
  backoffUntilNs = 0;
  /** A request that holds its bytes has not ended: the buffer must not be reused. */
  isHeld = false;
  /** The buffer belongs to the pool; parts of a split have memory of their own, as in Kafka. */
  isPooled = true;
  /** The leader when last drained, and its epoch; -1 before that, or unknown. */
  sentToId = -1;
  leaderEpoch = -1;
  /** Some attempt ended without the broker's word on whether the batch was appended. */
  isUnclear = false;
  /** Place in the producer's sequence; -1 without idempotence or before the first drain. */
  producerId = -1;
  producerEpoch = -1;
  baseSequence = -1;
  /** The place has changed since the batch was sealed. */
  isRewritten = false;

  open(queue: PartitionQueue, id: number, createdNs: number): void {
    this.queue = queue;
    this.id = id;
    this.idSpan = 1;
    this.state = 'open';
    this.sealed = null;
    this.uncompressedBytes = 0;
    this.recordCount = 0;
    this.createdNs = createdNs;
    this.firstDrainedNs = 0;
    this.lastDrainedNs = 0;
    this.attempts = 0;
    this.lastError = null;
    this.backoffUntilNs = 0;
    this.isHeld = false;
    this.isPooled = true;
    this.sentToId = -1;
    this.leaderEpoch = -1;
    this.isUnclear = false;
    this.producerId = -1;
    this.producerEpoch = -1;
    this.baseSequence = -1;
    this.isRewritten = false;
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
