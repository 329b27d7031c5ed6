import type { Random } from '../../base/random.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { PartitionerChoice } from '../config/partitioner-choice.ts';
import type { PartitionerOption } from '../config/producer-options.ts';
import { BuiltInPartitioner } from './built-in.ts';
import { CustomPartitioner, loadPartitionFunction } from './custom.ts';
import { RandomPartitioner } from './random.ts';
import { RoundRobinPartitioner } from './round-robin.ts';
import { StickyPartitioner } from './sticky.ts';
import type { TopicPartitioner } from './topic-partitioner.ts';

/** Makes one partitioner per topic. */
export type PartitionerFactory = () => TopicPartitioner;

/** Only a module has to be waited for; everything else is there at once (null: load it). */
export function partitionerFactory(
  choice: PartitionerChoice,
  random: Random,
  batchSizeBytes: number,
): PartitionerFactory | null {
  switch (choice.kind) {
    case 'built-in': {
      const { adaptive, ignoreKeys } = choice;
      const stickyBytes = Math.max(1, batchSizeBytes);
      return () => new BuiltInPartitioner({ random, stickyBytes, adaptive, ignoreKeys });
    }
    case 'sticky':
      return () => new StickyPartitioner(random, choice.ignoreKeys);
    case 'round-robin':
      return () => new RoundRobinPartitioner(random);
    case 'random':
      return () => new RandomPartitioner(random);
    case 'module':
      return null;
  }
}

/**
 * The partitioner handed in as function or object, else the configured one. Throws TidemarkError CONFIG when a
 * module cannot be loaded.
 */
export async function createPartitionerFactory(
  given: PartitionerOption | undefined,
  config: Pick<ProducerConfig, 'partitioner' | 'batchSizeBytes'>,
  random: Random,
): Promise<PartitionerFactory> {
  if (typeof given === 'function') return () => new CustomPartitioner(given);
  if (typeof given === 'object') {
    return () => new CustomPartitioner((key, value, topic) => given.partition(key, value, topic));
  }
  const { partitioner, batchSizeBytes } = config;
  if (partitioner.kind !== 'module') return partitionerFactory(partitioner, random, batchSizeBytes)!;
  const partition = await loadPartitionFunction(partitioner.path);
  return () => new CustomPartitioner(partition);
}
