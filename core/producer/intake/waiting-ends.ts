import type { Clock, Timer } from '../../base/clock.ts';
import { timerDelayMs } from '../../client/backoff.ts';
import type { WaitingSend } from './waiting-send.ts';

const NS_PER_MS = 1e6;

/** What ends a wait early. */
export type WaitEnd = 'expired' | 'interrupted';

/**
 * Goes through everything that waits, fails what `judge` finds an end for, and returns the earliest deadline of
 * the rest (Infinity when there is none).
 */
export type Sweep = (judge: (waiting: WaitingSend) => WaitEnd | null) => number;

/**
 * Ends waits at their deadlines and when their signals abort: one timer and one listener per signal, however many
 * records wait.
 */
export class WaitingEnds {
  private readonly clock: Clock;
  private readonly sweep: Sweep;
  /** How many waiting records each signal would end. */
  private readonly signals = new Map<AbortSignal, number>();
  private timer: Timer | null = null;
  private timerDueNs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, sweep: Sweep) {
    this.clock = clock;
    this.sweep = sweep;
  }

  watch({ deadlineNs, signal }: WaitingSend): void {
    this.expireAt(deadlineNs);
    if (signal === undefined) return;
    const known = this.signals.get(signal) ?? 0;
    this.signals.set(signal, known + 1);
    if (known === 0) signal.addEventListener('abort', this.onAbort);
  }

  /** It waits no more. The timer stays: one that fires for nobody only sets itself anew. */
  forget({ signal }: WaitingSend): void {
    if (signal === undefined) return;
    const left = this.signals.get(signal)! - 1;
    if (left > 0) {
      this.signals.set(signal, left);
      return;
    }
    this.signals.delete(signal);
    signal.removeEventListener('abort', this.onAbort);
  }

  close(): void {
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timer = null;
    this.timerDueNs = Number.NEGATIVE_INFINITY;
  }

  private expireAt(dueNs: number): void {
    if (dueNs >= this.timerDueNs) return;
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timerDueNs = dueNs;
    this.timer = this.clock.setTimer(this.onTimer, timerDelayMs((dueNs - this.clock.nowNs()) / NS_PER_MS));
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    this.timerDueNs = Number.POSITIVE_INFINITY;
    const nowNs = this.clock.nowNs();
    const nextNs = this.sweep((waiting) => (waiting.deadlineNs <= nowNs ? 'expired' : null));
    if (nextNs !== Number.POSITIVE_INFINITY) this.expireAt(nextNs);
  };

  private readonly onAbort = (): void => {
    this.sweep((waiting) => (waiting.signal?.aborted === true ? 'interrupted' : null));
  };
}
