import { TidemarkError } from '../../base/errors.ts';
import { BATCH_HEADER_BYTES } from '../../record/batch-layout.ts';
import { describeValue } from '../../record/described.ts';
import { recordSizeUpperBound } from '../../record/record-size.ts';
import type { RecordData, RecordHeader } from '../../record/types.ts';
import { asRecordError } from '../delivery/produce-errors.ts';
import type { TopicState } from '../topic-state.ts';
import type { ProducerRecord } from '../types.ts';
import { headerList } from './record-headers.ts';

export interface RecordLimits {
  readonly maxRequestSizeBytes: number;
  readonly bufferMemoryBytes: number;
}

/**
 * Looks closely at a record that may be too large or no record. Throws RECORD_TOO_LARGE by the upper bound of its
 * size, as KafkaProducer.ensureValidRecordSize does, and SERIALIZATION for data that is neither bytes nor text.
 */
export function checkRecord(
  record: {
    readonly topic: string;
    readonly key: RecordData;
    readonly value: RecordData;
    readonly headers: readonly RecordHeader[] | null;
  },
  limits: RecordLimits,
): void {
  const { topic, key, value, headers } = record;
  checkParts(record);
  const sizeBytes = BATCH_HEADER_BYTES + recordSizeUpperBound(key, value, headers);
  const { maxRequestSizeBytes, bufferMemoryBytes } = limits;
  if (sizeBytes > maxRequestSizeBytes) {
    throw tooLarge(topic, sizeBytes, `max.request.size ${maxRequestSizeBytes}`);
  }
  if (sizeBytes > bufferMemoryBytes) throw tooLarge(topic, sizeBytes, `buffer.memory ${bufferMemoryBytes}`);
}

/**
 * What was thrown while a record was taken in, as an error that says which part of the record is wrong: the way
 * into a batch is too hot to look at each part of each record before it fails.
 */
export function explainMistake(thrown: unknown, record: ProducerRecord): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  try {
    checkMistakes(record);
  } catch (explained) {
    if (explained instanceof TidemarkError) return explained;
  }
  return asRecordError(thrown);
}

/** Throws SERIALIZATION or INVALID_ARGUMENT for what no topic could take, whatever its metadata says. */
export function checkMistakes(record: ProducerRecord): void {
  const { topic, key = null, value, headers, timestamp, partition } = record;
  checkParts({ topic, key, value, headers: headers === undefined ? null : headerList(headers) });
  if (timestamp !== undefined) checkTimestamp(timestamp);
  if (partition !== undefined) checkPartitionNumber(partition, topic);
}

export function checkTimestamp(timestampMs: number): void {
  if (Number.isSafeInteger(timestampMs) && timestampMs >= 0) return;
  throw new TidemarkError(
    'INVALID_ARGUMENT',
    `a record's timestamp must be a whole number of milliseconds >= 0, got ${describeValue(timestampMs)}`,
  );
}

/**
 * Throws INVALID_ARGUMENT for what is no partition (Kafka's ProducerRecord does), INVALID_PARTITION for one that
 * the topic does not have as far as is known.
 */
export function checkPartition(partition: number, topic: TopicState): void {
  if (partition < topic.partitionCount && partition >= 0 && Number.isInteger(partition)) return;
  checkPartitionNumber(partition, topic.name);
  throw new TidemarkError(
    'INVALID_PARTITION',
    `partition ${partition} of topic ${topic.name} does not exist, expected 0 to ${topic.partitionCount - 1}`,
  );
}

function checkPartitionNumber(partition: number, topic: string): void {
  if (Number.isInteger(partition) && partition >= 0) return;
  throw new TidemarkError(
    'INVALID_ARGUMENT',
    `the partition of a record for topic ${topic} must be a whole number >= 0, got ${describeValue(partition)}`,
  );
}

export function memoryTooSmall(neededBytes: number, totalBytes: number): TidemarkError {
  return new TidemarkError(
    'BUFFER_EXHAUSTED',
    `a batch needs ${neededBytes} bytes, more than the whole of buffer.memory ${totalBytes}: ` +
      'raise it or lower batch.size',
  );
}

function tooLarge(topic: string, sizeBytes: number, limit: string): TidemarkError {
  return new TidemarkError(
    'RECORD_TOO_LARGE',
    `a record for topic ${topic} takes up to ${sizeBytes} bytes, more than ${limit}`,
  );
}

function checkParts(record: {
  readonly topic: string;
  readonly key: unknown;
  readonly value: unknown;
  readonly headers: readonly RecordHeader[] | null;
}): void {
  const { topic, key, value, headers } = record;
  checkData(`the key of a record for topic ${topic}`, key, 'key.serializer');
  checkData(`the value of a record for topic ${topic}`, value, 'value.serializer');
  headers?.forEach((header: unknown, index) => {
    const where = `header ${index} of a record for topic ${topic}`;
    const { key: name, value: data } = (header ?? {}) as { key?: unknown; value?: unknown };
    if (typeof name !== 'string') {
      throw new TidemarkError(
        'SERIALIZATION',
        `the name of ${where} must be text, got ${describeValue(name)}`,
      );
    }
    checkData(`the value of ${where} (${name})`, data, null);
  });
}

function checkData(what: string, data: unknown, serializer: string | null): void {
  if (data === null || typeof data === 'string' || data instanceof Uint8Array) return;
  const hint = serializer === null || data === undefined ? '' : `; a ${serializer} takes other types`;
  throw new TidemarkError(
    'SERIALIZATION',
    `${what} must be bytes, text or null, got ${describeValue(data)}${hint}`,
  );
}

export function notARecord(got: unknown): TidemarkError {
  return new TidemarkError(
    'INVALID_ARGUMENT',
    `send() takes a record { topic, key, value, ... }, got ${describeValue(got)}`,
  );
}

export function checkTopicName(name: unknown): void {
  if (typeof name === 'string' && name !== '') return;
  throw new TidemarkError('INVALID_ARGUMENT', `topic must be a text, got ${JSON.stringify(name)}`);
}
