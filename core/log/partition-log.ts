import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Storage } from '../base/storage.ts';
import { BatchView } from '../record/batch-view.ts';
import { CheckpointFiles } from './log-checkpoint.ts';
import type { LogConfig } from './log-config.ts';
import { LogDurability } from './log-durability.ts';
import { loadSegments } from './log-loader.ts';
import { countDeletable } from './log-retention.ts';
import { LogSegment, type OffsetAndTimestamp } from './log-segment.ts';
import { restoreProducers } from './producer-restore.ts';
import { type ProducerStateLimits, ProducerStates } from './producer-state.ts';
import { storageFailure } from './storage-failure.ts';

const NO_TIMESTAMP = -1;

export interface PartitionLogOptions {
  readonly storage: Storage;
  /** The partition's own directory, below the storage's root. */
  readonly directory: string;
  readonly config: LogConfig;
  readonly clock: Clock;
  readonly producerLimits?: Partial<ProducerStateLimits>;
}

export interface AppendResult {
  readonly baseOffset: number;
  /** -1 under CreateTime. */
  readonly logAppendTimeMs: number;
  /** The batch had been appended before, and was not again: base offset and append time are those of then. */
  readonly isDuplicate: boolean;
}

/**
 * The log of one partition: segments in order, the last of which grows (Kafka's UnifiedLog). Batches come in valid
 * and are stored as they are, except for what the log itself decides: their offsets, leader epoch and append time.
 *
 * What the disk refuses is a TidemarkError KAFKA_STORAGE_ERROR. A batch that cannot be written leaves the log as it
 * was. After a sync that failed nobody knows what is on the disk, so the log takes no more until it is opened anew.
 */
export class PartitionLog {
  readonly directory: string;
  readonly config: LogConfig;
  /** What opening cut off after an unclean stop, in words; null when nothing was wrong. */
  readonly damage: string | null;
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #segments: LogSegment[];
  readonly #durability: LogDurability;
  readonly #producers: ProducerStates;
  readonly #view = new BatchView();
  #active: LogSegment;
  #sizeBytes: number;
  #isClosed = false;

  /** Makes the directory when missing; recovers when the last shutdown was not clean. Throws KAFKA_STORAGE_ERROR. */
  static open(options: PartitionLogOptions): PartitionLog {
    try {
      return new PartitionLog(options);
    } catch (error) {
      throw storageFailure(options.directory, error);
    }
  }

  private constructor(options: PartitionLogOptions) {
    const { storage, directory, config, clock } = options;
    this.directory = directory;
    this.config = config;
    this.#storage = storage;
    this.#clock = clock;
    const checkpoints = new CheckpointFiles(storage, directory);
    storage.makeDirectory(directory);
    const nowMs = clock.wallMs();
    const loaded = loadSegments({ storage, directory, config, checkpoints, nowMs });
    checkpoints.removeCleanShutdown();
    this.damage = loaded.damage;
    this.#segments = loaded.segments;
    this.#active = loaded.segments.at(-1)!;
    this.#durability = new LogDurability({ ...options, ...loaded, checkpoints });
    this.#sizeBytes = loaded.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    this.#producers = new ProducerStates(directory, options.producerLimits);
    restoreProducers(this.#producers, loaded.segments, nowMs);
  }

  /** Offset of the first record; equal to endOffset in an empty log. */
  get startOffset(): number {
    return this.#segments[0]!.baseOffset;
  }

  /** The offset that the next record gets. */
  get endOffset(): number {
    return this.#active.endOffset;
  }

  /** Of all segments, without their indexes. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** Idempotent producers remembered. */
  get producerCount(): number {
    return this.#producers.size;
  }

  /**
   * Appends one valid v2 batch. Patches base offset and leader epoch (and the append time when the topic says
   * LogAppendTime) in `batch` itself, then stores a copy. One with a producer id must be next in its sequence, or is
   * told to be a duplicate.
   * Throws MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER and
   * KAFKA_STORAGE_ERROR; the log is then as it was, unless it is the sync asked for by flush.messages that failed.
   */
  append(batch: Buffer, leaderEpoch: number): AppendResult {
    this.#assertUsable();
    this.#assertSize(batch.length);
    const baseOffset = this.#active.endOffset;
    const nowMs = this.#clock.wallMs();
    const view = this.#view.reset(batch);
    const isIdempotent = view.producerId >= 0;
    const earlier = isIdempotent ? this.#producers.check(view) : null;
    if (earlier !== null) {
      return { baseOffset: earlier.baseOffset, logAppendTimeMs: earlier.logAppendTimeMs, isDuplicate: true };
    }
    BatchView.patchBaseOffset(batch, 0, baseOffset);
    BatchView.patchLeaderEpoch(batch, 0, leaderEpoch);
    const stampsBatches = this.config.messageTimestampType === 'LogAppendTime';
    if (stampsBatches) BatchView.patchLogAppendTime(batch, 0, nowMs);
    try {
      if (this.#active.shouldRollFor(view, view.lastOffset, nowMs)) this.#roll(nowMs);
      this.#active.append(batch, view, nowMs);
    } catch (error) {
      throw storageFailure(this.directory, error);
    }
    this.#sizeBytes += batch.length;
    if (isIdempotent) this.#producers.appended(view, nowMs);
    this.#durability.recordsAppended(this.#active.endOffset - baseOffset);
    return { baseOffset, logAppendTimeMs: stampsBatches ? nowMs : NO_TIMESTAMP, isDuplicate: false };
  }

  /**
   * Whole batches from the one holding `offset`, at most `maxBytes`, but at least one if there is any; nothing at the
   * end of the log. The first may begin before `offset`. The buffers must not be written to; they stay valid even
   * after retention. Throws OFFSET_OUT_OF_RANGE and KAFKA_STORAGE_ERROR.
   */
  read(offset: number, maxBytes: number): Buffer[] {
    if (offset < this.startOffset || offset > this.endOffset) {
      throw new TidemarkError(
        'OFFSET_OUT_OF_RANGE',
        `${this.directory} holds the offsets from ${this.startOffset} to ${this.endOffset}, got ${offset}`,
      );
    }
    const batches: Buffer[] = [];
    if (offset === this.endOffset) return batches;
    try {
      let index = this.#segmentIndexOf(offset);
      let position = this.#segments[index]!.positionOf(offset);
      let taken = 0;
      for (; index < this.#segments.length; index++, position = 0) {
        const segment = this.#segments[index]!;
        const bytes = segment.readBatches(batches, position, maxBytes - taken, taken === 0);
        taken += bytes;
        // The next batch of this segment does not fit.
        if (position + bytes < segment.sizeBytes) break;
      }
    } catch (error) {
      throw storageFailure(this.directory, error);
    }
    return batches;
  }

  /** The first record whose timestamp is at least `timestampMs`; null when all are older. */
  offsetForTimestamp(timestampMs: number): OffsetAndTimestamp | null {
    try {
      for (const segment of this.#segments) {
        if (segment.maxTimestampMs < timestampMs) continue;
        const found = segment.findByTimestamp(timestampMs);
        if (found !== null) return found;
      }
      return null;
    } catch (error) {
      throw storageFailure(this.directory, error);
    }
  }

  /** The first record with the largest timestamp; null when no record has one. */
  maxTimestampOffset(): OffsetAndTimestamp | null {
    const largest = this.#segments.reduce(
      (most, segment) => Math.max(most, segment.maxTimestampMs),
      NO_TIMESTAMP,
    );
    return largest < 0 ? null : this.offsetForTimestamp(largest);
  }

  /**
   * Deletes the oldest segments beyond retention.ms and retention.bytes, as Kafka does: by size never the one that
   * grows; by time that one too, after a roll. Forgets producers that were silent for too long. Throws nothing: a
   * disk that refuses shows at the next append.
   */
  enforceRetention(): void {
    if (this.#isClosed || this.#durability.failure !== null) return;
    const nowMs = this.#clock.wallMs();
    this.#producers.forgetExpired(nowMs);
    const count = countDeletable(this.#segments, this.config, nowMs);
    if (count === 0) return;
    try {
      if (count === this.#segments.length) this.#roll(nowMs);
      const removed = this.#segments.splice(0, count);
      for (const segment of removed) this.#sizeBytes -= segment.sizeBytes;
      this.#durability.startMoved();
      for (const segment of removed) segment.remove();
    } catch (error) {
      this.#durability.fail(error);
    }
  }

  /** Makes all that was appended durable. Throws KAFKA_STORAGE_ERROR. */
  flush(): void {
    this.#assertUsable();
    this.#durability.flush();
  }

  /** Flushes and marks the clean shutdown; idempotent. Throws KAFKA_STORAGE_ERROR, the files closed all the same. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#durability.stop();
    try {
      if (this.#durability.failure === null) this.#durability.shutDown(this.endOffset);
    } catch (error) {
      throw storageFailure(this.directory, error);
    } finally {
      for (const segment of this.#segments) segment.close();
    }
  }

  /** Closes without syncing and removes the directory with all it holds. Throws KAFKA_STORAGE_ERROR. */
  delete(): void {
    this.#durability.stop();
    if (!this.#isClosed) for (const segment of this.#segments) segment.close();
    this.#isClosed = true;
    try {
      this.#storage.remove(this.directory);
    } catch (error) {
      throw storageFailure(this.directory, error);
    }
  }

  /** Index of the segment with the largest base offset that is at most `offset`. */
  #segmentIndexOf(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Ends the active segment and begins the next. Throws StorageError, with nothing changed. */
  #roll(nowMs: number): void {
    const { directory, config } = this;
    const previous = this.#active;
    previous.writeIndexes();
    const baseOffset = previous.endOffset;
    const next = new LogSegment({ storage: this.#storage, directory, config, baseOffset, nowMs });
    this.#segments.push(next);
    this.#active = next;
    this.#durability.segmentRolled(previous);
  }

  #assertUsable(): void {
    if (this.#durability.failure !== null) throw this.#durability.failure;
    if (this.#isClosed) throw new TidemarkError('KAFKA_STORAGE_ERROR', `the log ${this.directory} is closed`);
  }

  #assertSize(sizeBytes: number): void {
    const { maxMessageBytes, segmentBytes } = this.config;
    if (sizeBytes > maxMessageBytes) {
      throw new TidemarkError(
        'MESSAGE_TOO_LARGE',
        `a batch of ${sizeBytes} bytes exceeds max.message.bytes of ${maxMessageBytes}`,
      );
    }
    if (sizeBytes > segmentBytes) {
      throw new TidemarkError(
        'RECORD_LIST_TOO_LARGE',
        `a batch of ${sizeBytes} bytes exceeds segment.bytes of ${segmentBytes}`,
      );
    }
  }
}
