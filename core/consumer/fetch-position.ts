/** Where reading one partition stands. The fetcher moves `offset`; its owner says with `isWanted` when to go on. */
export class FetchPosition {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the next record to fetch. */
  offset: number;
  /** As the last response told; -1 before the first. */
  highWatermark = -1;
  /** False while there is nothing to fetch for: all read, or what came is not yet consumed. */
  isWanted = true;
  /** Part of a request that has no response yet. */
  isInFlight = false;
  /** After an error: not before this time of the clock. */
  blockedUntilNs = 0;

  constructor(topic: string, partition: number, offset: number) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }
}

/** What a fetch asks for, under the properties' meaning in Kafka's consumer. */
export interface FetchSettings {
  /** fetch.min.bytes: the broker waits for this much, at most maxWaitMs. */
  readonly minBytes: number;
  /** fetch.max.bytes, for the whole response. */
  readonly maxBytes: number;
  /** fetch.max.wait.ms. */
  readonly maxWaitMs: number;
  /** max.partition.fetch.bytes. */
  readonly partitionMaxBytes: number;
  /** retry.backoff.ms: how long a partition or broker that gave an error is left alone. */
  readonly retryBackoffMs: number;
}
