import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Storage } from '../base/storage.ts';
import type { CheckpointFiles } from './log-checkpoint.ts';
import { LONG_MAX, type LogConfig } from './log-config.ts';
import type { LogSegment } from './log-segment.ts';
import { StorageError } from './storage-error.ts';
import { storageFailure } from './storage-failure.ts';

export interface DurabilityOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly config: LogConfig;
  readonly clock: Clock;
  readonly checkpoints: CheckpointFiles;
  /** The log's own list, which it changes. */
  readonly segments: readonly LogSegment[];
  readonly recoveryPoint: number;
}

/**
 * When a log's bytes reach the disk: by flush.messages and flush.ms, each segment when it is closed, everything at
 * the shutdown; and how far the next recovery may trust them. After a sync that failed nobody knows what is on the
 * disk, so the failure stays.
 */
export class LogDurability {
  readonly #options: DurabilityOptions;
  #recoveryPoint: number;
  #unflushedRecords = 0;
  /** Files were made since the directory was synced. */
  #hasUnsyncedEntries = true;
  #flushTimer: Timer | null = null;
  #failure: Error | null = null;
  #isStopped = false;

  constructor(options: DurabilityOptions) {
    this.#options = options;
    this.#recoveryPoint = options.recoveryPoint;
  }

  get failure(): Error | null {
    return this.#failure;
  }

  /** Flushes when flush.messages says so. Throws KAFKA_STORAGE_ERROR. */
  recordsAppended(count: number): void {
    this.#unflushedRecords += count;
    const { flushMessages, flushMs } = this.#options.config;
    if (this.#unflushedRecords >= flushMessages) this.flush();
    else if (flushMs < LONG_MAX && this.#flushTimer === null) this.#startFlushTimer(flushMs);
  }

  /** `closed` takes no more, and its indexes are written: it goes to the disk beside the work, as in Kafka. */
  segmentRolled(closed: LogSegment): void {
    this.#hasUnsyncedEntries = true;
    closed.syncInBackground((error) => this.#onSegmentSynced(error));
  }

  /** Makes all that was appended durable. Throws KAFKA_STORAGE_ERROR. */
  flush(): void {
    this.#stopFlushTimer();
    try {
      const { segments } = this.#options;
      for (let index = segments.length - 1; index >= 0 && !segments[index]!.isSynced; index--) {
        segments[index]!.file.sync();
      }
      this.#syncEntries();
    } catch (error) {
      throw this.fail(error);
    }
    this.#unflushedRecords = 0;
  }

  /**
   * Before segments are deleted. Durable first: a crash may bring some of them back but not others, and the next
   * opening must not take the gap for the end of the log.
   */
  startMoved(): void {
    this.#recoveryPoint = Math.max(this.#recoveryPoint, this.#startOffset);
    this.#writeCheckpoint();
    this.#options.storage.syncDirectory(this.#options.directory);
  }

  /** Nothing happens any more by itself. */
  stop(): void {
    this.#isStopped = true;
    this.#stopFlushTimer();
  }

  /** Syncs everything and marks the clean shutdown. Throws StorageError. */
  shutDown(endOffset: number): void {
    const { segments, checkpoints } = this.#options;
    for (const segment of segments) if (!segment.isSynced) segment.syncAll();
    this.#syncEntries();
    const recoveryPoint = segments.at(-1)!.baseOffset;
    checkpoints.writeCheckpoint({ recoveryPoint, startOffset: this.#startOffset });
    checkpoints.writeCleanShutdown(endOffset);
  }

  fail(error: unknown): Error {
    const failure = storageFailure(this.#options.directory, error);
    if (failure instanceof TidemarkError) this.#failure ??= failure;
    return failure;
  }

  get #startOffset(): number {
    return this.#options.segments[0]!.baseOffset;
  }

  /** The recovery point moves up to the first segment that is not on the disk yet: syncs may end out of order. */
  #onSegmentSynced(error: Error | null): void {
    if (this.#isStopped || this.#failure !== null) return;
    if (error !== null) {
      this.fail(error);
      return;
    }
    const { segments } = this.#options;
    const first = segments.find((segment) => !segment.isSynced) ?? segments.at(-1)!;
    if (first.baseOffset <= this.#recoveryPoint) return;
    this.#recoveryPoint = first.baseOffset;
    try {
      this.#syncEntries();
      this.#writeCheckpoint();
    } catch (failure) {
      this.fail(failure);
    }
  }

  /** A checkpoint that the disk has no room for is left out: the next recovery only reads more. */
  #writeCheckpoint(): void {
    try {
      this.#options.checkpoints.writeCheckpoint({
        recoveryPoint: this.#recoveryPoint,
        startOffset: this.#startOffset,
      });
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }

  /** A new file is only durable with the directory that names it, and a new directory with its parent. */
  #syncEntries(): void {
    if (!this.#hasUnsyncedEntries) return;
    const { storage, directory } = this.#options;
    storage.syncDirectory(directory);
    storage.syncDirectory(directory.split('/').slice(0, -1).join('/'));
    this.#hasUnsyncedEntries = false;
  }

  #startFlushTimer(flushMs: number): void {
    this.#flushTimer = this.#options.clock.setTimer(() => {
      this.#flushTimer = null;
      if (this.#isStopped || this.#failure !== null) return;
      try {
        this.flush();
      } catch (error) {
        // Nobody waits for this flush: the failure stands, and the next append says so.
        if (this.#failure === null) throw error;
      }
    }, flushMs);
  }

  #stopFlushTimer(): void {
    if (this.#flushTimer !== null) this.#options.clock.clearTimer(this.#flushTimer);
    this.#flushTimer = null;
  }
}
