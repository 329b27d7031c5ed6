import type { TimestampType } from '../record/batch-view.ts';
import type { StoredHeader } from '../record/record-cursor.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/**
 * One record as read. Without deserializers key and value are bytes. Those, and header values, are views of the
 * response, and keep it in memory.
 */
export interface ConsumerRecord<K = Buffer, V = Buffer> {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key: K | null;
  readonly value: V | null;
  /** In the order written, repeated names included. */
  readonly headers: readonly StoredHeader[];
}
