import { hintFor } from './error-hints.ts';

/**
 * Errors as data. The table below is Kafka's own (org.apache.kafka.common.protocol.Errors): names, codes and
 * whether a retry can help are facts of the protocol; the sentences are ours.
 */
export interface KafkaError {
  readonly name: string;
  readonly code: number;
  /** Whether the same request may succeed later, unchanged. */
  readonly retriable: boolean;
  /** One sentence for people. */
  readonly message: string;
}

type Row = readonly [code: number, name: string, retry: 'retry' | 'fatal', message: string];

const ROWS: readonly Row[] = [
  [-1, 'UNKNOWN_SERVER_ERROR', 'fatal', 'The broker failed in a way it has no code for.'],
  [0, 'NONE', 'fatal', 'No error.'],
  [1, 'OFFSET_OUT_OF_RANGE', 'fatal', 'The log does not hold the requested offset.'],
  [2, 'CORRUPT_MESSAGE', 'retry', 'The batch failed its checksum or is malformed.'],
  [3, 'UNKNOWN_TOPIC_OR_PARTITION', 'retry', 'The broker does not host this topic or partition.'],
  [4, 'INVALID_FETCH_SIZE', 'fatal', 'The requested fetch size is not valid.'],
  [5, 'LEADER_NOT_AVAILABLE', 'retry', 'The partition has no leader at the moment.'],
  [6, 'NOT_LEADER_OR_FOLLOWER', 'retry', 'The broker neither leads nor follows this partition as needed.'],
  [7, 'REQUEST_TIMED_OUT', 'retry', 'The broker could not finish the request in time.'],
  [8, 'BROKER_NOT_AVAILABLE', 'fatal', 'The broker is not available.'],
  [9, 'REPLICA_NOT_AVAILABLE', 'retry', 'The partition has no replica on this broker right now.'],
  [10, 'MESSAGE_TOO_LARGE', 'fatal', 'The batch is larger than max.message.bytes allows.'],
  [11, 'STALE_CONTROLLER_EPOCH', 'fatal', 'Another controller has taken over.'],
  [12, 'OFFSET_METADATA_TOO_LARGE', 'fatal', 'The metadata beside a committed offset is too long.'],
  [13, 'NETWORK_EXCEPTION', 'retry', 'The connection closed before the response came.'],
  [14, 'COORDINATOR_LOAD_IN_PROGRESS', 'retry', 'The coordinator is still loading its state.'],
  [15, 'COORDINATOR_NOT_AVAILABLE', 'retry', 'No coordinator is available.'],
  [16, 'NOT_COORDINATOR', 'retry', 'This broker is not the coordinator asked for.'],
  [17, 'INVALID_TOPIC_EXCEPTION', 'fatal', 'The topic name is not valid, or the topic may not be used so.'],
  [18, 'RECORD_LIST_TOO_LARGE', 'fatal', 'The batch is larger than a log segment.'],
  [19, 'NOT_ENOUGH_REPLICAS', 'retry', 'Fewer replicas in sync than min.insync.replicas: not appended.'],
  [
    20,
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'retry',
    'Appended, but by fewer replicas than min.insync.replicas.',
  ],
  [21, 'INVALID_REQUIRED_ACKS', 'fatal', 'acks must be 0, 1 or all (-1).'],
  [22, 'ILLEGAL_GENERATION', 'fatal', 'The group has moved on to another generation.'],
  [23, 'INCONSISTENT_GROUP_PROTOCOL', 'fatal', "The member's assignors do not fit those of its group."],
  [24, 'INVALID_GROUP_ID', 'fatal', 'The group id is not valid.'],
  [25, 'UNKNOWN_MEMBER_ID', 'fatal', 'The coordinator does not know this member.'],
  [26, 'INVALID_SESSION_TIMEOUT', 'fatal', 'The session timeout lies outside what the broker allows.'],
  [27, 'REBALANCE_IN_PROGRESS', 'fatal', 'The group is rebalancing: join again.'],
  [28, 'INVALID_COMMIT_OFFSET_SIZE', 'fatal', 'The offsets to commit are too large.'],
  [29, 'TOPIC_AUTHORIZATION_FAILED', 'fatal', 'Not authorized for this topic.'],
  [30, 'GROUP_AUTHORIZATION_FAILED', 'fatal', 'Not authorized for this group.'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED', 'fatal', 'Not authorized for the cluster.'],
  [32, 'INVALID_TIMESTAMP', 'fatal', 'A timestamp lies outside the accepted range.'],
  [33, 'UNSUPPORTED_SASL_MECHANISM', 'fatal', 'The broker does not offer this SASL mechanism.'],
  [34, 'ILLEGAL_SASL_STATE', 'fatal', 'The request does not fit the state of the SASL exchange.'],
  [35, 'UNSUPPORTED_VERSION', 'fatal', 'The broker does not support this version of the API.'],
  [36, 'TOPIC_ALREADY_EXISTS', 'fatal', 'A topic of this name exists already.'],
  [37, 'INVALID_PARTITIONS', 'fatal', 'The number of partitions must be at least 1.'],
  [
    38,
    'INVALID_REPLICATION_FACTOR',
    'fatal',
    'The replication factor is below 1 or above the brokers alive.',
  ],
  [39, 'INVALID_REPLICA_ASSIGNMENT', 'fatal', 'The replica assignment is not valid.'],
  [40, 'INVALID_CONFIG', 'fatal', 'A configuration value is not valid.'],
  [41, 'NOT_CONTROLLER', 'retry', 'This broker is not the controller.'],
  [42, 'INVALID_REQUEST', 'fatal', 'The request contradicts itself or cannot be read.'],
  [43, 'UNSUPPORTED_FOR_MESSAGE_FORMAT', 'fatal', 'The message format of the log does not support this.'],
  [44, 'POLICY_VIOLATION', 'fatal', "The request breaks the cluster's policy."],
  [
    45,
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'fatal',
    'The batch does not follow the last sequence number appended.',
  ],
  [46, 'DUPLICATE_SEQUENCE_NUMBER', 'fatal', 'The broker has this sequence number already.'],
  [47, 'INVALID_PRODUCER_EPOCH', 'fatal', 'A newer epoch of this producer exists.'],
  [48, 'INVALID_TXN_STATE', 'fatal', 'The transaction is in a state that does not allow this.'],
  [49, 'INVALID_PRODUCER_ID_MAPPING', 'fatal', 'The producer id does not belong to this transactional id.'],
  [
    50,
    'INVALID_TRANSACTION_TIMEOUT',
    'fatal',
    'The transaction timeout is above transaction.max.timeout.ms.',
  ],
  [51, 'CONCURRENT_TRANSACTIONS', 'retry', 'The previous operation of this transaction is not finished.'],
  [52, 'TRANSACTION_COORDINATOR_FENCED', 'fatal', 'Another transaction coordinator has taken over.'],
  [53, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'fatal', 'Not authorized for this transactional id.'],
  [54, 'SECURITY_DISABLED', 'fatal', 'Security is switched off on this cluster.'],
  [55, 'OPERATION_NOT_ATTEMPTED', 'fatal', 'Not attempted, because another part of the request failed.'],
  [56, 'KAFKA_STORAGE_ERROR', 'retry', "The broker's disk refused the operation."],
  [57, 'LOG_DIR_NOT_FOUND', 'fatal', 'The broker has no such log directory.'],
  [58, 'SASL_AUTHENTICATION_FAILED', 'fatal', 'The login was refused.'],
  [59, 'UNKNOWN_PRODUCER_ID', 'fatal', 'The broker has no state for this producer id.'],
  [60, 'REASSIGNMENT_IN_PROGRESS', 'fatal', 'The partition is being reassigned.'],
  [61, 'DELEGATION_TOKEN_AUTH_DISABLED', 'fatal', 'Delegation tokens are switched off.'],
  [62, 'DELEGATION_TOKEN_NOT_FOUND', 'fatal', 'The broker does not know this delegation token.'],
  [63, 'DELEGATION_TOKEN_OWNER_MISMATCH', 'fatal', 'The delegation token belongs to someone else.'],
  [64, 'DELEGATION_TOKEN_REQUEST_NOT_ALLOWED', 'fatal', 'No delegation tokens over this kind of connection.'],
  [65, 'DELEGATION_TOKEN_AUTHORIZATION_FAILED', 'fatal', 'Not authorized for this delegation token.'],
  [66, 'DELEGATION_TOKEN_EXPIRED', 'fatal', 'The delegation token has expired.'],
  [67, 'INVALID_PRINCIPAL_TYPE', 'fatal', 'The principal type is not supported.'],
  [68, 'NON_EMPTY_GROUP', 'fatal', 'The group still has members.'],
  [69, 'GROUP_ID_NOT_FOUND', 'fatal', 'There is no such group.'],
  [70, 'FETCH_SESSION_ID_NOT_FOUND', 'retry', 'The broker has forgotten the fetch session.'],
  [71, 'INVALID_FETCH_SESSION_EPOCH', 'retry', 'The fetch session is at another epoch.'],
  [72, 'LISTENER_NOT_FOUND', 'retry', 'The leader has no listener of this name.'],
  [73, 'TOPIC_DELETION_DISABLED', 'fatal', 'Topics may not be deleted on this cluster.'],
  [74, 'FENCED_LEADER_EPOCH', 'retry', "The leader epoch is older than the broker's."],
  [75, 'UNKNOWN_LEADER_EPOCH', 'retry', "The leader epoch is newer than the broker's."],
  [76, 'UNSUPPORTED_COMPRESSION_TYPE', 'fatal', 'The version of the request does not allow this codec.'],
  [77, 'STALE_BROKER_EPOCH', 'fatal', 'The broker has registered again since.'],
  [78, 'OFFSET_NOT_AVAILABLE', 'retry', 'The new leader does not know its high watermark yet.'],
  [79, 'MEMBER_ID_REQUIRED', 'fatal', 'Join again with the member id given.'],
  [80, 'PREFERRED_LEADER_NOT_AVAILABLE', 'retry', 'The preferred leader is not available.'],
  [81, 'GROUP_MAX_SIZE_REACHED', 'fatal', 'The group is full.'],
  [82, 'FENCED_INSTANCE_ID', 'fatal', 'Another member has taken this group.instance.id.'],
  [83, 'ELIGIBLE_LEADERS_NOT_AVAILABLE', 'retry', 'No replica may become leader.'],
  [84, 'ELECTION_NOT_NEEDED', 'retry', 'The partition needs no election.'],
  [85, 'NO_REASSIGNMENT_IN_PROGRESS', 'fatal', 'The partition is not being reassigned.'],
  [86, 'GROUP_SUBSCRIBED_TO_TOPIC', 'fatal', 'The group still reads the topic.'],
  [87, 'INVALID_RECORD', 'fatal', 'A record failed the validation of the broker.'],
  [88, 'UNSTABLE_OFFSET_COMMIT', 'retry', 'Offsets of an open transaction are pending.'],
  [89, 'THROTTLING_QUOTA_EXCEEDED', 'retry', 'A quota is used up.'],
  [90, 'PRODUCER_FENCED', 'fatal', 'A newer producer uses this transactional id.'],
  [91, 'RESOURCE_NOT_FOUND', 'fatal', 'There is no such resource.'],
  [92, 'DUPLICATE_RESOURCE', 'fatal', 'The request names one resource twice.'],
  [93, 'UNACCEPTABLE_CREDENTIAL', 'fatal', 'The credential does not meet the rules.'],
  [94, 'INCONSISTENT_VOTER_SET', 'fatal', 'Sender or receiver is not among the voters.'],
  [95, 'INVALID_UPDATE_VERSION', 'fatal', 'The version to update is not the current one.'],
  [96, 'FEATURE_UPDATE_FAILED', 'fatal', 'The finalized features could not be updated.'],
  [97, 'PRINCIPAL_DESERIALIZATION_FAILURE', 'fatal', 'The forwarded principal cannot be read.'],
  [98, 'SNAPSHOT_NOT_FOUND', 'fatal', 'There is no such snapshot.'],
  [99, 'POSITION_OUT_OF_RANGE', 'fatal', 'The position is not inside the snapshot.'],
  [100, 'UNKNOWN_TOPIC_ID', 'retry', 'The broker does not host a topic of this id.'],
  [101, 'DUPLICATE_BROKER_REGISTRATION', 'fatal', 'Another broker uses this id.'],
  [102, 'BROKER_ID_NOT_REGISTERED', 'fatal', 'No broker is registered under this id.'],
  [103, 'INCONSISTENT_TOPIC_ID', 'retry', 'The log and the request disagree about the topic id.'],
  [104, 'INCONSISTENT_CLUSTER_ID', 'fatal', 'The request belongs to another cluster.'],
  [105, 'TRANSACTIONAL_ID_NOT_FOUND', 'fatal', 'There is no such transactional id.'],
  [106, 'FETCH_SESSION_TOPIC_ID_ERROR', 'retry', 'The fetch session mixes topic ids and names.'],
  [107, 'INELIGIBLE_REPLICA', 'fatal', 'The new in-sync set holds a replica that may not be in it.'],
  [108, 'NEW_LEADER_ELECTED', 'fatal', 'The change also elected a new leader.'],
  [109, 'OFFSET_MOVED_TO_TIERED_STORAGE', 'fatal', 'The offset now lies in tiered storage.'],
  [110, 'FENCED_MEMBER_EPOCH', 'fatal', 'The member epoch has been fenced: join again.'],
  [111, 'UNRELEASED_INSTANCE_ID', 'fatal', 'Another member still holds this instance id.'],
  [112, 'UNSUPPORTED_ASSIGNOR', 'fatal', 'The group does not support this assignor.'],
  [113, 'STALE_MEMBER_EPOCH', 'fatal', 'The member epoch is behind: fetch the newest first.'],
  [114, 'MISMATCHED_ENDPOINT_TYPE', 'fatal', 'The request went to the wrong kind of endpoint.'],
  [115, 'UNSUPPORTED_ENDPOINT_TYPE', 'fatal', 'This kind of endpoint is not supported.'],
  [116, 'UNKNOWN_CONTROLLER_ID', 'fatal', 'There is no controller of this id.'],
  [117, 'UNKNOWN_SUBSCRIPTION_ID', 'fatal', 'The telemetry subscription is not known.'],
  [118, 'TELEMETRY_TOO_LARGE', 'fatal', 'The telemetry push is too large.'],
  [119, 'INVALID_REGISTRATION', 'fatal', 'The controller refuses the registration of the broker.'],
  [120, 'TRANSACTION_ABORTABLE', 'fatal', 'The transaction failed: abort it to go on.'],
  [121, 'INVALID_RECORD_STATE', 'fatal', 'The shared record is in a state that does not allow this.'],
  [122, 'SHARE_SESSION_NOT_FOUND', 'retry', 'The broker has forgotten the share session.'],
  [123, 'INVALID_SHARE_SESSION_EPOCH', 'retry', 'The share session is at another epoch.'],
  [124, 'FENCED_STATE_EPOCH', 'fatal', 'The share group has moved on to another state epoch.'],
  [125, 'INVALID_VOTER_KEY', 'fatal', "The voter key is not the receiver's."],
  [126, 'DUPLICATE_VOTER', 'fatal', 'The voter is in the set already.'],
  [127, 'VOTER_NOT_FOUND', 'fatal', 'The voter is not in the set.'],
  [128, 'INVALID_REGULAR_EXPRESSION', 'fatal', 'The regular expression is not valid.'],
  [129, 'REBOOTSTRAP_REQUIRED', 'fatal', 'Fetch the metadata anew from the bootstrap servers.'],
  [130, 'STREAMS_INVALID_TOPOLOGY', 'fatal', 'The streams topology is not valid.'],
  [131, 'STREAMS_INVALID_TOPOLOGY_EPOCH', 'fatal', 'The streams topology epoch is not valid.'],
  [132, 'STREAMS_TOPOLOGY_FENCED', 'fatal', 'The streams topology epoch is out of date.'],
  [133, 'SHARE_SESSION_LIMIT_REACHED', 'retry', 'The broker holds as many share sessions as it may.'],
];

/** Every error of the protocol up to Kafka 4.1, in the order of codes. */
export const KAFKA_ERRORS: readonly KafkaError[] = ROWS.map(([code, name, retry, message]) =>
  Object.freeze({ code, name, retriable: retry === 'retry', message }),
);

const BY_CODE = new Map(KAFKA_ERRORS.map((error) => [error.code, error]));
const BY_NAME = new Map(KAFKA_ERRORS.map((error) => [error.name, error]));

/** The entry of a code; a code from a later Kafka reads as UNKNOWN_SERVER_ERROR, as in Kafka's own client. */
export function kafkaErrorByCode(code: number): KafkaError {
  return BY_CODE.get(code) ?? BY_CODE.get(-1)!;
}

/** The entry of a name; undefined when Kafka has no such error. */
export function kafkaErrorByName(name: string): KafkaError | undefined {
  return BY_NAME.get(name);
}

const TIMEOUTS: ReadonlySet<string> = new Set(['TIMEOUT', 'BUFFER_EXHAUSTED', 'REQUEST_TIMED_OUT']);

export interface TidemarkErrorOptions {
  /** Kafka's code; null when the error arose on this side. */
  readonly code?: number | null;
  readonly retriable?: boolean;
  readonly cause?: unknown;
  /** What to do, instead of what is said for the kind. */
  readonly hint?: string;
}

/**
 * The one error type of core. `kind` is what callers decide on: a Kafka error's name (NOT_ENOUGH_REPLICAS), or one
 * of ours: TIMEOUT, RECORD_TOO_LARGE, BUFFER_EXHAUSTED, SERIALIZATION, CONFIG, NETWORK, PROTOCOL, INTERRUPTED.
 */
export class TidemarkError extends Error {
  readonly kind: string;
  readonly code: number | null;
  readonly retriable: boolean;
  /** What to do about it; null where nothing can be said in general. */
  readonly hint: string | null;

  /** A kind that is a Kafka error's name takes code and retriable from the table unless told otherwise. */
  constructor(kind: string, message: string, options: TidemarkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const known = BY_NAME.get(kind);
    this.name = 'TidemarkError';
    this.kind = kind;
    this.code = options.code === undefined ? (known?.code ?? null) : options.code;
    this.retriable = options.retriable ?? known?.retriable ?? false;
    this.hint = options.hint ?? hintFor(kind);
  }

  /** Time ran out: in Kafka a TimeoutException, of which BufferExhaustedException is a kind. */
  get isTimeout(): boolean {
    return TIMEOUTS.has(this.kind);
  }
}

/** The error behind a response's error code; `context` says to which thing it happened. */
export function kafkaError(code: number, context: string): TidemarkError {
  const known = kafkaErrorByCode(code);
  return new TidemarkError(known.name, `${context}: ${known.name} (${code}): ${known.message}`, { code });
}
