import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';

const JITTER = 0.2;
/** Node's timers take no longer delay. */
const MAX_TIMER_MS = 0x7fff_ffff;

export interface BackoffRange {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * The pause after `failures` failures in a row (1 = the first): firstMs doubled each time, at most maxMs, then
 * 20 % of jitter either way (Kafka's ExponentialBackoff, KIP-580).
 */
export function backoffMs(range: BackoffRange, failures: number, random: Random): number {
  const steps = Math.min(Math.max(failures - 1, 0), 32);
  const plain = Math.min(range.firstMs * 2 ** steps, Math.max(range.maxMs, 0));
  return plain * (1 - JITTER + 2 * JITTER * random.nextDouble());
}

/** A delay that a timer can hold. */
export function timerDelayMs(delayMs: number): number {
  return Math.min(Math.max(0, Math.ceil(delayMs)), MAX_TIMER_MS);
}

/** Ends early, without an error and without a timer left, when the signal aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const onAbort = () => {
      clock.clearTimer(timer);
      resolve();
    };
    const timer = clock.setTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, timerDelayMs(delayMs));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
