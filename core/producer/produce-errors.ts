import { TidemarkError } from '../base/errors.ts';

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

export function needsMetadata(error: TidemarkError): boolean {
  return STALE_METADATA.has(error.kind);
}

/** Whether the same batch may be sent again: Kafka's retriable errors, lost connections, requests timed out. */
export function isRetriable(error: TidemarkError): boolean {
  return error.retriable || error.kind === 'NETWORK' || error.kind === 'TIMEOUT';
}

export function closedError(): TidemarkError {
  return new TidemarkError('PRODUCER_CLOSED', 'the producer is closed');
}

/** What was thrown while a record was taken in; anything unforeseen is the record's fault. */
export function asRecordError(thrown: unknown): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TidemarkError('SERIALIZATION', `the record cannot be written: ${message}`, { cause: thrown });
}
