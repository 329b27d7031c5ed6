import { TidemarkError } from '../base/errors.ts';
import type { FetchRequest, FetchResponse } from '../wire/messages/fetch.ts';
import type { Draft } from '../wire/schema.ts';
import { ZERO_UUID } from '../wire/schema.ts';
import type { FetchPosition, FetchSettings } from './fetch-position.ts';

/** A partition as it is asked for. */
export interface FetchTarget {
  readonly position: FetchPosition;
  /** ZERO_UUID when the cluster has none. */
  readonly topicId: string;
  /** -1 when unknown; a broker that has another one says so. */
  readonly leaderEpoch: number;
}

export type PartitionResult = FetchResponse['responses'][number]['partitions'][number];

interface Asked {
  readonly target: FetchTarget;
  readonly offset: number;
}

/** One fetch request to one broker, without a session, and who is who in its response. */
export class FetchExchange {
  readonly targets: readonly FetchTarget[];
  readonly sentNs: number;
  /** By topic name (up to version 12) and by topic id (from 13 on). */
  readonly #asked = new Map<string, Asked>();

  constructor(targets: readonly FetchTarget[], sentNs: number) {
    this.targets = targets;
    this.sentNs = sentNs;
    for (const target of targets) {
      const { topic, partition, offset } = target.position;
      const asked = { target, offset };
      this.#asked.set(key(topic, partition), asked);
      if (target.topicId !== ZERO_UUID) this.#asked.set(key(target.topicId, partition), asked);
    }
  }

  request(settings: FetchSettings): Draft<FetchRequest> {
    const topics = new Map<string, { topic: string; topicId: string; partitions: object[] }>();
    for (const { position, topicId, leaderEpoch } of this.targets) {
      let topic = topics.get(position.topic);
      if (topic === undefined) {
        topic = { topic: position.topic, topicId, partitions: [] };
        topics.set(position.topic, topic);
      }
      topic.partitions.push({
        partition: position.partition,
        currentLeaderEpoch: leaderEpoch,
        fetchOffset: position.offset,
        partitionMaxBytes: settings.partitionMaxBytes,
      });
    }
    return {
      maxWaitMs: settings.maxWaitMs,
      minBytes: settings.minBytes,
      maxBytes: settings.maxBytes,
      topics: [...topics.values()],
    };
  }

  /**
   * Visits what the response says of partitions that were asked for and are still where they were; one that has
   * been sought elsewhere meanwhile is passed over, as is what nobody asked for.
   */
  visit(response: FetchResponse, onResult: (target: FetchTarget, result: PartitionResult) => void): void {
    for (const topic of response.responses) {
      for (const result of topic.partitions) {
        const asked =
          this.#asked.get(key(topic.topicId, result.partitionIndex)) ??
          this.#asked.get(key(topic.topic, result.partitionIndex));
        if (asked !== undefined && asked.target.position.offset === asked.offset)
          onResult(asked.target, result);
      }
    }
  }
}

function key(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

/** The records of a response never lead back: a broker that sends only what was read would be asked for ever. */
export function assertAdvances(position: FetchPosition, nextOffset: number): void {
  if (nextOffset > position.offset) return;
  throw new TidemarkError(
    'PROTOCOL',
    `fetch of ${position.name} at offset ${position.offset}: the records sent end before offset ${nextOffset}`,
  );
}
