import type { Random } from '../../base/random.ts';
import type { RecordData } from '../../record/types.ts';
import { drawEvenly } from './draw.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

/** Every record to any partition that has a leader, whatever its key: many small batches. */
export class RandomPartitioner implements TopicPartitioner {
  readonly placesOnce = true;
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  choose(_key: RecordData, _value: RecordData, topic: PartitionedTopic): number {
    return drawEvenly(topic, this.random);
  }

  newBatch(): boolean {
    return false;
  }

  appended(): void {}
}
