import type { TidemarkError } from '../base/errors.ts';
import { Ring } from '../base/ring.ts';
import { PartitionQueue } from './batches/partition-queue.ts';
import type { WaitingSend } from './intake/waiting-send.ts';
import type { PartitionedTopic, TopicPartitioner } from './partitioners/topic-partitioner.ts';

/** What the producer needs of a topic's metadata (core/client's TopicMetadata fits). */
export interface TopicView {
  readonly name: string;
  readonly topicId: string;
  readonly partitions: readonly {
    readonly partition: number;
    /** -1: none. */
    readonly leaderId: number;
    /** -1 or absent: not known. */
    readonly leaderEpoch?: number;
    readonly replicas?: readonly number[];
    readonly isr?: readonly number[];
  }[];
}

/** One topic as the producer sees it: leaders, partitioner, queues. */
export class TopicState implements PartitionedTopic {
  readonly name: string;
  /** 0 until the metadata is known. */
  partitionCount = 0;
  availablePartitions: readonly number[] = [];
  /** Null until the metadata is known. */
  partitioner: TopicPartitioner | null = null;
  view: TopicView | null = null;
  /** By partition; a queue appears with the first batch. */
  readonly queues: (PartitionQueue | undefined)[] = [];
  queueCount = 0;
  /** When a batch was last opened (metadata.max.idle.ms). */
  lastUsedNs = 0;
  /** Records sent before the metadata was known. */
  readonly waiting = new Ring<WaitingSend>();
  /** Somebody is fetching the metadata. */
  isLoading = false;
  /** Why the metadata could not be had so far. */
  loadError: TidemarkError | null = null;
  /** Queues that their leaders' nodes know of; see Sender. */
  assignedQueues = 0;
  /** Queues whose partition has no leader. */
  leaderless: PartitionQueue[] = [];
  private readonly loadSizes: number[] = [];
  private readonly loadPartitions: number[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Takes over new metadata; the same object again changes nothing. Returns whether it was new. */
  update(view: TopicView): boolean {
    if (view === this.view) return false;
    this.view = view;
    // Kafka never takes partitions away; an answer that does so is of a topic made anew.
    this.partitionCount = view.partitions.length;
    this.availablePartitions = view.partitions.filter((one) => one.leaderId >= 0).map((one) => one.partition);
    return true;
  }

  leaderOf(partition: number): number {
    return this.view?.partitions[partition]?.leaderId ?? -1;
  }

  isOpen(partition: number): boolean {
    const queue = this.queues[partition];
    return queue !== undefined && queue.open !== null;
  }

  queueOf(partition: number): PartitionQueue {
    const known = this.queues[partition];
    if (known !== undefined) return known;
    while (this.queues.length < this.partitionCount) this.queues.push(undefined);
    const queue = new PartitionQueue(this, partition);
    this.queues[partition] = queue;
    this.queueCount++;
    return queue;
  }

  /** Records that wait to be drained, by partition. */
  queuedRecords(): number[] {
    return Array.from(
      { length: this.partitionCount },
      (_, partition) => this.queues[partition]?.recordCount ?? 0,
    );
  }

  /**
   * Tells the partitioner how many batches wait for each partition that has a leader, once each partition had one
   * (RecordAccumulator.partitionReady). A partition with batches whose leader is unavailable is left out.
   */
  reportLoad(isUnavailable: (nodeId: number) => boolean): void {
    const { partitioner, loadSizes, loadPartitions } = this;
    if (partitioner?.updateLoad === undefined) return;
    loadSizes.length = 0;
    loadPartitions.length = 0;
    const isComplete = this.queueCount >= this.partitionCount;
    for (let partition = 0; isComplete && partition < this.queues.length; partition++) {
      const waiting = this.queues[partition]?.batches.length ?? 0;
      const leaderId = this.leaderOf(partition);
      if (leaderId < 0 || (waiting > 0 && isUnavailable(leaderId))) continue;
      loadSizes.push(waiting);
      loadPartitions.push(partition);
    }
    partitioner.updateLoad(loadSizes, loadPartitions, isComplete ? this.queueCount : 0);
  }
}
