/**
 * Time as everything in Tidemark sees it. Durations come from `nowNs` only; `wallMs` is for record
 * timestamps. The real clock is the one file that may touch process.hrtime, Date.now and setTimeout;
 * a virtual one drives deterministic tests.
 */
export interface Clock {
  /** Monotonic nanoseconds as a double, with one origin for every thread of this machine (process.hrtime). */
  nowNs(): number;
  /** Milliseconds since the Unix epoch. */
  wallMs(): number;
  /** Calls back once after at least `delayMs`. Node's timers are coarse: about 1 ms. */
  setTimer(callback: () => void, delayMs: number): Timer;
  clearTimer(timer: Timer): void;
  /** Calls back after the current burst of synchronous work and pending I/O (setImmediate). */
  defer(callback: () => void): void;
}

/** Opaque handle of a pending timer. */
export type Timer = { readonly __timer: unique symbol };
