import type { Clock, Timer } from '../../core/base/clock.ts';

/** No producer of a simulation needs more at once, nor sets more in all. */
const MAX_PENDING = 200;
const MAX_SET = 100_000;

/** The clock as the code under test gets it: its timers are counted apart from those of the world around it. */
export class WatchedClock implements Clock {
  readonly #clock: Clock;
  readonly #pending = new Set<Timer>();
  #set = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers set and neither fired nor cleared. */
  get pendingTimers(): number {
    return this.#pending.size;
  }

  nowNs(): number {
    return this.#clock.nowNs();
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  /** Timers that breed timers would keep the simulation busy for ever: then it throws. */
  setTimer(callback: () => void, delayMs: number): Timer {
    if (this.#pending.size >= MAX_PENDING || ++this.#set > MAX_SET) {
      throw new Error(`${this.#pending.size} timers are pending, ${this.#set} were set`);
    }
    const timer = this.#clock.setTimer(() => {
      this.#pending.delete(timer);
      callback();
    }, delayMs);
    this.#pending.add(timer);
    return timer;
  }

  clearTimer(timer: Timer): void {
    this.#pending.delete(timer);
    this.#clock.clearTimer(timer);
  }

  defer(callback: () => void): void {
    this.#clock.defer(callback);
  }
}
