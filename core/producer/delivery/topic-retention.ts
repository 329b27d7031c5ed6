import type { Clock } from '../../base/clock.ts';
import type { TopicState } from '../topic-state.ts';

/**
 * Which topics the producer's metadata keeps (ProducerMetadata.retainTopic): those sent to within
 * metadata.max.idle.ms. One that was only asked about counts from when metadata first brought it.
 */
export class TopicRetention {
  private readonly clock: Clock;
  private readonly maxIdleNs: number;
  private readonly topics: ReadonlyMap<string, TopicState>;
  private readonly askedNs = new Map<string, number>();

  constructor(clock: Clock, maxIdleMs: number, topics: ReadonlyMap<string, TopicState>) {
    this.clock = clock;
    this.maxIdleNs = maxIdleMs * 1e6;
    this.topics = topics;
  }

  readonly isWanted = (name: string): boolean => {
    const nowNs = this.clock.nowNs();
    const topic = this.topics.get(name);
    if (topic !== undefined && topic.lastUsedNs > 0) {
      this.askedNs.delete(name);
      if (nowNs - topic.lastUsedNs < this.maxIdleNs) return true;
      return topic.queues.some((queue) => queue !== undefined && queue.batches.length > 0);
    }
    const askedNs = this.askedNs.get(name) ?? nowNs;
    this.askedNs.set(name, askedNs);
    if (nowNs - askedNs < this.maxIdleNs) return true;
    this.askedNs.delete(name);
    return false;
  };
}
