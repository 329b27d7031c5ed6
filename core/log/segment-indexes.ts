import type { Storage } from '../base/storage.ts';
import { readInt64, writeInt64 } from '../record/batch-layout.ts';
import { OFFSET_INDEX_SUFFIX, segmentPath, TIME_INDEX_SUFFIX } from './log-file-names.ts';
import { SparseEntries } from './sparse-entries.ts';

const OFFSET_ENTRY_BYTES = 8;
const TIME_ENTRY_BYTES = 12;

interface SegmentPlace {
  readonly storage: Storage;
  readonly directory: string;
  readonly baseOffset: number;
}

/**
 * Where in a segment's log some of its batches stand (Kafka's OffsetIndex), big-endian:
 *
 *    0 relativeOffset  int32   the batch's last offset minus the segment's base offset
 *    4 position        int32   of the batch in the log file
 */
export class OffsetPositions {
  readonly entries: SparseEntries;
  readonly #baseOffset: number;

  constructor(place: SegmentPlace) {
    this.#baseOffset = place.baseOffset;
    this.entries = new SparseEntries({
      storage: place.storage,
      path: segmentPath(place.directory, place.baseOffset, OFFSET_INDEX_SUFFIX),
      entryBytes: OFFSET_ENTRY_BYTES,
      readKey: (entry, start) => entry.readInt32BE(start),
    });
  }

  append(lastOffset: number, position: number): void {
    const { buffer, offset } = this.entries.add();
    buffer.writeInt32BE(lastOffset - this.#baseOffset, offset);
    buffer.writeInt32BE(position, offset + 4);
  }

  /** A position at or before the batch that holds `offset`. */
  positionBefore(offset: number): number {
    return this.entries.entry(this.entries.floorIndex(offset - this.#baseOffset))?.readInt32BE(4) ?? 0;
  }

  /** Position of the last entry's batch, 0 without entries. */
  get lastPosition(): number {
    return this.entries.entry(this.entries.count - 1)?.readInt32BE(4) ?? 0;
  }
}

/**
 * The largest timestamp up to some offsets of a segment (Kafka's TimeIndex), big-endian:
 *
 *    0 timestamp       int64   the largest so far, ms since the epoch
 *    8 relativeOffset  int32   last offset of the batch that has it, minus the segment's base offset
 */
export class TimestampOffsets {
  readonly entries: SparseEntries;
  readonly #baseOffset: number;
  #lastTimestampMs: number | null = null;

  constructor(place: SegmentPlace) {
    this.#baseOffset = place.baseOffset;
    this.entries = new SparseEntries({
      storage: place.storage,
      path: segmentPath(place.directory, place.baseOffset, TIME_INDEX_SUFFIX),
      entryBytes: TIME_ENTRY_BYTES,
      readKey: readInt64,
    });
  }

  /** Adds nothing when the timestamp is not above the last entry's, as in Kafka. */
  maybeAppend(timestampMs: number, lastOffset: number): void {
    this.#lastTimestampMs ??= this.last?.timestampMs ?? -1;
    if (timestampMs <= this.#lastTimestampMs) return;
    const { buffer, offset } = this.entries.add();
    writeInt64(buffer, timestampMs, offset);
    buffer.writeInt32BE(lastOffset - this.#baseOffset, offset + 8);
    this.#lastTimestampMs = timestampMs;
  }

  /** Every batch with a timestamp of at least `timestampMs` ends at this offset or after it. */
  offsetBefore(timestampMs: number): number {
    const entry = this.entries.entry(this.entries.floorIndex(timestampMs));
    return entry === null ? this.#baseOffset : this.#baseOffset + entry.readInt32BE(8);
  }

  get last(): { timestampMs: number; offset: number } | null {
    const entry = this.entries.entry(this.entries.count - 1);
    if (entry === null) return null;
    return { timestampMs: readInt64(entry, 0), offset: this.#baseOffset + entry.readInt32BE(8) };
  }

  clear(): void {
    this.entries.clear();
    this.#lastTimestampMs = null;
  }
}
