import type { TimestampType } from '../record/batch-view.ts';
import type { StoredHeader } from '../record/record-cursor.ts';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One record as read. Key, value and header values are views of the response, and keep it in memory. */
export interface ConsumerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly timestampType: TimestampType;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In the order written, repeated names included. */
  readonly headers: readonly StoredHeader[];
}
