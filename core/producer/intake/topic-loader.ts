import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import { sleep } from '../../client/backoff.ts';
import { asRecordError, isRetriable } from '../delivery/produce-errors.ts';
import type { PartitionerFactory } from '../partitioners/create.ts';
import type { ProducerCluster } from '../producer-cluster.ts';
import type { TopicState } from '../topic-state.ts';

/** Connects and loads what must be loaded; may be called again after it failed. */
export type Start = () => Promise<{
  readonly cluster: ProducerCluster;
  readonly newPartitioner: PartitionerFactory;
}>;

export interface TopicLoading {
  readonly clock: Clock;
  readonly maxBlockMs: number;
  readonly retryBackoffMs: number;
  readonly start: Start;
  /** Aborts when the producer is closed: pauses between look-ups end then. */
  readonly signal: AbortSignal;
  /** Asking again is of no use: whoever waits must be failed. */
  readonly onFatal: (error: TidemarkError) => void;
}

/**
 * Fetches a topic's metadata and gives it its partitioner, trying again for as long as somebody waits for it. False
 * when nobody does any more, or when the topic is being loaded already.
 */
export async function loadTopic(topic: TopicState, loading: TopicLoading): Promise<boolean> {
  if (topic.isLoading) return false;
  topic.isLoading = true;
  while (topic.waiting.length > 0 && topic.partitioner === null) {
    try {
      const { cluster, newPartitioner } = await loading.start();
      // Asked twice within max.block.ms: whoever's time runs out is told what the first half of it failed with.
      const timeoutMs = Math.max(1, loading.maxBlockMs / 2);
      topic.update(await cluster.metadataFor(topic.name, { timeoutMs }));
      if (topic.partitionCount > 0) topic.partitioner = newPartitioner();
    } catch (thrown) {
      const error = asRecordError(thrown);
      // That the look-up's own time ran out says nothing; what it met meanwhile does.
      const isOnlyLate = error.kind === 'TIMEOUT' && error.cause instanceof TidemarkError;
      topic.loadError = isOnlyLate ? (error.cause as TidemarkError) : error;
      if (!isRetriable(error)) loading.onFatal(error);
    }
    if (topic.partitioner === null && topic.waiting.length > 0) {
      await sleep(loading.clock, Math.max(1, loading.retryBackoffMs), loading.signal);
    }
  }
  topic.isLoading = false;
  return topic.partitioner !== null;
}
