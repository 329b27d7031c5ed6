import { sleep } from '../../client/backoff.ts';
import type { TopicState } from '../topic-state.ts';
import type { TopicLoading } from './topic-loader.ts';

/**
 * While records wait for a partition that their topic does not have, its metadata is asked for again every
 * retry.backoff.ms: partitions can be added (KafkaProducer.waitOnMetadata). Others are not held up meanwhile.
 */
export class PartitionGrowth {
  private readonly loading: Omit<TopicLoading, 'onFatal'>;
  /** Partitions may have been added. */
  private readonly onRefreshed: (topic: TopicState) => void;
  private readonly awaited = new Set<TopicState>();

  constructor(loading: Omit<TopicLoading, 'onFatal'>, onRefreshed: (topic: TopicState) => void) {
    this.loading = loading;
    this.onRefreshed = onRefreshed;
  }

  /** Until nobody waits for the topic any more. */
  async await(topic: TopicState): Promise<void> {
    if (this.awaited.has(topic)) return;
    this.awaited.add(topic);
    const { clock, retryBackoffMs, start, signal } = this.loading;
    const { cluster } = await start();
    while (topic.waiting.length > 0) {
      cluster.requestRefresh();
      await sleep(clock, Math.max(1, retryBackoffMs), signal);
      const view = cluster.cachedTopic(topic.name);
      // Whoever keeps the leaders may have seen the new metadata first; if not, its queues are to be given out anew.
      if (view !== null && topic.update(view)) topic.assignedQueues = -1;
      this.onRefreshed(topic);
    }
    this.awaited.delete(topic);
  }
}
