import type { Random } from '../../base/random.ts';
import type { RecordData } from '../../record/types.ts';
import { drawEvenly } from './draw.ts';
import { partitionForKey } from './key-hash.ts';
import { LoadTable } from './load-table.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

export interface BuiltInOptions {
  readonly random: Random;
  /** Bytes to produce before switching: batch.size, at least 1. */
  readonly stickyBytes: number;
  readonly adaptive: boolean;
  readonly ignoreKeys: boolean;
}

/**
 * Kafka's own partitioner since 3.3 (BuiltInPartitioner, KIP-794): the hash of the key; without one, the same
 * partition until batch.size bytes went there and its last batch is full, or until twice that (KAFKA-14156, so
 * that lingering batches are not cut in two).
 */
export class BuiltInPartitioner implements TopicPartitioner {
  readonly placesOnce = false;
  private readonly options: BuiltInOptions;
  private readonly stickyBytes: number;
  private readonly useKeys: boolean;
  private current = -1;
  private producedBytes = 0;
  private choseSticky = false;
  private load: LoadTable | null = null;

  constructor(options: BuiltInOptions) {
    this.options = options;
    this.stickyBytes = options.stickyBytes;
    this.useKeys = !options.ignoreKeys;
  }

  choose(key: RecordData, _value: RecordData, topic: PartitionedTopic): number {
    if (key !== null && this.useKeys) {
      this.choseSticky = false;
      return partitionForKey(key, topic.partitionCount);
    }
    this.choseSticky = true;
    if (this.current < 0 || this.current >= topic.partitionCount) this.switchPartition(topic);
    else if (this.producedBytes >= this.stickyBytes && !topic.isOpen(this.current))
      this.switchPartition(topic);
    return this.current;
  }

  newBatch(_partition: number, topic: PartitionedTopic): boolean {
    if (!this.choseSticky || this.producedBytes < this.stickyBytes) return false;
    const before = this.current;
    this.switchPartition(topic);
    return this.current !== before;
  }

  appended(grownBytes: number, full: boolean, topic: PartitionedTopic): void {
    if (!this.choseSticky) return;
    this.producedBytes += grownBytes;
    if (this.producedBytes < this.stickyBytes) return;
    if (full || this.producedBytes >= this.stickyBytes * 2) this.switchPartition(topic);
  }

  updateLoad(sizes: readonly number[], partitions: readonly number[], total: number): void {
    if (this.options.adaptive) this.load = LoadTable.build(sizes, partitions, total);
  }

  private switchPartition(topic: PartitionedTopic): void {
    const { random } = this.options;
    const load = this.load;
    this.current = load === null ? drawEvenly(topic, random) : load.partitionOf(random.nextBelow(load.range));
    this.producedBytes = 0;
  }
}
