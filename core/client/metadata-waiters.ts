import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import { timerDelayMs } from './backoff.ts';
import type { TopicMetadata } from './topic-metadata.ts';

interface Waiter {
  readonly allowAutoCreation: boolean;
  readonly resolve: (topic: TopicMetadata) => void;
  readonly reject: (error: TidemarkError) => void;
  readonly timer: Timer;
}

/** Who waits for the metadata of which topic, each within a time budget of its own. */
export class MetadataWaiters {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<Waiter>>();
  /** Why the last look-up of a topic did not succeed. */
  readonly #reasons = new Map<string, TidemarkError>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  has(topic: string): boolean {
    return this.#waiting.has(topic);
  }

  /** Topics waited for, apart by whether a waiter lets the broker create them. */
  topics(allowAutoCreation: boolean): string[] {
    const names: string[] = [];
    for (const [topic, waiters] of this.#waiting) {
      if ([...waiters].some((waiter) => waiter.allowAutoCreation) === allowAutoCreation) names.push(topic);
    }
    return names;
  }

  wait(topic: string, options: { timeoutMs: number; allowAutoCreation: boolean }): Promise<TopicMetadata> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(() => {
        this.#remove(topic, waiter);
        reject(this.#timeoutError(topic, options.timeoutMs));
      }, timerDelayMs(options.timeoutMs));
      const waiter: Waiter = { allowAutoCreation: options.allowAutoCreation, resolve, reject, timer };
      let waiters = this.#waiting.get(topic);
      if (waiters === undefined) {
        waiters = new Set();
        this.#waiting.set(topic, waiters);
        this.#reasons.delete(topic);
      }
      waiters.add(waiter);
    });
  }

  /** Why a topic has to be asked for again, for the error of those whose time runs out. */
  note(topic: string, reason: TidemarkError): void {
    if (this.#waiting.has(topic)) this.#reasons.set(topic, reason);
  }

  noteAll(reason: TidemarkError): void {
    for (const topic of this.#waiting.keys()) this.#reasons.set(topic, reason);
  }

  resolve(topic: TopicMetadata): void {
    for (const waiter of this.#take(topic.name)) waiter.resolve(topic);
  }

  reject(topic: string, error: TidemarkError): void {
    for (const waiter of this.#take(topic)) waiter.reject(error);
  }

  rejectAll(error: TidemarkError): void {
    for (const topic of [...this.#waiting.keys()]) this.reject(topic, error);
  }

  #take(topic: string): Waiter[] {
    const waiters = [...(this.#waiting.get(topic) ?? [])];
    this.#waiting.delete(topic);
    this.#reasons.delete(topic);
    for (const waiter of waiters) this.#clock.clearTimer(waiter.timer);
    return waiters;
  }

  #remove(topic: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(topic);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(topic);
  }

  #timeoutError(topic: string, timeoutMs: number): TidemarkError {
    const reason = this.#reasons.get(topic);
    const why = reason === undefined ? '' : `; last: ${reason.message}`;
    return new TidemarkError(
      'TIMEOUT',
      `topic ${topic} not present in metadata after ${timeoutMs} ms${why}`,
      {
        retriable: true,
        cause: reason,
      },
    );
  }
}
