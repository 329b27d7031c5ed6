import type { Random } from '../../base/random.ts';
import type { PartitionerChoice } from '../partitioner-choice.ts';
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

/** Throws TidemarkError CONFIG when the module cannot be loaded. */
export async function loadPartitionerFactory(modulePath: string): Promise<PartitionerFactory> {
  const partition = await loadPartitionFunction(modulePath);
  return () => new CustomPartitioner(partition);
}
