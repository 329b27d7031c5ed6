import type { Clock, Timer } from '../base/clock.ts';
import { timerDelayMs } from './backoff.ts';

/**
 * One timer for many deadlines: it is moved only for a deadline earlier than all before it, and may fire before
 * anything is due. Whoever is called then arms it anew for what is left.
 */
export class DeadlineTimer {
  private readonly clock: Clock;
  private readonly onDue: () => void;
  private timer: Timer | null = null;
  private dueNs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, onDue: () => void) {
    this.clock = clock;
    this.onDue = onDue;
  }

  /** Fires no later than `dueNs` (never, if that is Infinity), but at least 1 ms from now. */
  cover(dueNs: number, nowNs: number): void {
    if (dueNs >= this.dueNs) return;
    this.clear();
    this.dueNs = dueNs;
    const delayMs = Math.max(1, (dueNs - nowNs) / 1e6);
    this.timer = this.clock.setTimer(this.fire, timerDelayMs(delayMs));
  }

  clear(): void {
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timer = null;
    this.dueNs = Number.POSITIVE_INFINITY;
  }

  private readonly fire = (): void => {
    this.timer = null;
    this.dueNs = Number.POSITIVE_INFINITY;
    this.onDue();
  };
}
