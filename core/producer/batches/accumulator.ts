import type { BufferPool } from '../../base/buffer-pool.ts';
import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
import type { CompressionRatioEstimator } from '../../record/compression-ratio.ts';
import { recordSizeLooseBound, recordSizeUpperBound } from '../../record/record-size.ts';
import type { CompressionType, RecordData, RecordHeader } from '../../record/types.ts';
import type { PendingRecord } from '../intake/pending-record.ts';
import {
  checkPartition,
  checkRecord,
  checkTimestamp,
  memoryTooSmall,
  type RecordLimits,
} from '../intake/record-checks.ts';
import { headerList } from '../intake/record-headers.ts';
import type { TopicPartitioner } from '../partitioners/topic-partitioner.ts';
import type { TopicState } from '../topic-state.ts';
import type { DeliveryCallback, ProducerRecord } from '../types.ts';
import { IncompleteBatches } from './incomplete-batches.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { ProducerBatch } from './producer-batch.ts';

/** A batch is taken for 5 % larger than estimated (CompressionRatioEstimator.COMPRESSION_RATE_ESTIMATION_FACTOR). */
export const ESTIMATION_FACTOR = 1.05;
/** Buffers of compressed batches grow up to this many times batch.size; then the batch is full. */
const MAX_GROWTH = 64;
const MAX_IDLE_BATCHES = 256;

export interface AccumulatorOptions {
  readonly clock: Clock;
  readonly pool: BufferPool;
  readonly ratios: CompressionRatioEstimator;
  readonly batchSizeBytes: number;
  readonly maxRequestSizeBytes: number;
  readonly compression: CompressionType;
  /** A batch was opened: it must be drained within linger.ms of its creation. */
  readonly onBatchOpened: (batch: ProducerBatch) => void;
  /** A batch became full. */
  readonly onBatchFull: () => void;
}

/**
 * Gathers records into batches, one queue per partition (Kafka's RecordAccumulator). append() writes the record
 * straight into the open batch's pooled buffer. It knows no network: a sender takes batches out of the queues, and
 * a benchmark may do so too.
 */
export class Accumulator {
  readonly incomplete = new IncompleteBatches();
  /** What the record that append() refused last needs, in bytes. */
  neededBytes = 0;
  /** Where that record goes for good; undefined when it is to be placed anew. */
  refusedPartition: number | undefined = undefined;
  private readonly options: AccumulatorOptions;
  private readonly clock: Clock;
  private readonly pool: BufferPool;
  /** Records up to here need no closer look. */
  private readonly looseLimitBytes: number;
  private readonly limits: RecordLimits;
  private readonly isCompressing: boolean;
  private readonly idleBatches: ProducerBatch[] = [];
  private lastBatchId = 0;
  private wallMs = 0;
  private isWallFresh = false;

  constructor(options: AccumulatorOptions) {
    this.options = options;
    this.clock = options.clock;
    this.pool = options.pool;
    this.limits = {
      maxRequestSizeBytes: options.maxRequestSizeBytes,
      bufferMemoryBytes: options.pool.totalBytes,
    };
    this.looseLimitBytes =
      Math.min(options.maxRequestSizeBytes, options.pool.totalBytes) - BATCH_HEADER_BYTES;
    this.isCompressing = options.compression !== 'none';
  }

  /**
   * Appends one record to the open batch of its partition, or to a new one. False, with neededBytes set, when the
   * new one finds no memory: nothing has changed then, but that the full batch is closed. The topic's metadata must
   * be known. Throws TidemarkError for a record that can never be appended.
   */
  append(
    topic: TopicState,
    record: ProducerRecord,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ): boolean {
    const key = record.key === undefined ? null : record.key;
    const value = record.value;
    const headers = record.headers === undefined ? null : headerList(record.headers);
    // Not `>`: a value that is neither bytes nor text has a bound of NaN, and must be looked at too.
    if (!(recordSizeLooseBound(key, value, headers) <= this.looseLimitBytes))
      checkRecord({ topic: topic.name, key, value, headers }, this.limits);
    let timestampMs = record.timestamp;
    if (timestampMs === undefined) timestampMs = this.isWallFresh ? this.wallMs : this.readWallClock();
    else checkTimestamp(timestampMs);
    let partitioner: TopicPartitioner | null = null;
    let partition = record.partition;
    if (partition === undefined) {
      partitioner = topic.partitioner!;
      partition = partitioner.choose(key, value, topic);
    } else {
      checkPartition(partition, topic);
    }
    const queue = topic.queues[partition];
    if (queue !== undefined) {
      const batch = queue.open;
      if (batch !== null) {
        const count = batch.builder.count;
        const grown = this.isCompressing
          ? this.appendEstimating(batch, timestampMs, key, value, headers)
          : batch.builder.append(timestampMs, key, value, headers);
        if (grown > 0) {
          batch.deliveries.add(count, callback, opaque, timestampMs);
          if (this.isFull(batch)) this.closeFull(queue);
          if (partitioner !== null) partitioner.appended(grown, queue.open === null, topic);
          return true;
        }
        this.closeFull(queue);
      }
    }
    if (partitioner?.newBatch(partition, topic)) {
      return this.appendChosenAgain(topic, { key, value, headers, timestampMs, callback, opaque });
    }
    return this.appendToNew(topic, partition, partitioner, {
      key,
      value,
      headers,
      timestampMs,
      callback,
      opaque,
    });
  }

  /** A batch object that is free. */
  takeIdle(): ProducerBatch {
    return this.idleBatches.pop() ?? new ProducerBatch();
  }

  /** Gives the batch's memory back and the object to the next one. Its records must all have been told. */
  recycle(batch: ProducerBatch): void {
    this.releaseBuffer(batch);
    batch.deliveries.clear();
    batch.sealed = null;
    batch.queue = null;
    if (this.idleBatches.length < MAX_IDLE_BATCHES) this.idleBatches.push(batch);
  }

  /** Gives the memory back before the object: once nothing reads or writes it. */
  releaseBuffer(batch: ProducerBatch): void {
    const { buffer } = batch;
    if (buffer === null) return;
    batch.buffer = null;
    if (batch.isPooled) this.pool.release(buffer);
  }

  /** The partitioner moved on because a new batch was needed: the other partition may have an open one. */
  private appendChosenAgain(topic: TopicState, pending: PendingRecord): boolean {
    const { key, value, headers, timestampMs, callback, opaque } = pending;
    const partitioner = topic.partitioner!;
    const partition = partitioner.choose(key, value, topic);
    const queue = topic.queues[partition];
    const batch = queue?.open;
    if (queue === undefined || batch == null) return this.appendToNew(topic, partition, partitioner, pending);
    const grown = this.isCompressing
      ? this.appendEstimating(batch, timestampMs, key, value, headers)
      : batch.builder.append(timestampMs, key, value, headers);
    if (grown === 0) {
      this.closeFull(queue);
      return this.appendToNew(topic, partition, partitioner, pending);
    }
    batch.deliveries.add(batch.builder.count - 1, callback, opaque, timestampMs);
    if (this.isFull(batch)) this.closeFull(queue);
    partitioner.appended(grown, queue.open === null, topic);
    return true;
  }

  private appendToNew(
    topic: TopicState,
    partition: number,
    partitioner: TopicPartitioner | null,
    pending: PendingRecord,
  ): boolean {
    const { key, value, headers, timestampMs, callback, opaque } = pending;
    const { batchSizeBytes, compression, ratios } = this.options;
    const wireFactor = this.isCompressing ? ratios.estimate(topic.name, compression) * ESTIMATION_FACTOR : 1;
    // The first record is always admitted, in a buffer of its own size if need be.
    const limitBytes = this.limitFor(key, value, headers);
    if (limitBytes > this.pool.totalBytes) throw memoryTooSmall(limitBytes, this.pool.totalBytes);
    const buffer = this.allocate(limitBytes, wireFactor);
    if (buffer === null) {
      this.neededBytes = limitBytes;
      this.refusedPartition = partitioner === null || partitioner.placesOnce ? partition : undefined;
      return false;
    }
    const batch = this.takeIdle();
    const queue = topic.queueOf(partition);
    const nowNs = this.clock.nowNs();
    batch.open(queue, ++this.lastBatchId, nowNs);
    topic.lastUsedNs = nowNs;
    batch.useBuffer(buffer, limitBytes, wireFactor);
    if (batch.builder.append(timestampMs, key, value, headers) === 0) {
      this.recycle(batch);
      throw new TidemarkError(
        'ILLEGAL_STATE',
        `a record of ${topic.name} does not fit into a buffer of its size`,
      );
    }
    batch.deliveries.add(0, callback, opaque, timestampMs);
    queue.push(batch);
    this.incomplete.add(batch);
    this.isWallFresh = false;
    if (batchSizeBytes === 0 || this.isFull(batch)) this.closeFull(queue);
    partitioner?.appended(batch.wireBytes, queue.open === null, topic);
    this.options.onBatchOpened(batch);
    return true;
  }

  /**
   * MemoryRecordsBuilder.hasRoomFor: what the batch will take by estimate, plus the whole of the new record,
   * must stay within the limit. Returns the estimated growth (at least 1), or 0 when the batch is full.
   */
  private appendEstimating(
    batch: ProducerBatch,
    timestampMs: number,
    key: RecordData,
    value: RecordData,
    headers: readonly RecordHeader[] | null,
  ): number {
    const { builder } = batch;
    const before = batch.wireBytes;
    const size = builder.sizeOfNext(timestampMs, key, value, headers);
    if (before + size > batch.limitBytes) return 0;
    while (builder.append(timestampMs, key, value, headers) === 0) {
      if (!this.grow(batch, builder.sizeBytes + size)) return 0;
    }
    return Math.max(1, batch.wireBytes - before);
  }

  /** Uncompressed records outgrew the buffer: moves them to a larger one, if there is memory at once. */
  private grow(batch: ProducerBatch, neededBytes: number): boolean {
    const old = batch.buffer!;
    let sizeBytes = old.length * 2;
    while (sizeBytes < neededBytes) sizeBytes *= 2;
    if (sizeBytes > Math.max(this.options.batchSizeBytes, 1) * MAX_GROWTH) return false;
    const buffer = this.pool.tryAllocate(sizeBytes);
    if (buffer === null) return false;
    batch.builder.moveTo(buffer);
    batch.buffer = buffer;
    this.pool.release(old);
    return true;
  }

  private isFull(batch: ProducerBatch): boolean {
    const { sizeBytes } = batch.builder;
    if (!this.isCompressing) return sizeBytes >= batch.limitBytes;
    return batch.wireBytes >= batch.limitBytes;
  }

  private closeFull(queue: PartitionQueue): void {
    queue.closeOpen();
    this.options.onBatchFull();
  }

  private limitFor(key: RecordData, value: RecordData, headers: readonly RecordHeader[] | null): number {
    const { batchSizeBytes } = this.options;
    if (recordSizeLooseBound(key, value, headers) + BATCH_HEADER_BYTES <= batchSizeBytes)
      return batchSizeBytes;
    return Math.max(batchSizeBytes, BATCH_HEADER_BYTES + recordSizeUpperBound(key, value, headers));
  }

  /** Where compression is expected to help, the buffer is as large as the records of a full batch. */
  private allocate(limitBytes: number, wireFactor: number): Buffer | null {
    if (wireFactor < 1 && limitBytes === this.options.batchSizeBytes) {
      let sizeBytes = limitBytes;
      while (sizeBytes * wireFactor < limitBytes && sizeBytes < limitBytes * MAX_GROWTH) sizeBytes *= 2;
      const large = this.pool.tryAllocate(sizeBytes);
      if (large !== null) return large;
    }
    return this.pool.tryAllocate(limitBytes);
  }

  /** At most one reading per synchronous burst and batch: a microtask ends the burst. */
  private readWallClock(): number {
    this.wallMs = this.clock.wallMs();
    this.isWallFresh = true;
    queueMicrotask(this.forgetWallClock);
    return this.wallMs;
  }

  private readonly forgetWallClock = (): void => {
    this.isWallFresh = false;
  };
}
