import { TidemarkError } from '../base/errors.ts';
import {
  ATTRIBUTES_OFFSET,
  BASE_OFFSET_OFFSET,
  BASE_SEQUENCE_OFFSET,
  BASE_TIMESTAMP_OFFSET,
  BATCH_HEADER_BYTES,
  BATCH_MAGIC,
  COMPRESSION_MASK,
  CONTROL_FLAG,
  COUNT_OFFSET,
  CRC_OFFSET,
  LAST_OFFSET_DELTA_OFFSET,
  LENGTH_OFFSET,
  LOG_APPEND_TIME_FLAG,
  LOG_OVERHEAD_BYTES,
  MAGIC_OFFSET,
  MAX_TIMESTAMP_OFFSET,
  PARTITION_LEADER_EPOCH_OFFSET,
  PRODUCER_EPOCH_OFFSET,
  PRODUCER_ID_OFFSET,
  readInt64,
  TRANSACTIONAL_FLAG,
  writeInt64,
} from './batch-layout.ts';
import { compressionById } from './compression.ts';
import { crc32c } from './crc32c.ts';
import type { CompressionType } from './types.ts';

export type TimestampType = 'CreateTime' | 'LogAppendTime';

const EMPTY = Buffer.alloc(0);

/**
 * A batch inside a buffer, read field by field and only when asked. The caller has made sure that the whole
 * batch is there (`iterateBatches`, `validateBatchFromProducer`); a shorter buffer gives RangeErrors.
 */
export class BatchView {
  buffer: Buffer;
  /** Where the batch begins in `buffer`. */
  start = 0;

  constructor(buffer: Buffer = EMPTY, start = 0) {
    this.buffer = buffer;
    this.start = start;
  }

  reset(buffer: Buffer, start = 0): this {
    this.buffer = buffer;
    this.start = start;
    return this;
  }

  get baseOffset(): number {
    return readInt64(this.buffer, this.start + BASE_OFFSET_OFFSET);
  }

  /** The whole batch, from the base offset to its last record. */
  get lengthBytes(): number {
    return this.buffer.readInt32BE(this.start + LENGTH_OFFSET) + LOG_OVERHEAD_BYTES;
  }

  get partitionLeaderEpoch(): number {
    return this.buffer.readInt32BE(this.start + PARTITION_LEADER_EPOCH_OFFSET);
  }

  get magic(): number {
    return this.buffer.readInt8(this.start + MAGIC_OFFSET);
  }

  /** Unsigned. */
  get crc(): number {
    return this.buffer.readUInt32BE(this.start + CRC_OFFSET);
  }

  get attributes(): number {
    return this.buffer.readInt16BE(this.start + ATTRIBUTES_OFFSET);
  }

  /** Throws TidemarkError UNSUPPORTED_COMPRESSION_TYPE for the codec ids 5 to 7. */
  get compression(): CompressionType {
    const id = this.attributes & COMPRESSION_MASK;
    const type = compressionById(id);
    if (type === null) throw new TidemarkError('UNSUPPORTED_COMPRESSION_TYPE', `no codec has the id ${id}`);
    return type;
  }

  get timestampType(): TimestampType {
    return (this.attributes & LOG_APPEND_TIME_FLAG) === 0 ? 'CreateTime' : 'LogAppendTime';
  }

  get isTransactional(): boolean {
    return (this.attributes & TRANSACTIONAL_FLAG) !== 0;
  }

  get isControl(): boolean {
    return (this.attributes & CONTROL_FLAG) !== 0;
  }

  get lastOffsetDelta(): number {
    return this.buffer.readInt32BE(this.start + LAST_OFFSET_DELTA_OFFSET);
  }

  get lastOffset(): number {
    return this.baseOffset + this.lastOffsetDelta;
  }

  /** Milliseconds since the epoch. */
  get baseTimestamp(): number {
    return readInt64(this.buffer, this.start + BASE_TIMESTAMP_OFFSET);
  }

  get maxTimestamp(): number {
    return readInt64(this.buffer, this.start + MAX_TIMESTAMP_OFFSET);
  }

  /** -1 without idempotence. */
  get producerId(): number {
    return readInt64(this.buffer, this.start + PRODUCER_ID_OFFSET);
  }

  get producerEpoch(): number {
    return this.buffer.readInt16BE(this.start + PRODUCER_EPOCH_OFFSET);
  }

  get baseSequence(): number {
    return this.buffer.readInt32BE(this.start + BASE_SEQUENCE_OFFSET);
  }

  get count(): number {
    return this.buffer.readInt32BE(this.start + COUNT_OFFSET);
  }

  /** The batch's bytes, without a copy. */
  get bytes(): Buffer {
    return this.buffer.subarray(this.start, this.start + this.lengthBytes);
  }

  isCrcValid(): boolean {
    return this.crc === computeCrc(this.buffer, this.start);
  }

  /** The CRC does not cover it. */
  static patchBaseOffset(buffer: Buffer, start: number, offset: number): void {
    writeInt64(buffer, offset, start + BASE_OFFSET_OFFSET);
  }

  /** The CRC does not cover it. */
  static patchLeaderEpoch(buffer: Buffer, start: number, leaderEpoch: number): void {
    buffer.writeInt32BE(leaderEpoch, start + PARTITION_LEADER_EPOCH_OFFSET);
  }

  /** Stamps the batch with the time of its append, as message.timestamp.type=LogAppendTime asks; new CRC. */
  static patchLogAppendTime(buffer: Buffer, start: number, timestampMs: number): void {
    const attributes = buffer.readInt16BE(start + ATTRIBUTES_OFFSET);
    buffer.writeInt16BE(attributes | LOG_APPEND_TIME_FLAG, start + ATTRIBUTES_OFFSET);
    writeInt64(buffer, timestampMs, start + MAX_TIMESTAMP_OFFSET);
    patchCrc(buffer, start);
  }

  /** Gives a sealed batch its place in a producer's sequence, as a new epoch needs; new CRC. */
  static patchProducerState(
    buffer: Buffer,
    start: number,
    state: { readonly producerId: number; readonly producerEpoch: number; readonly baseSequence: number },
  ): void {
    writeInt64(buffer, state.producerId, start + PRODUCER_ID_OFFSET);
    buffer.writeInt16BE(state.producerEpoch, start + PRODUCER_EPOCH_OFFSET);
    buffer.writeInt32BE(state.baseSequence, start + BASE_SEQUENCE_OFFSET);
    patchCrc(buffer, start);
  }
}

function computeCrc(buffer: Buffer, start: number): number {
  const end = start + buffer.readInt32BE(start + LENGTH_OFFSET) + LOG_OVERHEAD_BYTES;
  return crc32c(buffer, start + ATTRIBUTES_OFFSET, end);
}

function patchCrc(buffer: Buffer, start: number): void {
  buffer.writeUInt32BE(computeCrc(buffer, start), start + CRC_OFFSET);
}

/**
 * Visits each complete v2 batch of a fetched records field, in order, and ignores a batch cut off at the end, as
 * fetch responses may have. One view is reused: it points elsewhere after the next step.
 * Throws TidemarkError CORRUPT_MESSAGE for a length that no batch has or another magic than 2.
 */
export function* iterateBatches(
  buffer: Buffer,
  view: BatchView = new BatchView(),
): Generator<BatchView, void> {
  let start = 0;
  while (start + BATCH_HEADER_BYTES <= buffer.length) {
    view.reset(buffer, start);
    const lengthBytes = view.lengthBytes;
    if (lengthBytes < BATCH_HEADER_BYTES) {
      throw new TidemarkError(
        'CORRUPT_MESSAGE',
        `batch at byte ${start} says it is ${lengthBytes} bytes long`,
      );
    }
    if (view.magic !== BATCH_MAGIC) {
      throw new TidemarkError(
        'CORRUPT_MESSAGE',
        `batch at byte ${start} has magic ${view.magic}, expected 2`,
      );
    }
    if (start + lengthBytes > buffer.length) return;
    yield view;
    start += lengthBytes;
  }
}
