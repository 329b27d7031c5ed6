import { TidemarkError } from '../base/errors.ts';
import { RECORDS_OFFSET } from './batch-layout.ts';
import type { BatchView } from './batch-view.ts';
import { DEFAULT_MAX_DECOMPRESSED_BYTES, decompress } from './compression.ts';
import { VarintScanner } from './varint.ts';

/** A header as it was stored; the value is a view of the batch. */
export interface StoredHeader {
  readonly key: string;
  readonly value: Buffer | null;
}

const EMPTY = Buffer.alloc(0);

/**
 * Walks the records of one batch without making an object for any. Positions refer to `bytes`, which is the
 * batch's buffer, or what its records decompressed to. Reused for batch after batch with reset. Anything
 * malformed throws TidemarkError INVALID_RECORD (or what `decompress` throws).
 */
export class RecordCursor {
  bytes: Buffer = EMPTY;
  offset = -1;
  /** The time of the append where the batch has LogAppendTime. */
  timestampMs = -1;
  keyStart = 0;
  /** -1 for null. */
  keyLength = -1;
  valueStart = 0;
  /** -1 for null. */
  valueLength = -1;
  /** Of the value that findHeader found. */
  headerLength = -1;
  private headersStart = 0;
  private recordEnd = 0;
  private remaining = 0;
  private baseOffset = 0;
  private baseTimestampMs = 0;
  /** LogAppendTime's one timestamp, or null where each record has its own. */
  private appendTimeMs: number | null = null;
  private readonly scanner = new VarintScanner();

  /** Goes to the first record's door: call next() to enter. Decompresses if needed, at most to `maxBytes`. */
  reset(batch: BatchView, maxBytes: number = DEFAULT_MAX_DECOMPRESSED_BYTES): void {
    const recordsStart = batch.start + RECORDS_OFFSET;
    const end = batch.start + batch.lengthBytes;
    const compression = batch.compression;
    if (compression === 'none') {
      this.bytes = batch.buffer;
      this.recordEnd = recordsStart;
      this.scanner.limit = end;
    } else {
      const records = decompress(compression, batch.buffer.subarray(recordsStart, end), maxBytes);
      this.bytes = Buffer.from(records.buffer, records.byteOffset, records.byteLength);
      this.recordEnd = 0;
      this.scanner.limit = records.length;
    }
    this.scanner.bytes = this.bytes;
    this.remaining = batch.count;
    this.baseOffset = batch.baseOffset;
    this.baseTimestampMs = batch.baseTimestamp;
    this.appendTimeMs = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : null;
  }

  /** Goes to the next record; false after the last. */
  next(): boolean {
    const scanner = this.scanner;
    const limit = scanner.limit;
    scanner.position = this.recordEnd;
    if (this.remaining <= 0) {
      if (scanner.position !== limit)
        throw invalid(`${limit - scanner.position} bytes follow the last record`);
      return false;
    }
    this.remaining--;
    const length = scanner.int32();
    const end = scanner.position + length;
    if (length < 0 || end > limit) throw invalid(`a record of ${length} bytes does not fit its batch`);
    scanner.position++;
    const delta = scanner.int64();
    this.timestampMs = this.appendTimeMs ?? this.baseTimestampMs + delta;
    this.offset = this.baseOffset + scanner.int32();
    this.keyLength = scanner.int32();
    this.keyStart = scanner.position;
    if (this.keyLength > 0) scanner.position += this.keyLength;
    this.valueLength = scanner.int32();
    this.valueStart = scanner.position;
    const headersStart = scanner.position + Math.max(this.valueLength, 0);
    // The header count needs one byte at least. Lengths below -1 are no lengths.
    if (this.keyLength < -1 || this.valueLength < -1 || headersStart >= end) {
      throw invalid(
        `key of ${this.keyLength} and value of ${this.valueLength} bytes do not fit their record`,
      );
    }
    this.headersStart = headersStart;
    this.recordEnd = end;
    return true;
  }

  /** A view of the key; null for a null key. */
  get key(): Buffer | null {
    return this.keyLength < 0 ? null : this.bytes.subarray(this.keyStart, this.keyStart + this.keyLength);
  }

  get value(): Buffer | null {
    return this.valueLength < 0
      ? null
      : this.bytes.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  get headerCount(): number {
    this.scanner.position = this.headersStart;
    const count = this.scanner.int32();
    // Each header takes two bytes at least.
    if (count < 0 || count * 2 > this.recordEnd - this.scanner.position)
      throw invalid(`${count} headers do not fit`);
    return count;
  }

  /** The headers in the order written, repeated names included. */
  headers(): StoredHeader[] {
    const count = this.headerCount;
    const scanner = this.scanner;
    const headers: StoredHeader[] = [];
    for (let index = 0; index < count; index++) {
      const key = this.slice(scanner.int32());
      if (key === null) throw invalid('a header has no name');
      headers.push({ key: key.toString('utf8'), value: this.slice(scanner.int32()) });
    }
    if (scanner.position !== this.recordEnd) throw invalid('the headers end elsewhere than their record');
    return headers;
  }

  /**
   * Position in `bytes` of the value of the first header with this name (UTF-8), its length in `headerLength`; -1
   * when there is none or its value is null. Allocates nothing, and looks no further than the header it finds.
   */
  findHeader(name: Uint8Array): number {
    const scanner = this.scanner;
    for (let left = this.headerCount; left > 0; left--) {
      const keyLength = scanner.int32();
      const keyStart = scanner.position;
      if (keyLength < 0) throw invalid('a header has no name');
      this.skip(keyLength);
      const valueLength = scanner.int32();
      const valueStart = scanner.position;
      if (valueLength < -1) throw invalid(`a header value of ${valueLength} bytes`);
      this.skip(Math.max(0, valueLength));
      if (keyLength === name.length && this.holdsAt(keyStart, name)) {
        this.headerLength = valueLength;
        return valueLength < 0 ? -1 : valueStart;
      }
    }
    return -1;
  }

  private holdsAt(start: number, name: Uint8Array): boolean {
    for (let index = 0; index < name.length; index++) {
      if (this.bytes[start + index] !== name[index]) return false;
    }
    return true;
  }

  private skip(length: number): void {
    this.scanner.position += length;
    if (this.scanner.position > this.recordEnd)
      throw invalid(`a header part of ${length} bytes does not fit`);
  }

  private slice(length: number): Buffer | null {
    if (length === -1) return null;
    const start = this.scanner.position;
    if (length < 0 || start + length > this.recordEnd)
      throw invalid(`a header part of ${length} bytes does not fit`);
    this.scanner.position = start + length;
    return this.bytes.subarray(start, start + length);
  }
}

function invalid(reason: string): TidemarkError {
  return new TidemarkError('INVALID_RECORD', `malformed record: ${reason}`);
}
