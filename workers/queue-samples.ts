import type { Clock, Timer } from '../core/base/clock.ts';

const MIN_PERIOD_MS = 100;
const MAX_SAMPLES = 200;
/** Of all partitions: a result is read by people and programs, and there is one per trial. */
const MAX_FIGURES = 4096;

/** How often queues are looked at in a window: the same for all generators, so that their samples add up. */
export function queueSamplePeriodMs(windowMs: number, partitions: number): number {
  const samples = Math.max(1, Math.min(MAX_SAMPLES, Math.floor(MAX_FIGURES / partitions)));
  return Math.max(MIN_PERIOD_MS, windowMs / samples);
}

/** Records that wait to be sent by partition, looked at now and then over a window. */
export class QueueSamples {
  /** Row by row: every partition at the first time, then at the second. */
  readonly #rows: number[][] = [];
  readonly #clock: Clock;
  #timer: Timer | null = null;

  constructor(
    clock: Clock,
    window: { readonly startNs: number; readonly endNs: number; readonly periodMs: number },
    look: () => readonly number[],
  ) {
    this.#clock = clock;
    const { startNs, endNs, periodMs } = window;
    const next = (): void => {
      const atNs = startNs + this.#rows.length * periodMs * 1e6;
      if (atNs >= endNs) return;
      this.#timer = clock.setTimer(
        () => {
          this.#rows.push([...look()]);
          next();
        },
        (atNs - clock.nowNs()) / 1e6,
      );
    };
    next();
  }

  /** Ends the samples; what was seen so far, a row per time. */
  finish(): readonly (readonly number[])[] {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    return this.#rows;
  }
}
