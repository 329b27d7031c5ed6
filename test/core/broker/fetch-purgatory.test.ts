import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock, Timer } from '../../../core/base/clock.ts';
import { DelayedFetch, FetchWaiters } from '../../../core/broker/fetch-purgatory.ts';

/** Timers that fire when the test says so. */
class ManualClock implements Clock {
  readonly pending = new Map<Timer, () => void>();
  nowNs = () => 0;
  wallMs = () => 0;
  defer = (callback: () => void) => queueMicrotask(callback);
  setTimer(callback: () => void): Timer {
    const timer = {} as Timer;
    this.pending.set(timer, callback);
    return timer;
  }
  clearTimer(timer: Timer): void {
    this.pending.delete(timer);
  }
  fire(): void {
    for (const callback of [...this.pending.values()]) callback();
  }
}

function wait(missingBytes: number, partitions = [new FetchWaiters()]) {
  const clock = new ManualClock();
  let completions = 0;
  const complete = () => {
    completions++;
  };
  const fetch = DelayedFetch.start(clock, { partitions, missingBytes, maxWaitMs: 10, complete });
  const settled = () => new Promise<number>((resolve) => setImmediate(() => resolve(completions)));
  return { clock, fetch, partitions, settled };
}

describe('a waiting fetch', () => {
  it('completes once when its partitions together received enough, and holds no timer then', async () => {
    const [left, right] = [new FetchWaiters(), new FetchWaiters()];
    const { clock, settled } = wait(100, [left, right]);
    left.appended(60);
    assert.equal(await settled(), 0);
    right.appended(40);
    right.appended(40);
    assert.equal(await settled(), 1);
    assert.deepEqual([clock.pending.size, left.size, right.size], [0, 0, 0]);
  });

  it('completes when its time has passed', async () => {
    const { clock, partitions, settled } = wait(100);
    clock.fire();
    assert.equal(await settled(), 1);
    assert.equal(partitions[0]!.size, 0);
  });

  it('completes once when time and data come together', async () => {
    const { clock, partitions, settled } = wait(100);
    partitions[0]!.appended(100);
    clock.fire();
    assert.equal(await settled(), 1);
  });

  it('never completes after it was cancelled', async () => {
    const { clock, fetch, partitions, settled } = wait(100);
    partitions[0]!.appended(100);
    fetch.cancel();
    clock.fire();
    assert.equal(await settled(), 0);
  });
});
