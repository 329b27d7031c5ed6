/** What to do about an error, by kind: said once here, so that every error of a kind says the same. */
const HINTS: Readonly<Record<string, string>> = {
  // Ours.
  TIMEOUT:
    'Check that the brokers can be reached and keep up; raise delivery.timeout.ms (records sent) or max.block.ms (records waiting).',
  BUFFER_EXHAUSTED: 'Send more slowly, heed what send() returns, or raise buffer.memory or max.block.ms.',
  RECORD_TOO_LARGE:
    'Make the record smaller, or raise max.request.size and buffer.memory here and max.message.bytes of the topic.',
  SERIALIZATION: 'Give key, value and headers as bytes, text or null, or set serializers that make such.',
  INVALID_ARGUMENT: 'Correct the record: nothing of it was sent.',
  CONFIG: 'Correct the properties named.',
  PARTITIONER:
    'Correct the partitioner: it must return a whole number below cluster.partitionCount for every record. Nothing of this one was sent.',
  NETWORK:
    'Check bootstrap.servers, the advertised listeners, and that the brokers run; sending again may help.',
  PROTOCOL:
    'The other side does not speak as Kafka does: check the port, and security.protocol of client and listener.',
  INTERRUPTED: 'The caller ended it: send again if it is still wanted.',
  PRODUCER_CLOSED: 'Make a new producer; wait for flush() or close() before the records must have arrived.',
  AUTHENTICATION:
    'Check security.protocol, the credentials and the certificates; nothing is tried again by itself.',
  // Kafka's.
  UNKNOWN_SERVER_ERROR: "Read the broker's log: it failed and does not say how.",
  CORRUPT_MESSAGE: 'Send again; when it stays, look for faulty hardware or a proxy that changes bytes.',
  UNKNOWN_TOPIC_OR_PARTITION: 'Create the topic, or check its name and the permission to describe it.',
  LEADER_NOT_AVAILABLE: 'Wait for the election; check that brokers with replicas of the partition run.',
  NOT_LEADER_OR_FOLLOWER: 'Send again: the leader has moved.',
  REQUEST_TIMED_OUT: 'Check the replicas of the partition; the record may have been written nevertheless.',
  MESSAGE_TOO_LARGE:
    'Raise max.message.bytes of the topic (message.max.bytes of the broker), or make the record smaller.',
  RECORD_LIST_TOO_LARGE: 'Raise segment.bytes of the topic, or lower batch.size.',
  INVALID_TOPIC_EXCEPTION:
    'Use a name of letters, digits, dots, dashes and underscores, at most 249 of them.',
  NOT_ENOUGH_REPLICAS: 'Bring replicas back in sync, or lower min.insync.replicas of the topic.',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    'Bring replicas back in sync, or lower min.insync.replicas; the record is written, but perhaps not safe.',
  INVALID_REQUIRED_ACKS: 'Set acks to 0, 1 or all.',
  TOPIC_AUTHORIZATION_FAILED: 'Grant this principal WRITE and DESCRIBE on the topic.',
  CLUSTER_AUTHORIZATION_FAILED:
    'Grant this principal IDEMPOTENT_WRITE on the cluster, or set enable.idempotence=false.',
  INVALID_TIMESTAMP:
    'Set a timestamp within message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic.',
  INVALID_RECORD: 'Correct the record: a compacted topic needs a key, for one.',
  UNSUPPORTED_VERSION:
    'The broker is too old for what was asked: upgrade it, or do without (enable.idempotence=false, another codec).',
  UNSUPPORTED_FOR_MESSAGE_FORMAT:
    'Upgrade the message format of the topic, or do without headers and idempotence.',
  UNSUPPORTED_COMPRESSION_TYPE: 'Choose a compression.type that the broker knows.',
  POLICY_VIOLATION: "Keep to the cluster's policy; its administrator knows it.",
  OUT_OF_ORDER_SEQUENCE_NUMBER:
    'Records before this one may be lost: compare with the log before sending again.',
  UNKNOWN_PRODUCER_ID: 'The broker forgot this producer; send again.',
  INVALID_PRODUCER_EPOCH: 'Send again: this producer continues with a new epoch.',
  PRODUCER_FENCED: 'Another producer took over: close this one.',
  KAFKA_STORAGE_ERROR: "Check the broker's disks.",
  SASL_AUTHENTICATION_FAILED: 'Check sasl.jaas.config: user, password or token.',
  UNSUPPORTED_SASL_MECHANISM: 'Choose a sasl.mechanism that the listener offers.',
  UNKNOWN_TOPIC_ID: 'Send again: the topic was made anew.',
  THROTTLING_QUOTA_EXCEEDED: 'Send more slowly, or have the quota raised.',
};

/** Null for a kind about which nothing general can be said. */
export function hintFor(kind: string): string | null {
  return HINTS[kind] ?? null;
}
