import { TidemarkError } from '../base/errors.ts';
import { writeBatchHeader } from './batch-header.ts';
import {
  BATCH_HEADER_BYTES,
  CONTROL_FLAG,
  NONE,
  RECORDS_OFFSET,
  TRANSACTIONAL_FLAG,
} from './batch-layout.ts';
import { compress, compressionId } from './compression.ts';
import { bodySizeBytes, dataSizeBytes, headersSizeBytes, recordSizeUpperBound } from './record-size.ts';
import type { CompressionType, RecordData, RecordHeader } from './types.ts';
import { varintSizeBytes, writeVarint, writeVarlong } from './varint.ts';

export interface SealOptions {
  readonly compression: CompressionType;
  /** Null takes the codec's default. */
  readonly level: number | null;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
}

type Headers = readonly RecordHeader[] | null;

/** Up to here a loop over the characters beats the call into native code. */
const SHORT_TEXT_UNITS = 16;
/** Room that a character may need beyond one byte: see writeText. */
const TEXT_SLACK_BYTES = 4;
/**
 * With this many bytes of key, value and headers, and so few headers, the length field takes two bytes whatever
 * the other fields take: after it come 64 to 8191 bytes. Six bytes are the least that the others add
 * (a null key or value is counted as -1, a header with its 2 length bytes), 28 + 8 per header the most.
 */
const FORWARD_MIN_BYTES = 64 - 6;
const FORWARD_MAX_BYTES = 8000;
const FORWARD_MAX_HEADERS = 16;
/** What forward writing may take beyond the data: 2 + 28 + 8 per header, and a text's slack. */
const FORWARD_SLACK_BYTES = 30 + 8 * FORWARD_MAX_HEADERS + TEXT_SLACK_BYTES;
/** -1 as zigzag varint. */
const NULL_LENGTH = 1;

const NO_BUFFER = Buffer.alloc(0);

/**
 * Writes records straight into a batch's buffer, one copy per record and no object for it. Texts are taken for
 * ASCII at first, whose length is known without walking them; one that is not is noticed while it is written,
 * and its record written again. Fields are plain: this is the hottest code of the project.
 *
 * `count`, `sizeBytes`, `baseTimestampMs` and `maxTimestampMs` are for reading only.
 */
export class BatchBuilder {
  /** Records appended. */
  count = 0;
  /** Header and records, uncompressed; where the next record goes. */
  sizeBytes: number = BATCH_HEADER_BYTES;
  /** Of the first record. */
  baseTimestampMs: number = NONE;
  maxTimestampMs: number = NONE;
  private buffer: Buffer = NO_BUFFER;
  private limit = 0;

  /** An upper bound of what one record takes in any batch (exact sizes, longest deltas). */
  static recordSizeUpperBound(
    key: RecordData,
    value: RecordData,
    headers: readonly RecordHeader[] | null,
  ): number {
    return recordSizeUpperBound(key, value, headers);
  }

  /** Begins a batch in `buffer`, which must hold at least the header. The first 61 bytes are written by seal. */
  reset(buffer: Buffer): void {
    this.buffer = buffer;
    this.limit = buffer.length;
    this.sizeBytes = BATCH_HEADER_BYTES;
    this.count = 0;
    this.baseTimestampMs = NONE;
    this.maxTimestampMs = NONE;
  }

  /** Takes what was appended so far into a larger buffer and goes on there. The old one is free afterwards. */
  moveTo(buffer: Buffer): void {
    this.buffer.copy(buffer, 0, 0, this.sizeBytes);
    this.buffer = buffer;
    this.limit = buffer.length;
  }

  /** Exact size of a record if it were appended now. */
  sizeOfNext(
    timestampMs: number,
    key: RecordData,
    value: RecordData,
    headers: readonly RecordHeader[] | null,
  ): number {
    const delta = this.count === 0 ? 0 : timestampMs - this.baseTimestampMs;
    const body =
      bodySizeBytes(delta, this.count, dataSizeBytes(key), dataSizeBytes(value)) + headersSizeBytes(headers);
    return varintSizeBytes(body) + body;
  }

  /**
   * Appends a record with an integer timestamp. Returns the bytes it took, or 0 and leaves the batch as it was
   * when the buffer has no room for it.
   */
  append(
    timestampMs: number,
    key: RecordData,
    value: RecordData,
    headers: readonly RecordHeader[] | null,
  ): number {
    const start = this.sizeBytes;
    const first = this.count === 0;
    const delta = first ? 0 : timestampMs - this.baseTimestampMs;
    let end = this.appendForward(delta, key, value, headers);
    if (end === 0) {
      end = this.appendExact(delta, key, value, headers);
      if (end === 0) return 0;
    }
    if (first) {
      this.baseTimestampMs = timestampMs;
      this.maxTimestampMs = timestampMs;
    } else if (timestampMs > this.maxTimestampMs) {
      this.maxTimestampMs = timestampMs;
    }
    this.count++;
    this.sizeBytes = end;
    return end - start;
  }

  /**
   * Completes the batch and returns its bytes: a view of the builder's buffer, also when compressed, unless
   * compression made the records too large for it. Records cannot be appended any more.
   */
  seal(options: SealOptions): Buffer {
    if (this.count === 0)
      throw new TidemarkError('ILLEGAL_STATE', 'a batch without records cannot be sealed');
    let batch = this.buffer.subarray(0, this.sizeBytes);
    if (options.compression !== 'none') {
      const records = compress(options.compression, options.level, batch.subarray(RECORDS_OFFSET));
      const sizeBytes = RECORDS_OFFSET + records.length;
      batch = sizeBytes <= this.limit ? this.buffer.subarray(0, sizeBytes) : Buffer.allocUnsafe(sizeBytes);
      batch.set(records, RECORDS_OFFSET);
    }
    writeBatchHeader(batch, {
      attributes:
        compressionId(options.compression) |
        (options.isTransactional === true ? TRANSACTIONAL_FLAG : 0) |
        (options.isControl === true ? CONTROL_FLAG : 0),
      baseTimestampMs: this.baseTimestampMs,
      maxTimestampMs: this.maxTimestampMs,
      producerId: options.producerId ?? NONE,
      producerEpoch: options.producerEpoch ?? NONE,
      baseSequence: options.baseSequence ?? NONE,
      count: this.count,
    });
    this.buffer = NO_BUFFER;
    this.limit = 0;
    return batch;
  }

  /**
   * The usual record: its length field surely takes two bytes, so the record is written front to back without
   * adding up its size first, and the length is filled in at the end. Returns the end of the record, or 0 when
   * its size is too small, too large or too near the buffer's end for that, or a text is not ASCII.
   */
  private appendForward(delta: number, key: RecordData, value: RecordData, headers: Headers): number {
    const buffer = this.buffer;
    const start = this.sizeBytes;
    const keyBytes = key === null ? -1 : key.length;
    const valueBytes = value === null ? -1 : value.length;
    const dataBytes = keyBytes + valueBytes + (headers === null ? 0 : headersUnits(headers));
    if (dataBytes < FORWARD_MIN_BYTES || dataBytes > FORWARD_MAX_BYTES || delta !== (delta | 0)) return 0;
    if (start + dataBytes + FORWARD_SLACK_BYTES > this.limit) return 0;
    let at = start + 2;
    buffer[at++] = 0;
    at = writeVarint(buffer, delta, at);
    at = writeVarint(buffer, this.count, at);
    at = writeVarint(buffer, keyBytes, at);
    if (key !== null) {
      if (typeof key !== 'string') buffer.set(key, at);
      else if (!this.writeText(key, at, keyBytes)) return 0;
      at += keyBytes;
    }
    at = writeVarint(buffer, valueBytes, at);
    if (value !== null) {
      if (typeof value !== 'string') buffer.set(value, at);
      else if (!this.writeText(value, at, valueBytes)) return 0;
      at += valueBytes;
    }
    if (headers === null || headers.length === 0) buffer[at++] = 0;
    else at = this.writeHeadersForward(headers, at);
    if (at === 0) return 0;
    const zigzag = (at - start - 2) << 1;
    buffer[start] = (zigzag & 0x7f) | 0x80;
    buffer[start + 1] = zigzag >>> 7;
    return at;
  }

  /** Any record, its sizes found out first. Returns the end of the record, or 0 when it does not fit. */
  private appendExact(delta: number, key: RecordData, value: RecordData, headers: Headers): number {
    const buffer = this.buffer;
    const keyBytes = dataSizeBytes(key);
    const valueBytes = dataSizeBytes(value);
    const body = bodySizeBytes(delta, this.count, keyBytes, valueBytes) + headersSizeBytes(headers);
    const end = this.sizeBytes + varintSizeBytes(body) + body;
    if (end > this.limit) return 0;
    let at = writeVarint(buffer, body, this.sizeBytes);
    buffer[at++] = 0;
    at = writeVarlong(buffer, delta, at);
    at = writeVarint(buffer, this.count, at);
    at = writeData(buffer, key, keyBytes, at);
    at = writeData(buffer, value, valueBytes, at);
    if (headers === null) {
      buffer[at] = 0;
      return end;
    }
    at = writeVarint(buffer, headers.length, at);
    for (let index = 0; index < headers.length; index++) {
      const header = headers[index]!;
      at = writeData(buffer, header.key, Buffer.byteLength(header.key), at);
      at = writeData(buffer, header.value, dataSizeBytes(header.value), at);
    }
    return end;
  }

  /** The position after the headers, or 0 when a text is not ASCII. */
  private writeHeadersForward(headers: readonly RecordHeader[], start: number): number {
    const buffer = this.buffer;
    let at = writeVarint(buffer, headers.length, start);
    for (let index = 0; index < headers.length; index++) {
      const header = headers[index]!;
      const key = header.key;
      at = writeVarint(buffer, key.length, at);
      if (!this.writeText(key, at, key.length)) return 0;
      at += key.length;
      const value = header.value;
      if (value === null) {
        buffer[at++] = NULL_LENGTH;
        continue;
      }
      at = writeVarint(buffer, value.length, at);
      if (typeof value !== 'string') buffer.set(value, at);
      else if (!this.writeText(value, at, value.length)) return 0;
      at += value.length;
    }
    return at;
  }

  /**
   * Writes a text taken for ASCII, of as many bytes as UTF-16 units, and says whether it was. What is not takes
   * more bytes than units, and the slack lets at least one of those be written, so that it shows.
   */
  private writeText(text: string, position: number, units: number): boolean {
    const buffer = this.buffer;
    if (units > SHORT_TEXT_UNITS)
      return buffer.write(text, position, units + TEXT_SLACK_BYTES, 'utf8') === units;
    let at = position;
    for (let index = 0; index < units; index++) {
      const unit = text.charCodeAt(index);
      if (unit >= 0x80) return false;
      buffer[at++] = unit;
    }
    return true;
  }
}

/** Length and bytes of a key, a value or a part of a header; returns the position after them. */
function writeData(buffer: Buffer, data: RecordData, sizeBytes: number, position: number): number {
  const at = writeVarint(buffer, sizeBytes, position);
  if (data === null) return at;
  if (typeof data === 'string') buffer.write(data, at, sizeBytes, 'utf8');
  else buffer.set(data, at);
  return at + sizeBytes;
}

/** The least that headers take, texts taken for ASCII; more than allowed when there are too many of them. */
function headersUnits(headers: readonly RecordHeader[]): number {
  if (headers.length > FORWARD_MAX_HEADERS) return FORWARD_MAX_BYTES + 3;
  let units = 0;
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]!;
    units += 2 + header.key.length + (header.value === null ? 0 : header.value.length);
  }
  return units;
}
