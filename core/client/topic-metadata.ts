import { TidemarkError } from '../base/errors.ts';
import type { MetadataResponse } from '../wire/messages/metadata.ts';

export interface PartitionMetadata {
  readonly partition: number;
  /** -1: none at the moment. */
  readonly leaderId: number;
  /** -1: the broker is too old to tell. */
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  /** 32 hexadecimal digits; zeros from a broker too old to tell. */
  readonly topicId: string;
  /** The element at index i is partition i. */
  readonly partitions: readonly PartitionMetadata[];
}

export interface BrokerNode {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

type TopicAnswer = MetadataResponse['topics'][number];

/**
 * A topic as one Metadata response tells it. Where `known` has a newer leader of a partition it stays: brokers learn
 * of elections at different times, and an older answer must not undo a newer one. Throws PROTOCOL when the
 * partitions are not 0 to n-1.
 */
export function readTopic(answer: TopicAnswer, known: TopicMetadata | null): TopicMetadata {
  const name = answer.name ?? '';
  const sorted = [...answer.partitions].sort((a, b) => a.partitionIndex - b.partitionIndex);
  const isSameTopic = known !== null && known.topicId === answer.topicId;
  const partitions = sorted.map((found, index): PartitionMetadata => {
    if (found.partitionIndex !== index) {
      throw new TidemarkError(
        'PROTOCOL',
        `metadata of ${name} tells ${sorted.length} partitions and partition ${found.partitionIndex}`,
      );
    }
    const before = isSameTopic ? known.partitions[index] : undefined;
    if (before !== undefined && found.leaderEpoch >= 0 && before.leaderEpoch > found.leaderEpoch)
      return before;
    return {
      partition: index,
      leaderId: found.leaderId,
      leaderEpoch: found.leaderEpoch,
      replicas: found.replicaNodes,
      isr: found.isrNodes,
    };
  });
  return { name, topicId: answer.topicId, partitions };
}

/** A leader that some broker named outside of a Metadata response (KIP-951). */
export interface LeaderNews {
  readonly topic: string;
  readonly partition: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
}

/** The topic with this leader; null when what is known is as new (Metadata.updatePartitionLeadership). */
export function withLeader(topic: TopicMetadata, news: LeaderNews): TopicMetadata | null {
  const known = topic.partitions[news.partition];
  if (known === undefined || known.leaderEpoch >= news.leaderEpoch) return null;
  const { leaderId, leaderEpoch } = news;
  return { ...topic, partitions: topic.partitions.with(news.partition, { ...known, leaderId, leaderEpoch }) };
}

/** Whether an application can begin with it: some partition has a leader. */
export function hasLeader(topic: TopicMetadata): boolean {
  return topic.partitions.some((partition) => partition.leaderId >= 0);
}
