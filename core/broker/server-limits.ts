import { DEFAULT_PRODUCER_STATE_LIMITS } from '../log/producer-state.ts';

/** What one embedded cluster grants its clients: every queue and every buffer of the server side has its bound here. */
export interface ServerLimits {
  /** Largest request, in bytes; longer announcements close the connection. Kafka's socket.request.max.bytes. */
  readonly requestMaxBytes: number;
  /** Whole requests held for one connection while an earlier one is worked on; reading pauses above it. */
  readonly connectionQueueMaxBytes: number;
  /** Request bytes held (half-read and queued) and response bytes unsent, over all connections of the cluster. */
  readonly totalBufferMaxBytes: number;
  /** Half-read requests at one time; above it the connection of the oldest one is closed. */
  readonly halfReadMaxCount: number;
  /** How long a request may take to arrive once its first byte is there, while the broker is reading. */
  readonly halfReadMaxMs: number;
  /** Open connections per broker; further ones are closed as they are accepted. Kafka's max.connections. */
  readonly maxConnections: number;
  /** Kafka's connections.max.idle.ms. */
  readonly connectionsMaxIdleMs: number;
  /** Largest fetch response, in bytes of records. Kafka's fetch.max.bytes of a broker. */
  readonly fetchMaxBytes: number;
  /** Partitions of all topics together: a client may not fill the memory by creating topics. */
  readonly maxPartitions: number;
  /** Idempotent producers silent for so long are forgotten. Kafka's producer.id.expiration.ms. */
  readonly producerIdExpirationMs: number;
  /** Idempotent producers that one partition remembers: a client may not fill the memory by making up ids. */
  readonly maxProducersPerPartition: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  requestMaxBytes: 100 * MIB,
  connectionQueueMaxBytes: 1 * MIB,
  totalBufferMaxBytes: 256 * MIB,
  halfReadMaxCount: 1_000,
  halfReadMaxMs: 30_000,
  maxConnections: 2_000,
  connectionsMaxIdleMs: 600_000,
  fetchMaxBytes: 55 * MIB,
  maxPartitions: 10_000,
  producerIdExpirationMs: DEFAULT_PRODUCER_STATE_LIMITS.expirationMs,
  maxProducersPerPartition: DEFAULT_PRODUCER_STATE_LIMITS.maxProducers,
};
