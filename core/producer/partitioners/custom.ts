import { TidemarkError } from '../../base/errors.ts';
import type { RecordData } from '../../record/types.ts';
import {
  answerProblem,
  keyText,
  type Partitioner,
  type PartitionerCluster,
  thrownReason,
} from './partitioner-module.ts';
import type { PartitionedTopic, TopicPartitioner } from './topic-partitioner.ts';

/** A user's partitioner; what it throws or answers out of range fails the record with kind PARTITIONER. */
export class CustomPartitioner implements TopicPartitioner {
  readonly placesOnce = true;
  private readonly partitioner: Partitioner;
  /** How errors call it: the module's path. */
  private readonly name: string;
  private cluster: TopicCluster | null = null;

  constructor(partitioner: Partitioner, name = 'given as an option') {
    this.partitioner = partitioner;
    this.name = name;
  }

  choose(key: RecordData, value: RecordData, topic: PartitionedTopic): number {
    if (this.cluster?.topic !== topic) this.cluster = new TopicCluster(topic);
    let partition: number;
    try {
      partition = this.partitioner.partition(topic.name, bytesOf(key), bytesOf(value), this.cluster);
    } catch (cause) {
      throw this.error(`threw: ${thrownReason(cause)}`, key, topic, cause);
    }
    const problem = answerProblem(partition, topic.partitionCount);
    if (problem === null) return partition;
    throw this.error(problem, key, topic);
  }

  newBatch(): boolean {
    return false;
  }

  appended(): void {}

  private error(what: string, key: RecordData, topic: PartitionedTopic, cause?: unknown): TidemarkError {
    const record = `a record for topic ${topic.name} with ${keyText(key)}`;
    const message = `the partitioner ${this.name} failed for ${record}: it ${what}`;
    return new TidemarkError('PARTITIONER', message, cause === undefined ? {} : { cause });
  }
}

/** The cluster as far as the records of one topic need it; follows the topic's metadata. */
class TopicCluster implements PartitionerCluster {
  readonly topic: PartitionedTopic;

  constructor(topic: PartitionedTopic) {
    this.topic = topic;
  }

  get partitionCount(): number {
    return this.topic.partitionCount;
  }

  get availablePartitions(): readonly number[] {
    return this.topic.availablePartitions;
  }

  partitionCountForTopic(topic: string): number | null {
    return topic === this.topic.name ? this.topic.partitionCount : null;
  }

  availablePartitionsForTopic(topic: string): readonly number[] {
    return topic === this.topic.name ? this.topic.availablePartitions : [];
  }
}

function bytesOf(data: RecordData): Uint8Array | null {
  return typeof data === 'string' ? Buffer.from(data) : data;
}
