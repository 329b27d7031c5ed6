import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import { timerDelayMs } from '../client/backoff.ts';

/** How long close() waits. Called again with less time, it waits no longer than that. */
export class CloseDeadline {
  private readonly clock: Clock;
  private readonly onOver: () => void;
  private timer: Timer | null = null;
  private dueNs = Number.POSITIVE_INFINITY;
  private isOver = false;
  /** Resolves when the time is over. */
  readonly over: Promise<void>;

  constructor(clock: Clock) {
    this.clock = clock;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.onOver = resolve;
  }

  within(timeoutMs: number): void {
    const dueNs = this.clock.nowNs() + timeoutMs * 1e6;
    if (dueNs >= this.dueNs || this.isOver) return;
    this.dueNs = dueNs;
    this.cancel();
    if (timeoutMs === 0) this.end();
    else this.timer = this.clock.setTimer(() => this.end(), timerDelayMs(timeoutMs));
  }

  cancel(): void {
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timer = null;
  }

  private end(): void {
    this.timer = null;
    this.isOver = true;
    this.onOver();
  }
}

/** Throws INVALID_ARGUMENT for what is no time to wait. */
export function checkTimeout(timeoutMs: number): void {
  if (typeof timeoutMs === 'number' && timeoutMs >= 0) return;
  throw new TidemarkError('INVALID_ARGUMENT', `timeoutMs must be >= 0, got ${String(timeoutMs)}`);
}
