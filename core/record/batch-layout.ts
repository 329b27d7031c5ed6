/**
 * The record batch, format v2 (Kafka's DefaultRecordBatch), big-endian:
 *
 *    0 baseOffset            int64   may be patched in place: the CRC does not cover it
 *    8 length                int32   bytes after this field
 *   12 partitionLeaderEpoch  int32   may be patched in place
 *   16 magic                 int8    2
 *   17 crc                   uint32  CRC-32C of byte 21 to the end
 *   21 attributes            int16   bits 0-2 codec, 3 LogAppendTime, 4 transactional, 5 control, 6 deleteHorizon
 *   23 lastOffsetDelta       int32
 *   27 baseTimestamp         int64   ms since the epoch
 *   35 maxTimestamp          int64
 *   43 producerId            int64   -1 without idempotence
 *   51 producerEpoch         int16
 *   53 baseSequence          int32
 *   57 count                 int32
 *   61 records                       compressed as one block when the codec is not 0
 */
export const BASE_OFFSET_OFFSET = 0;
export const LENGTH_OFFSET = 8;
export const PARTITION_LEADER_EPOCH_OFFSET = 12;
export const MAGIC_OFFSET = 16;
export const CRC_OFFSET = 17;
export const ATTRIBUTES_OFFSET = 21;
export const LAST_OFFSET_DELTA_OFFSET = 23;
export const BASE_TIMESTAMP_OFFSET = 27;
export const MAX_TIMESTAMP_OFFSET = 35;
export const PRODUCER_ID_OFFSET = 43;
export const PRODUCER_EPOCH_OFFSET = 51;
export const BASE_SEQUENCE_OFFSET = 53;
export const COUNT_OFFSET = 57;
export const RECORDS_OFFSET = 61;

/** Size of the header: where the records begin. */
export const BATCH_HEADER_BYTES = RECORDS_OFFSET;
/** baseOffset and length, which `length` itself does not count (Kafka's LOG_OVERHEAD). */
export const LOG_OVERHEAD_BYTES = 12;
export const BATCH_MAGIC = 2;

export const COMPRESSION_MASK = 0x07;
export const LOG_APPEND_TIME_FLAG = 0x08;
export const TRANSACTIONAL_FLAG = 0x10;
export const CONTROL_FLAG = 0x20;

/** "No timestamp", "no producer id", "no sequence" and the like. */
export const NONE = -1;

const TWO_POW_32 = 0x1_0000_0000;

/** Reads an int64 as a number: exact up to 2^53, no BigInt on the way. */
export function readInt64(buffer: Buffer, offset: number): number {
  return buffer.readInt32BE(offset) * TWO_POW_32 + buffer.readUInt32BE(offset + 4);
}

/** Writes an integer of at most 53 bits as an int64. */
export function writeInt64(buffer: Buffer, value: number, offset: number): void {
  buffer.writeInt32BE(Math.floor(value / TWO_POW_32), offset);
  buffer.writeUInt32BE(value >>> 0, offset + 4);
}
