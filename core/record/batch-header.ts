import {
  ATTRIBUTES_OFFSET,
  BASE_OFFSET_OFFSET,
  BASE_SEQUENCE_OFFSET,
  BASE_TIMESTAMP_OFFSET,
  BATCH_MAGIC,
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
  writeInt64,
} from './batch-layout.ts';
import { crc32c } from './crc32c.ts';

/** What a producer says in the header of a batch; offsets count from 0. */
export interface BatchHeader {
  /** Codec and flags. */
  readonly attributes: number;
  readonly baseTimestampMs: number;
  readonly maxTimestampMs: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly count: number;
}

/** Writes the 61 bytes before the records, which must be in place: the CRC covers them. `batch` ends with them. */
export function writeBatchHeader(batch: Buffer, header: BatchHeader): void {
  writeInt64(batch, 0, BASE_OFFSET_OFFSET);
  batch.writeInt32BE(batch.length - LOG_OVERHEAD_BYTES, LENGTH_OFFSET);
  batch.writeInt32BE(NONE, PARTITION_LEADER_EPOCH_OFFSET);
  batch.writeInt8(BATCH_MAGIC, MAGIC_OFFSET);
  batch.writeInt16BE(header.attributes, ATTRIBUTES_OFFSET);
  batch.writeInt32BE(header.count - 1, LAST_OFFSET_DELTA_OFFSET);
  writeInt64(batch, header.baseTimestampMs, BASE_TIMESTAMP_OFFSET);
  writeInt64(batch, header.maxTimestampMs, MAX_TIMESTAMP_OFFSET);
  writeInt64(batch, header.producerId, PRODUCER_ID_OFFSET);
  batch.writeInt16BE(header.producerEpoch, PRODUCER_EPOCH_OFFSET);
  batch.writeInt32BE(header.baseSequence, BASE_SEQUENCE_OFFSET);
  batch.writeInt32BE(header.count, COUNT_OFFSET);
  batch.writeUInt32BE(crc32c(batch, ATTRIBUTES_OFFSET), CRC_OFFSET);
}
