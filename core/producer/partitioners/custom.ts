import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TidemarkError } from '../../base/errors.ts';
import type { RecordData } from '../../record/types.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

/** What a user's module exports as default: the partition (0 to partitionCount - 1) of one record. */
export type PartitionFunction = (
  key: RecordData,
  value: RecordData,
  topic: Pick<PartitionedTopic, 'name' | 'partitionCount' | 'availablePartitions'>,
) => number;

/** A user's function; what it throws or returns out of range fails the record with kind PARTITIONER. */
export class CustomPartitioner implements TopicPartitioner {
  readonly placesOnce = true;
  private readonly partition: PartitionFunction;

  constructor(partition: PartitionFunction) {
    this.partition = partition;
  }

  choose(key: RecordData, value: RecordData, topic: PartitionedTopic): number {
    let partition: number;
    try {
      partition = this.partition(key, value, topic);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new TidemarkError('PARTITIONER', `the partitioner threw for topic ${topic.name}: ${reason}`, {
        cause,
      });
    }
    if (Number.isInteger(partition) && partition >= 0 && partition < topic.partitionCount) return partition;
    throw new TidemarkError(
      'PARTITIONER',
      `the partitioner chose partition ${String(partition)} of topic ${topic.name}, ` +
        `expected 0 to ${topic.partitionCount - 1}`,
    );
  }

  newBatch(): boolean {
    return false;
  }

  appended(): void {}
}

/** Loads a user's module, its path relative to the working directory. Throws TidemarkError CONFIG. */
export async function loadPartitionFunction(modulePath: string): Promise<PartitionFunction> {
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(path.resolve(modulePath)).href);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TidemarkError('CONFIG', `partitioner.class=${modulePath} cannot be loaded: ${reason}`, {
      cause,
    });
  }
  if (typeof loaded.default !== 'function') {
    throw new TidemarkError(
      'CONFIG',
      `partitioner.class=${modulePath} must export a function as default: (key, value, topic) => partition`,
    );
  }
  return loaded.default as PartitionFunction;
}
