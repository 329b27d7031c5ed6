import type { Clock, Timer } from '../base/clock.ts';

/**
 * Fetches that wait for data. Each waits for a number of bytes over its partitions, or for its time to
 * pass; an append wakes those of its partition, and nothing polls (Kafka's DelayedFetch).
 */
export class DelayedFetch {
  readonly #clock: Clock;
  readonly #partitions: readonly FetchWaiters[];
  readonly #complete: () => void;
  readonly #timer: Timer;
  #missingBytes: number;
  #finished = false;

  private constructor(clock: Clock, wait: FetchWait) {
    this.#clock = clock;
    this.#partitions = wait.partitions;
    this.#complete = wait.complete;
    this.#missingBytes = wait.missingBytes;
    for (const partition of wait.partitions) partition.add(this);
    this.#timer = clock.setTimer(() => this.#finish(), wait.maxWaitMs);
  }

  /** Calls `complete` once: when enough was appended, when a partition is gone, or after maxWaitMs. */
  static start(clock: Clock, wait: FetchWait): DelayedFetch {
    return new DelayedFetch(clock, wait);
  }

  onAppended(bytes: number): void {
    if (this.#missingBytes <= 0) return;
    this.#missingBytes -= bytes;
    // A microtask, so that the appends of one produce request are answered by one response, and an error
    // of this fetch never surfaces in that produce request.
    if (this.#missingBytes <= 0) queueMicrotask(() => this.#finish());
  }

  onPartitionGone(): void {
    this.onAppended(Number.POSITIVE_INFINITY);
  }

  /** Forgets the fetch without completing it (its connection has closed). */
  cancel(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#clock.clearTimer(this.#timer);
    for (const partition of this.#partitions) partition.remove(this);
  }

  #finish(): void {
    if (this.#finished) return;
    this.cancel();
    this.#complete();
  }
}

export interface FetchWait {
  readonly partitions: readonly FetchWaiters[];
  /** Bytes to be appended before the fetch is worth answering. */
  readonly missingBytes: number;
  readonly maxWaitMs: number;
  readonly complete: () => void;
}

/** The fetches that wait for one partition; without any, an append pays one comparison. */
export class FetchWaiters {
  readonly #waiting = new Set<DelayedFetch>();

  get size(): number {
    return this.#waiting.size;
  }

  add(fetch: DelayedFetch): void {
    this.#waiting.add(fetch);
  }

  remove(fetch: DelayedFetch): void {
    this.#waiting.delete(fetch);
  }

  appended(bytes: number): void {
    if (this.#waiting.size === 0) return;
    for (const fetch of this.#waiting) fetch.onAppended(bytes);
  }

  gone(): void {
    for (const fetch of this.#waiting) fetch.onPartitionGone();
  }
}
