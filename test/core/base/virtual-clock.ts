import type { Clock, Timer } from '../../../core/base/clock.ts';

interface Pending {
  readonly dueNs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is told to move. Timers fire in the order of their due times (equal ones in
 * the order set), each followed by the microtasks and deferred callbacks it caused, so a test that awaits
 * advance() sees the same order of events in every run.
 */
export class VirtualClock implements Clock {
  #nowNs: number;
  readonly #wallOriginMs: number;
  readonly #timers = new Set<Pending>();
  #deferred: (() => void)[] = [];
  #order = 0;

  constructor(options: { startNs?: number; wallMs?: number } = {}) {
    this.#nowNs = options.startNs ?? 1_000_000_000;
    this.#wallOriginMs = (options.wallMs ?? 1_700_000_000_000) - this.#nowNs / 1e6;
  }

  nowNs(): number {
    return this.#nowNs;
  }

  wallMs(): number {
    return Math.floor(this.#wallOriginMs + this.#nowNs / 1e6);
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const pending: Pending = {
      dueNs: this.#nowNs + Math.max(0, delayMs) * 1e6,
      order: this.#order++,
      callback,
    };
    this.#timers.add(pending);
    return pending as unknown as Timer;
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer as unknown as Pending);
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /** Timers set and neither fired nor cleared: 0 after a clean close. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Runs what is due now: promises, deferred callbacks, timers of 0 ms. Time does not move. */
  settle(): Promise<void> {
    return this.advance(0);
  }

  /** Moves time on by `ms`, firing what falls due on the way at its own time. */
  async advance(ms: number): Promise<void> {
    const untilNs = this.#nowNs + ms * 1e6;
    await this.#drain();
    for (let next = this.#next(); next !== null && next.dueNs <= untilNs; next = this.#next()) {
      this.#fire(next);
      await this.#drain();
    }
    this.#nowNs = Math.max(this.#nowNs, untilNs);
  }

  /** Jumps from timer to timer until the promise settles. Throws when nothing is left that could settle it. */
  async runUntil<T>(promise: Promise<T>, limitMs = 24 * 3_600_000): Promise<T> {
    let isSettled = false;
    const noteSettled = () => {
      isSettled = true;
    };
    promise.then(noteSettled, noteSettled);
    const limitNs = this.#nowNs + limitMs * 1e6;
    for (;;) {
      await this.#drain();
      if (isSettled) return promise;
      const next = this.#next();
      if (next === null) throw new Error('the promise is pending, and no timer is left');
      if (next.dueNs > limitNs) throw new Error(`the promise is pending after ${limitMs} virtual ms`);
      this.#fire(next);
    }
  }

  #fire(pending: Pending): void {
    this.#timers.delete(pending);
    this.#nowNs = Math.max(this.#nowNs, pending.dueNs);
    pending.callback();
  }

  #next(): Pending | null {
    let first: Pending | null = null;
    for (const each of this.#timers) {
      const isEarlier =
        first === null ||
        each.dueNs < first.dueNs ||
        (each.dueNs === first.dueNs && each.order < first.order);
      if (isEarlier) first = each;
    }
    return first;
  }

  async #drain(): Promise<void> {
    do {
      const deferred = this.#deferred;
      this.#deferred = [];
      for (const callback of deferred) callback();
      // A real turn of the event loop runs every microtask that is queued or follows from one.
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#deferred.length > 0);
  }
}
