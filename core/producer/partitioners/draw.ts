import type { Random } from '../../base/random.ts';
import type { PartitionedTopic } from './topic-partitioner.ts';

/** Any partition that has a leader, or any at all when none has. */
export function drawEvenly(topic: PartitionedTopic, random: Random): number {
  const available = topic.availablePartitions;
  if (available.length === 0) return random.nextBelow(topic.partitionCount);
  return available[random.nextBelow(available.length)]!;
}
