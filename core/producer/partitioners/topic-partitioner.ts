import type { RecordData } from '../../record/types.ts';

/** What a partitioner may know of its topic. */
export interface PartitionedTopic {
  readonly name: string;
  /** At least 1. */
  readonly partitionCount: number;
  /** Partitions that have a leader, ascending; may be empty. */
  readonly availablePartitions: readonly number[];
  /** Whether the partition's last batch still takes records. */
  isOpen(partition: number): boolean;
}

/** Chooses partitions for the records of one topic that name none. Pure bookkeeping: no clock, no I/O. */
export interface TopicPartitioner {
  /** A record is placed once, also when it has to wait for memory; otherwise it is placed when memory is there. */
  readonly placesOnce: boolean;
  choose(key: RecordData, value: RecordData, topic: PartitionedTopic): number;
  /**
   * The record just chosen for needs a new batch in `partition`. True: choose again (asked once per record).
   */
  newBatch(partition: number, topic: PartitionedTopic): boolean;
  /** The record just chosen for made its batch's estimated size grow by this much; `full`: no batch is open there. */
  appended(grownBytes: number, full: boolean, topic: PartitionedTopic): void;
  /** Queue lengths have changed. `sizes` and `partitions` are of one length; see LoadTable. */
  updateLoad?(sizes: readonly number[], partitions: readonly number[], total: number): void;
}
