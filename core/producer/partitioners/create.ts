import type { Random } from '../../base/random.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { PartitionerChoice } from '../config/partitioner-choice.ts';
import type { PartitionerOption } from '../config/producer-options.ts';
import { BuiltInPartitioner } from './built-in.ts';
import { CustomPartitioner } from './custom.ts';
import { loadPartitioner, type Partitioner, thrownReason } from './partitioner-module.ts';
import { RandomPartitioner } from './random.ts';
import { RoundRobinPartitioner } from './round-robin.ts';
import { StickyPartitioner } from './sticky.ts';
import type { TopicPartitioner } from './topic-partitioner.ts';

/** Makes one partitioner per topic. */
export interface PartitionerFactory {
  (): TopicPartitioner;
  /** Once, when the producer has closed. Does not throw. */
  close?(warn: (message: string) => void): void;
}

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
 * The partitioner handed in as an object, else the configured one. Throws TidemarkError CONFIG when a
 * module cannot be loaded.
 */
export async function createPartitionerFactory(
  given: PartitionerOption | undefined,
  config: Pick<ProducerConfig, 'partitioner' | 'batchSizeBytes'>,
  random: Random,
): Promise<PartitionerFactory> {
  if (typeof given === 'object') return customFactory(given);
  const { partitioner, batchSizeBytes } = config;
  if (partitioner.kind !== 'module') return partitionerFactory(partitioner, random, batchSizeBytes)!;
  const where = `partitioner.class=${partitioner.path}`;
  return customFactory(await loadPartitioner(partitioner.path, where), partitioner.path);
}

/** One object serves every topic, as one instance does in Kafka. */
function customFactory(partitioner: Partitioner, name?: string): PartitionerFactory {
  const create = () => new CustomPartitioner(partitioner, name);
  return Object.assign(create, {
    close(warn: (message: string) => void): void {
      try {
        partitioner.close?.();
      } catch (thrown) {
        warn(`close() of the partitioner failed: ${thrownReason(thrown)}`);
      }
    },
  });
}
