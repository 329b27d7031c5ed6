import { TidemarkError } from '../base/errors.ts';
import { BATCH_HEADER_BYTES } from '../record/batch-layout.ts';
import { recordSizeUpperBound } from '../record/record-size.ts';
import type { RecordData, RecordHeader } from '../record/types.ts';
import type { TopicState } from './topic-state.ts';

export interface RecordLimits {
  readonly maxRequestSizeBytes: number;
  readonly bufferMemoryBytes: number;
}

/**
 * Looks closely at a record that may be too large or no record. Throws RECORD_TOO_LARGE by the upper bound of its
 * size, as KafkaProducer.ensureValidRecordSize does, and SERIALIZATION for data that is neither bytes nor text.
 */
export function checkRecord(
  key: RecordData,
  value: RecordData,
  headers: readonly RecordHeader[] | null,
  limits: RecordLimits,
): void {
  checkData('key', key);
  checkData('value', value);
  for (const header of headers ?? []) checkData(`header ${header.key}`, header.value);
  const sizeBytes = BATCH_HEADER_BYTES + recordSizeUpperBound(key, value, headers);
  const { maxRequestSizeBytes, bufferMemoryBytes } = limits;
  if (sizeBytes > maxRequestSizeBytes) throw tooLarge(sizeBytes, `max.request.size ${maxRequestSizeBytes}`);
  if (sizeBytes > bufferMemoryBytes) throw tooLarge(sizeBytes, `buffer.memory ${bufferMemoryBytes}`);
}

export function checkTimestamp(timestampMs: number): void {
  if (Number.isSafeInteger(timestampMs) && timestampMs >= 0) return;
  throw new TidemarkError(
    'INVALID_ARGUMENT',
    `timestamp must be a whole number >= 0, got ${String(timestampMs)}`,
  );
}

export function checkPartition(partition: number, topic: TopicState): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitionCount) return;
  throw new TidemarkError(
    'INVALID_PARTITION',
    `partition ${String(partition)} of topic ${topic.name} does not exist, expected 0 to ${topic.partitionCount - 1}`,
  );
}

export function memoryTooSmall(neededBytes: number, totalBytes: number): TidemarkError {
  return new TidemarkError(
    'BUFFER_EXHAUSTED',
    `a batch needs ${neededBytes} bytes, more than the whole of buffer.memory ${totalBytes}: ` +
      'raise it or lower batch.size',
  );
}

function tooLarge(sizeBytes: number, limit: string): TidemarkError {
  return new TidemarkError(
    'RECORD_TOO_LARGE',
    `the record takes up to ${sizeBytes} bytes, more than ${limit}`,
  );
}

function checkData(what: string, data: RecordData): void {
  if (data === null || typeof data === 'string' || data instanceof Uint8Array) return;
  throw new TidemarkError('SERIALIZATION', `${what} must be bytes, text or null, got ${typeof data}`);
}
