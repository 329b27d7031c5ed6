import { TidemarkError } from '../base/errors.ts';
import {
  ATTRIBUTES_OFFSET,
  BASE_OFFSET_OFFSET,
  BASE_SEQUENCE_OFFSET,
  BASE_TIMESTAMP_OFFSET,
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  CONTROL_FLAG,
  COUNT_OFFSET,
  CRC_OFFSET,
  LAST_OFFSET_DELTA_OFFSET,
  LENGTH_OFFSET,
  LOG_OVERHEAD_BYTES,
  MAGIC_OFFSET,
  MAX_TIMESTAMP_OFFSET,
  NONE,
  PARTITION_LEADER_EPOCH_OFFSET,
  PRODUCER_EPOCH_OFFSET,
  PRODUCER_ID_OFFSET,
  RECORDS_OFFSET,
  TRANSACTIONAL_FLAG,
  writeInt64,
} from './batch-layout.ts';
import { compress, compressionId } from './compression.ts';
import { crc32c } from './crc32c.ts';
import { dataSizeBytes, headersSizeBytes, recordSizeUpperBound } from './record-size.ts';
import type { CompressionType, RecordData, RecordHeader } from './types.ts';
import { varintSizeBytes, varlongSizeBytes, writeVarint, writeVarlong } from './varint.ts';

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

/** Up to here a loop over the characters beats the call into native code. */
const SHORT_TEXT_UNITS = 16;
/** Room that a text's last character may need beyond one byte: see writeText. */
const TEXT_SLACK_BYTES = 4;

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
    const first = this.count === 0;
    const delta = first ? 0 : timestampMs - this.baseTimestampMs;
    const headersBytes = headers === null || headers.length === 0 ? 1 : headersSizeBytes(headers);
    let keyBytes = key === null ? -1 : key.length;
    let valueBytes = value === null ? -1 : value.length;
    let body = bodySizeBytes(delta, this.count, keyBytes, valueBytes) + headersBytes;
    const start = this.sizeBytes;
    let end = start + varintSizeBytes(body) + body;
    let written = false;
    if (end + TEXT_SLACK_BYTES <= this.limit) {
      const at = this.writePrefix(body, delta, start);
      written = this.writeBody(at, key, keyBytes, value, valueBytes, headers);
    }
    if (!written) {
      keyBytes = dataSizeBytes(key);
      valueBytes = dataSizeBytes(value);
      body = bodySizeBytes(delta, this.count, keyBytes, valueBytes) + headersBytes;
      end = start + varintSizeBytes(body) + body;
      if (end > this.limit) return 0;
      const at = this.writePrefix(body, delta, start);
      this.writeBody(at, key, keyBytes, value, valueBytes, headers);
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
    this.writeHeader(batch, options);
    this.buffer = NO_BUFFER;
    this.limit = 0;
    return batch;
  }

  private writeHeader(batch: Buffer, options: SealOptions): void {
    const attributes =
      compressionId(options.compression) |
      (options.isTransactional === true ? TRANSACTIONAL_FLAG : 0) |
      (options.isControl === true ? CONTROL_FLAG : 0);
    writeInt64(batch, 0, BASE_OFFSET_OFFSET);
    batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, LENGTH_OFFSET);
    batch.writeInt32BE(NONE, PARTITION_LEADER_EPOCH_OFFSET);
    batch.writeInt8(BATCH_MAGIC, MAGIC_OFFSET);
    batch.writeInt16BE(attributes, ATTRIBUTES_OFFSET);
    batch.writeInt32BE(this.count - 1, LAST_OFFSET_DELTA_OFFSET);
    writeInt64(batch, this.baseTimestampMs, BASE_TIMESTAMP_OFFSET);
    writeInt64(batch, this.maxTimestampMs, MAX_TIMESTAMP_OFFSET);
    writeInt64(batch, options.producerId ?? NONE, PRODUCER_ID_OFFSET);
    batch.writeInt16BE(options.producerEpoch ?? NONE, PRODUCER_EPOCH_OFFSET);
    batch.writeInt32BE(options.baseSequence ?? NONE, BASE_SEQUENCE_OFFSET);
    batch.writeInt32BE(this.count, COUNT_OFFSET);
    batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_OFFSET), CRC_OFFSET);
  }

  /** Length, attributes and deltas; returns the position after them. */
  private writePrefix(body: number, delta: number, start: number): number {
    const buffer = this.buffer;
    let at = writeVarint(buffer, body, start);
    buffer[at++] = 0;
    at = writeVarlong(buffer, delta, at);
    return writeVarint(buffer, this.count, at);
  }

  /** False when a text took another number of bytes than assumed: what was written is then to be overwritten. */
  private writeBody(
    start: number,
    key: RecordData,
    keyBytes: number,
    value: RecordData,
    valueBytes: number,
    headers: readonly RecordHeader[] | null,
  ): boolean {
    const buffer = this.buffer;
    let at = writeVarint(buffer, keyBytes, start);
    if (key !== null) {
      if (typeof key !== 'string') buffer.set(key, at);
      else if (!this.writeText(key, at, keyBytes)) return false;
      at += keyBytes;
    }
    at = writeVarint(buffer, valueBytes, at);
    if (value !== null) {
      if (typeof value !== 'string') buffer.set(value, at);
      else if (!this.writeText(value, at, valueBytes)) return false;
      at += valueBytes;
    }
    if (headers === null || headers.length === 0) buffer[at] = 0;
    else this.writeHeaders(headers, at);
    return true;
  }

  /**
   * Writes a text as UTF-8 and says whether it took `sizeBytes`. Text that is not ASCII takes more bytes than
   * it has UTF-16 units, and the slack lets at least one of those be written, so that it shows.
   */
  private writeText(text: string, position: number, sizeBytes: number): boolean {
    const buffer = this.buffer;
    if (sizeBytes === text.length && sizeBytes <= SHORT_TEXT_UNITS) {
      let at = position;
      for (let index = 0; index < sizeBytes; index++) {
        const unit = text.charCodeAt(index);
        if (unit >= 0x80) return false;
        buffer[at++] = unit;
      }
      return true;
    }
    const room = Math.min(sizeBytes + TEXT_SLACK_BYTES, this.limit - position);
    return buffer.write(text, position, room, 'utf8') === sizeBytes;
  }

  private writeHeaders(headers: readonly RecordHeader[], start: number): void {
    const buffer = this.buffer;
    let at = writeVarint(buffer, headers.length, start);
    for (let index = 0; index < headers.length; index++) {
      const { key, value } = headers[index]!;
      const keyBytes = Buffer.byteLength(key);
      at = writeVarint(buffer, keyBytes, at);
      this.writeText(key, at, keyBytes);
      at += keyBytes;
      const valueBytes = dataSizeBytes(value);
      at = writeVarint(buffer, valueBytes, at);
      if (value === null) continue;
      if (typeof value === 'string') this.writeText(value, at, valueBytes);
      else buffer.set(value, at);
      at += valueBytes;
    }
  }
}

/** Everything of a record after its length, but for the headers. A size of -1 stands for null. */
function bodySizeBytes(
  timestampDelta: number,
  offsetDelta: number,
  keyBytes: number,
  valueBytes: number,
): number {
  return (
    1 +
    varlongSizeBytes(timestampDelta) +
    varintSizeBytes(offsetDelta) +
    varintSizeBytes(keyBytes) +
    Math.max(keyBytes, 0) +
    varintSizeBytes(valueBytes) +
    Math.max(valueBytes, 0)
  );
}
