import type { Random } from '../../base/random.ts';
import type { RecordData } from '../../record/types.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

/**
 * Every record to the next partition that has a leader, whatever its key (RoundRobinPartitioner; since Kafka 4.1
 * each record is placed once, KAFKA-9965). The first partition is drawn, so that producers that start together do
 * not march in step.
 */
export class RoundRobinPartitioner implements TopicPartitioner {
  readonly placesOnce = true;
  private counter: number;

  constructor(random: Random) {
    this.counter = random.nextUint32() & 0x3fff_ffff;
  }

  choose(_key: RecordData, _value: RecordData, topic: PartitionedTopic): number {
    const value = this.counter;
    this.counter = (value + 1) & 0x7fff_ffff;
    const available = topic.availablePartitions;
    return available.length === 0 ? value % topic.partitionCount : available[value % available.length]!;
  }

  newBatch(): boolean {
    return false;
  }

  appended(): void {}
}
