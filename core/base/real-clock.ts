import type { Clock, Timer } from './clock.ts';

const NS_PER_SECOND = 1e9;

/** The machine's own time. */
export const realClock: Clock = {
  nowNs() {
    const parts = process.hrtime();
    return parts[0] * NS_PER_SECOND + parts[1];
  },
  wallMs: () => Date.now(),
  setTimer: (callback, delayMs) => setTimeout(callback, Math.max(0, delayMs)) as unknown as Timer,
  clearTimer: (timer) => clearTimeout(timer as unknown as NodeJS.Timeout),
  defer: (callback) => {
    setImmediate(callback);
  },
};
