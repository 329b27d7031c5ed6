import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DriverLoop } from '../../../bench/duet/driver-load.ts';
import type { SettleHandlers } from '../../../bench/duet/load-target.ts';
import type { Clock } from '../../../core/base/clock.ts';
import { VirtualClock } from '../../core/base/virtual-clock.ts';

interface Sent {
  readonly atMs: number;
  readonly first: number;
  readonly count: number;
}

/** A client that acknowledges before the loop's turn is over; each look at the clock takes a millisecond. */
async function loopOverInstant(load: { recordsPerSend: number; inFlight: number }) {
  const deferred: (() => void)[] = [];
  let nowNs = 0;
  const clock: Clock = {
    nowNs: () => (nowNs += 1e6),
    wallMs: () => 0,
    setTimer: () => assert.fail('a closed segment has no timers'),
    clearTimer: () => {},
    defer: (callback) => void deferred.push(callback),
  };
  const loop = await DriverLoop.connect({
    clock,
    load,
    cpuNs: () => 0,
    connect: async ({ onAcknowledged }) => ({
      touched: 0,
      send: (first, count) => queueMicrotask(() => onAcknowledged(first, count)),
      close: async () => {},
    }),
  });
  return { loop, deferred };
}

/** A client that acknowledges each send a fixed time later, and notes what was under way; the loop's timers may be late. */
async function loopOverFake(load: { recordsPerSend: number; inFlight: number }, ackMs: number, lateMs = 0) {
  const clock = new VirtualClock({ startNs: 0 });
  const lateClock: Clock = {
    nowNs: () => clock.nowNs(),
    wallMs: () => clock.wallMs(),
    setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs + lateMs),
    clearTimer: (timer) => clock.clearTimer(timer),
    defer: (callback) => clock.defer(callback),
  };
  const sends: Sent[] = [];
  const flushedAtMs: number[] = [];
  let outstanding = 0;
  let mostOutstanding = 0;
  let cpuNs = 0;
  let handlers: SettleHandlers | undefined;
  const loop = await DriverLoop.connect({
    clock: lateClock,
    load,
    cpuNs: () => cpuNs,
    connect: async (given) => {
      handlers = given;
      return {
        touched: 3,
        send(first, count) {
          sends.push({ atMs: clock.nowNs() / 1e6, first, count });
          outstanding += count;
          mostOutstanding = Math.max(mostOutstanding, outstanding);
          clock.setTimer(() => {
            outstanding -= count;
            cpuNs += 1000 * count;
            given.onAcknowledged(first, count);
          }, ackMs);
        },
        flush: () => void flushedAtMs.push(clock.nowNs() / 1e6),
        close: async () => {},
      };
    },
  });
  return { clock, loop, sends, flushedAtMs, handlers: handlers!, most: () => mostOutstanding };
}

describe('the load loop of a driver', () => {
  it('keeps inFlight records under way until the time is over, and waits for all of them', async () => {
    const { clock, loop, sends, most } = await loopOverFake({ recordsPerSend: 10, inFlight: 40 }, 30);
    const measured = loop.closed(100);
    await clock.advance(1000);
    // Sends at 0, 30, 60 and 90 ms, four at a time; the last are acknowledged at 120 ms.
    assert.deepEqual(
      sends.map(({ atMs }) => atMs),
      [0, 30, 60, 90].flatMap((atMs) => [atMs, atMs, atMs, atMs]),
    );
    assert.equal(most(), 40);
    const segment = await measured;
    assert.deepEqual(segment, { type: 'segment', records: 160, wallNs: 120e6, cpuNs: 160_000 });
    assert.equal(loop.acknowledgedInAll, 163);
  });

  it('flushes once when the time of a closed segment is over: nothing waits out its linger', async () => {
    const { clock, loop, flushedAtMs } = await loopOverFake({ recordsPerSend: 10, inFlight: 40 }, 30);
    const measured = loop.closed(85);
    await clock.advance(1000);
    await measured;
    assert.deepEqual(flushedAtMs, [90]);
  });

  it('gives a second segment records of its own', async () => {
    const { clock, loop, sends } = await loopOverFake({ recordsPerSend: 5, inFlight: 5 }, 60);
    for (const expected of [10, 10]) {
      const measured = loop.closed(100);
      await clock.advance(1000);
      assert.equal((await measured).records, expected);
    }
    assert.deepEqual(
      sends.map(({ first }) => first),
      [0, 5, 10, 15],
    );
  });

  it('ends a segment once, whatever the one before has deferred', async () => {
    const { loop, deferred } = await loopOverInstant({ recordsPerSend: 10, inFlight: 20 });
    let ended = 0;
    const segments = (async () => {
      for (; ended < 3; ended++) assert.equal((await loop.closed(10)).records, 100);
    })();
    for (let turn = 0; turn < 100 && ended < 3; turn++) {
      await new Promise(setImmediate);
      for (const callback of deferred.splice(0)) callback();
    }
    assert.equal(ended, 3);
    await segments;
  });

  it('sends no more at once than may be under way', async () => {
    const { clock, loop, sends } = await loopOverFake({ recordsPerSend: 100, inFlight: 8 }, 200);
    const measured = loop.closed(100);
    await clock.advance(1000);
    await measured;
    assert.deepEqual(
      sends.map(({ count }) => count),
      [8],
    );
  });

  it('sends record k of an open segment at k / rate, whatever is still under way', async () => {
    const { clock, loop, sends } = await loopOverFake({ recordsPerSend: 10, inFlight: 1 }, 70);
    const measured = loop.open(50, 100);
    await clock.advance(1000);
    assert.deepEqual(
      sends.map(({ atMs, count }) => [atMs, count]),
      [0, 10, 20, 30, 40].map((atMs) => [atMs, 1]),
    );
    const { records, wallNs, latencyNs } = await measured;
    assert.equal(records, 5);
    assert.equal(wallNs, 110e6);
    assert.deepEqual(latencyNs, { p50: 70e6, p90: 70e6, p99: 70e6 });
  });

  it('counts from the slot what a late loop delays, and catches up in sends of recordsPerSend', async () => {
    const { clock, loop, sends } = await loopOverFake({ recordsPerSend: 2, inFlight: 1 }, 10, 25);
    const measured = loop.open(50, 100);
    await clock.advance(1000);
    assert.deepEqual(
      sends.map(({ atMs, count }) => [atMs, count]),
      [
        [0, 1],
        [35, 2],
        [35, 1],
        [65, 1],
      ],
    );
    // From their slots: 10, 35, 25, 15 and 35 ms; HDR's buckets are 0.1 % wide.
    const { p50, p90 } = (await measured).latencyNs!;
    assert.deepEqual([Math.round(p50 / 1e5), Math.round(p90 / 1e5)], [250, 350]);
  });

  it('fails the segment with what a record failed with, and every one after it', async () => {
    const { clock, loop, handlers, sends } = await loopOverFake({ recordsPerSend: 1, inFlight: 2 }, 10);
    const measured = loop.closed(100);
    const refused = assert.rejects(measured, /NOT_LEADER/);
    handlers.onFailed(new Error('NOT_LEADER'));
    await refused;
    await clock.advance(1000);
    assert.equal(sends.length, 2);
    await assert.rejects(loop.closed(100), /NOT_LEADER/);
  });
});
