import type { LogConfig } from '../log/log-config.ts';
import { ATTRIBUTES_OFFSET, TRANSACTIONAL_FLAG } from '../record/batch-layout.ts';
import { type BatchRules, validateBatchFromProducer } from '../record/batch-validation.ts';
import { errorCode } from './error-code.ts';

const ACKS_ALL = -1;
const INVALID_REQUIRED_ACKS = errorCode('INVALID_REQUIRED_ACKS');
const INVALID_RECORD = errorCode('INVALID_RECORD');
const MESSAGE_TOO_LARGE = errorCode('MESSAGE_TOO_LARGE');
const NOT_ENOUGH_REPLICAS = errorCode('NOT_ENOUGH_REPLICAS');
const TRANSACTIONAL_ID_AUTHORIZATION_FAILED = errorCode('TRANSACTIONAL_ID_AUTHORIZATION_FAILED');

/** What a produced batch must fit. */
export interface AcceptanceContext {
  readonly acks: number;
  readonly config: LogConfig;
  readonly inSyncCount: number;
  /** False for Produce before version 7. */
  readonly zstdAllowed: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

export interface Refusal {
  /** Kafka's error code. */
  readonly code: number;
  readonly message: string;
}

/** Why the records field of one partition may not be appended as it is, in Kafka's order of checks; null when it may. */
export function refuseBatch(records: Buffer | null, context: AcceptanceContext): Refusal | null {
  const { acks, config, inSyncCount } = context;
  if (acks !== 0 && acks !== 1 && acks !== ACKS_ALL) {
    return { code: INVALID_REQUIRED_ACKS, message: `acks must be -1, 0 or 1, got ${acks}` };
  }
  if (records === null || records.length === 0) {
    return { code: INVALID_RECORD, message: 'the request holds no batch for this partition' };
  }
  if (acks === ACKS_ALL && inSyncCount < config.minInsyncReplicas) {
    return {
      code: NOT_ENOUGH_REPLICAS,
      message: `replicas in sync: ${inSyncCount}; min.insync.replicas=${config.minInsyncReplicas}`,
    };
  }
  if (records.length > config.maxMessageBytes) {
    return {
      code: MESSAGE_TOO_LARGE,
      message: `the batch of ${records.length} bytes is larger than max.message.bytes=${config.maxMessageBytes}`,
    };
  }
  const error = validateBatchFromProducer(records, batchRules(context));
  if (error !== null) return { code: errorCode(error), message: `the batch was refused: ${error}` };
  if ((records.readUInt16BE(ATTRIBUTES_OFFSET) & TRANSACTIONAL_FLAG) !== 0) {
    return {
      code: TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      message: 'this cluster serves no transactions: send without transactional.id',
    };
  }
  return null;
}

/** Producers' timestamps count for nothing where the broker sets its own. */
function batchRules({ config, zstdAllowed, nowMs }: AcceptanceContext): BatchRules {
  if (config.messageTimestampType === 'LogAppendTime') return { zstdAllowed };
  return {
    zstdAllowed,
    minTimestampMs: nowMs - config.messageTimestampBeforeMaxMs,
    maxTimestampMs: nowMs + config.messageTimestampAfterMaxMs,
  };
}
