import { kafkaError, TidemarkError } from '../../base/errors.ts';
import type { RecordErrors } from '../batches/delivery-log.ts';
import type { PartitionAnswer } from './produce-exchange.ts';

/** Errors after which the leader may be another one (Kafka's InvalidMetadataException and its kin). */
const STALE_METADATA = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'REPLICA_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'KAFKA_STORAGE_ERROR',
  'LISTENER_NOT_FOUND',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
  'NETWORK',
]);

/** After these the batch may be in the log all the same. */
const UNCLEAR = new Set([
  'NETWORK',
  'TIMEOUT',
  'PROTOCOL',
  'UNKNOWN_SERVER_ERROR',
  'REQUEST_TIMED_OUT',
  'NETWORK_EXCEPTION',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
]);

/** Errors that are answered by sending the batch in parts. */
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE']);

/** Kinds that another attempt, or another broker, may cure even where they are not retriable by themselves. */
const OF_CONNECTIONS = new Set(['NETWORK', 'TIMEOUT', 'PROTOCOL']);

export function needsMetadata(error: TidemarkError): boolean {
  return STALE_METADATA.has(error.kind);
}

export function isUnclear(error: TidemarkError): boolean {
  return UNCLEAR.has(error.kind);
}

export function isTooLarge(error: TidemarkError): boolean {
  return TOO_LARGE.has(error.kind);
}

/** Whether the same batch may be sent again: Kafka's retriable errors, lost connections, requests timed out. */
export function isRetriable(error: TidemarkError): boolean {
  return error.retriable || error.kind === 'NETWORK' || error.kind === 'TIMEOUT';
}

/** Whether whoever waits for a connection or for metadata waits in vain: a refused login, say. */
export function isHopeless(error: TidemarkError): boolean {
  return !error.retriable && !OF_CONNECTIONS.has(error.kind);
}

/** The error of a batch as the broker tells it, with the broker's own words. */
export function answeredError(answer: PartitionAnswer, where: string): TidemarkError {
  const { errorCode, errorMessage } = answer;
  return kafkaError(errorCode, errorMessage == null ? where : `${where} (${errorMessage})`);
}

/**
 * Where the broker names the records at fault (KIP-467), each has its own error, and the others one that says that
 * they were only in bad company. Null where it names none.
 */
export function errorsOfRecords(answer: PartitionAnswer, where: string): RecordErrors | null {
  const { recordErrors, errorMessage, errorCode } = answer;
  if (recordErrors.length === 0) return null;
  const named = new Map<number, TidemarkError>();
  for (const { batchIndex, batchIndexErrorMessage } of recordErrors) {
    const why = batchIndexErrorMessage ?? errorMessage ?? 'the broker does not say why';
    // The batch's code is unambiguous for a single record only.
    const code = recordErrors.length === 1 ? errorCode : INVALID_RECORD;
    named.set(batchIndex, kafkaError(code, `record ${batchIndex} of a batch for ${where} (${why})`));
  }
  const company = new TidemarkError(
    'INVALID_RECORD',
    `${where}: not written, because it was in one batch with records that the broker refused`,
    { code: null, hint: 'Send it again, without the records that were refused.' },
  );
  return (index) => named.get(index) ?? company;
}

const INVALID_RECORD = 87;

export function closedError(): TidemarkError {
  return new TidemarkError('PRODUCER_CLOSED', 'the producer is closed');
}

/** What was thrown while a record was taken in; anything unforeseen is the record's fault. */
export function asRecordError(thrown: unknown): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TidemarkError('SERIALIZATION', `the record cannot be written: ${message}`, { cause: thrown });
}
