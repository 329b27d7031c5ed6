import type { Storage, StorageFile } from '../base/storage.ts';
import { LENGTH_OFFSET, LOG_OVERHEAD_BYTES } from '../record/batch-layout.ts';
import { BatchView } from '../record/batch-view.ts';
import { RecordCursor } from '../record/record-cursor.ts';
import { BatchScanner } from './batch-scanner.ts';
import type { LogConfig } from './log-config.ts';
import { LOG_SUFFIX, OFFSET_INDEX_SUFFIX, segmentPath, TIME_INDEX_SUFFIX } from './log-file-names.ts';
import { OffsetPositions, TimestampOffsets } from './segment-indexes.ts';
import { StorageError } from './storage-error.ts';

const LOOKUP_WINDOW_BYTES = 16 * 1024;
const RECOVERY_WINDOW_BYTES = 1024 * 1024;
const MAX_RELATIVE_OFFSET = 2 ** 31 - 1;

export interface SegmentOptions {
  readonly storage: Storage;
  readonly directory: string;
  readonly baseOffset: number;
  readonly config: LogConfig;
  /** Wall time, for segments whose records carry no timestamps. */
  readonly nowMs: number;
}

export interface OffsetAndTimestamp {
  readonly offset: number;
  readonly timestampMs: number;
}

/** A log file with its two indexes (Kafka's LogSegment). Its records begin at `baseOffset`. */
export class LogSegment {
  readonly baseOffset: number;
  /** The offset after its last record. */
  endOffset: number;
  maxTimestampMs = -1;
  /** Everything in it is known to be on the disk, indexes included. */
  isSynced = false;
  readonly file: StorageFile;
  readonly #options: SegmentOptions;
  readonly #positions: OffsetPositions;
  readonly #timestamps: TimestampOffsets;
  #offsetOfMaxTimestamp: number;
  /** Largest timestamp of the first batch: what the age for segment.ms counts from. */
  #firstTimestampMs = -1;
  #lastAppendMs: number;
  #bytesSinceEntry = 0;

  /** Opens the files, making them when missing; what they hold is taken by load() or recover(). */
  constructor(options: SegmentOptions) {
    this.#options = options;
    this.baseOffset = options.baseOffset;
    this.endOffset = options.baseOffset;
    this.#offsetOfMaxTimestamp = options.baseOffset;
    this.#lastAppendMs = options.nowMs;
    this.#positions = new OffsetPositions(options);
    this.#timestamps = new TimestampOffsets(options);
    this.file = options.storage.open(segmentPath(options.directory, options.baseOffset, LOG_SUFFIX));
  }

  get sizeBytes(): number {
    return this.file.sizeBytes;
  }

  /** As Kafka's largestTimestamp: without timestamps, when it was last appended to. */
  get ageTimestampMs(): number {
    return this.maxTimestampMs >= 0 ? this.maxTimestampMs : this.#lastAppendMs;
  }

  /** Stores one batch whose header is final. Throws StorageError and is as it was then. */
  append(bytes: Buffer, batch: BatchView, nowMs: number): void {
    const position = this.file.sizeBytes;
    this.file.append(bytes);
    this.isSynced = false;
    this.#lastAppendMs = nowMs;
    this.#note(batch, position, bytes.length);
    this.#writeIndexesIfWorth();
  }

  /** Whether a batch must go into a new segment (Kafka's LogSegment.shouldRoll). */
  shouldRollFor(batch: BatchView, lastOffset: number, nowMs: number): boolean {
    const { config, nowMs: createdMs } = this.#options;
    const sizeBytes = this.sizeBytes;
    if (sizeBytes === 0) return lastOffset - this.baseOffset > MAX_RELATIVE_OFFSET;
    if (sizeBytes > config.segmentBytes - batch.lengthBytes) return true;
    const first = this.#firstTimestampMs;
    const maxTimestamp = batch.maxTimestamp;
    const ageMs = first >= 0 && maxTimestamp >= 0 ? maxTimestamp - first : nowMs - createdMs;
    return (
      ageMs > config.segmentMs ||
      this.#positions.entries.sizeBytes + 8 > config.segmentIndexBytes ||
      this.#timestamps.entries.sizeBytes + 12 > config.segmentIndexBytes ||
      lastOffset - this.baseOffset > MAX_RELATIVE_OFFSET
    );
  }

  /** Position of the batch that holds `offset`, or of the first behind it; the size when there is none. */
  positionOf(offset: number): number {
    if (offset <= this.baseOffset) return 0;
    const scanner = this.#scan(this.#positions.positionBefore(offset));
    while (scanner.next()) {
      if (scanner.view.lastOffset >= offset) return scanner.position;
    }
    return scanner.nextPosition;
  }

  /**
   * Pushes whole batches from `position` on, at most `maxBytes` of them; with `atLeastOne` the first comes whatever
   * its size. Returns the bytes pushed.
   */
  readBatches(into: Buffer[], position: number, maxBytes: number, atLeastOne: boolean): number {
    const file = this.file;
    let at = position;
    let remaining = maxBytes;
    while (at < file.sizeBytes) {
      const mustRead = atLeastOne && at === position;
      if (remaining < LOG_OVERHEAD_BYTES && !mustRead) break;
      let bytes = file.read(at, Math.max(remaining, LOG_OVERHEAD_BYTES));
      let whole = wholeBatchesLength(bytes);
      if (whole === 0) {
        if (!mustRead) break;
        bytes = file.read(at, bytes.readInt32BE(LENGTH_OFFSET) + LOG_OVERHEAD_BYTES);
        whole = bytes.length;
      }
      into.push(whole === bytes.length ? bytes : bytes.subarray(0, whole));
      at += whole;
      remaining -= whole;
      if (whole < bytes.length) break;
    }
    return at - position;
  }

  /** The first record with at least this timestamp, by time index, then batches, then records, as in Kafka. */
  findByTimestamp(timestampMs: number): OffsetAndTimestamp | null {
    const from = this.#positions.positionBefore(this.#timestamps.offsetBefore(timestampMs));
    const scanner = this.#scan(from);
    const cursor = new RecordCursor();
    while (scanner.next()) {
      if (scanner.view.maxTimestamp < timestampMs) continue;
      cursor.reset(new BatchView(this.file.read(scanner.position, scanner.view.lengthBytes)));
      while (cursor.next()) {
        if (cursor.timestampMs >= timestampMs)
          return { offset: cursor.offset, timestampMs: cursor.timestampMs };
      }
    }
    return null;
  }

  /** Completes the indexes and writes them. Throws StorageError and can be tried again. */
  writeIndexes(): void {
    if (this.maxTimestampMs >= 0)
      this.#timestamps.maybeAppend(this.maxTimestampMs, this.#offsetOfMaxTimestamp);
    this.#positions.entries.write();
    this.#timestamps.entries.write();
  }

  /** After the last append and writeIndexes(): makes it durable, and says so once. */
  syncInBackground(onSynced: (error: Error | null) => void): void {
    this.#positions.entries.releaseMemory();
    this.#timestamps.entries.releaseMemory();
    let waitingFor = 3;
    let failure: Error | null = null;
    const done = (error: Error | null) => {
      failure ??= error;
      if (--waitingFor > 0) return;
      this.isSynced = failure === null;
      onSynced(failure);
    };
    this.file.syncInBackground(done);
    this.#positions.entries.syncInBackground(done);
    this.#timestamps.entries.syncInBackground(done);
  }

  /** Makes log and indexes durable now. */
  syncAll(): void {
    this.writeIndexes();
    this.file.sync();
    this.#positions.entries.sync();
    this.#timestamps.entries.sync();
    this.isSynced = true;
  }

  /**
   * Takes the segment as it is, trusting log and indexes, and reading only what stands behind the last index entry.
   * False when it does not look sound, or does not end at `endOffset` where that is known: recover() it then.
   */
  load(endOffset: number | null): boolean {
    if (!this.#positions.entries.load() || !this.#timestamps.entries.load()) return false;
    const last = this.#timestamps.last;
    if (last !== null) {
      this.maxTimestampMs = last.timestampMs;
      this.#offsetOfMaxTimestamp = last.offset;
    }
    const first = this.#scan(0);
    if (first.next()) this.#firstTimestampMs = first.view.maxTimestamp;
    const lastPosition = this.#positions.lastPosition;
    this.#bytesSinceEntry = this.sizeBytes - lastPosition;
    if (lastPosition > this.sizeBytes || first.problem !== null) return false;
    this.isSynced = true;
    const scanner = this.#scan(lastPosition);
    while (scanner.next()) this.endOffset = scanner.view.lastOffset + 1;
    return scanner.problem === null && (endOffset === null || this.endOffset === endOffset);
  }

  /**
   * Reads the whole segment, checks the CRC and the offsets of each batch, cuts the log at the first bad one, and
   * makes the indexes anew (Kafka's LogSegment.recover). Returns what was wrong, null when nothing was.
   */
  recover(): string | null {
    this.#positions.entries.clear();
    this.#timestamps.clear();
    this.endOffset = this.baseOffset;
    this.maxTimestampMs = -1;
    this.#firstTimestampMs = -1;
    this.#bytesSinceEntry = 0;
    const scanner = new BatchScanner(this.file, {
      from: 0,
      windowBytes: RECOVERY_WINDOW_BYTES,
      wholeBatches: true,
    });
    let good = 0;
    let problem: string | null = null;
    while (problem === null && scanner.next()) {
      const batch = scanner.view;
      if (batch.baseOffset !== this.endOffset)
        problem = `base offset ${batch.baseOffset}, expected ${this.endOffset}`;
      else if (!batch.isCrcValid()) problem = 'the CRC does not fit the batch';
      else {
        this.#note(batch, scanner.position, batch.lengthBytes);
        good = scanner.nextPosition;
      }
    }
    problem ??= scanner.problem;
    this.file.truncate(good);
    this.syncAll();
    return problem;
  }

  close(): void {
    this.file.close();
    this.#positions.entries.close();
    this.#timestamps.entries.close();
  }

  /** Removes the files; the log first, since indexes without a log are cleared away when the partition opens. */
  remove(): void {
    this.close();
    const { storage, directory } = this.#options;
    for (const suffix of [LOG_SUFFIX, OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX]) {
      storage.remove(segmentPath(directory, this.baseOffset, suffix));
    }
  }

  /** The state and the indexes follow a batch that stands at `position`, as in Kafka's LogSegment.append. */
  #note(batch: BatchView, position: number, lengthBytes: number): void {
    const lastOffset = batch.lastOffset;
    const maxTimestamp = batch.maxTimestamp;
    if (position === 0) this.#firstTimestampMs = maxTimestamp;
    if (maxTimestamp > this.maxTimestampMs) {
      this.maxTimestampMs = maxTimestamp;
      this.#offsetOfMaxTimestamp = lastOffset;
    }
    if (this.#bytesSinceEntry > this.#options.config.indexIntervalBytes) {
      this.#positions.append(lastOffset, position);
      this.#timestamps.maybeAppend(this.maxTimestampMs, this.#offsetOfMaxTimestamp);
      this.#bytesSinceEntry = 0;
    }
    this.#bytesSinceEntry += lengthBytes;
    this.endOffset = lastOffset + 1;
  }

  #writeIndexesIfWorth(): void {
    if (!this.#positions.entries.isWorthWriting && !this.#timestamps.entries.isWorthWriting) return;
    try {
      this.#positions.entries.write();
      this.#timestamps.entries.write();
    } catch (error) {
      // The batch is stored: its append must not fail for an index, whose entries wait for the next try.
      if (!(error instanceof StorageError)) throw error;
    }
  }

  /** Headers only. */
  #scan(from: number): BatchScanner {
    return new BatchScanner(this.file, { from, windowBytes: LOOKUP_WINDOW_BYTES, wholeBatches: false });
  }
}

function wholeBatchesLength(bytes: Buffer): number {
  let end = 0;
  while (end + LOG_OVERHEAD_BYTES <= bytes.length) {
    const next = end + bytes.readInt32BE(end + LENGTH_OFFSET) + LOG_OVERHEAD_BYTES;
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}
