import type { Random } from '../../base/random.ts';
import type { RecordData } from '../../record/types.ts';
import { drawEvenly } from './draw.ts';
import { partitionForKey } from './key-hash.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

/**
 * The default of Kafka 2.4 to 3.2 (KIP-480, StickyPartitionCache): without a key the same partition until a new
 * batch opens there, then another available one at random. Because a batch drained early also opens a new one,
 * slow brokers get more records, which KIP-794 mends.
 */
export class StickyPartitioner implements TopicPartitioner {
  readonly placesOnce = false;
  private readonly random: Random;
  private readonly useKeys: boolean;
  private current = -1;

  constructor(random: Random, ignoreKeys: boolean) {
    this.random = random;
    this.useKeys = !ignoreKeys;
  }

  choose(key: RecordData, _value: RecordData, topic: PartitionedTopic): number {
    if (key !== null && this.useKeys) return partitionForKey(key, topic.partitionCount);
    if (this.current < 0 || this.current >= topic.partitionCount)
      this.current = drawEvenly(topic, this.random);
    return this.current;
  }

  newBatch(partition: number, topic: PartitionedTopic): boolean {
    // A keyed record may have opened the batch: then the sticky partition stays.
    if (partition !== this.current) return false;
    const available = topic.availablePartitions;
    if (available.length === 1) {
      this.current = available[0]!;
    } else if (available.length === 0) {
      this.current = drawEvenly(topic, this.random);
    } else {
      do this.current = drawEvenly(topic, this.random);
      while (this.current === partition);
    }
    return this.current !== partition;
  }

  appended(): void {}
}
