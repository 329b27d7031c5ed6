import assert from 'node:assert/strict';
import { it } from 'node:test';
import { QueueSamples, queueSamplePeriodMs } from '../../workers/queue-samples.ts';
import { VirtualClock } from '../core/base/virtual-clock.ts';

it('queues are looked at once per period, from the start of the window to its end', async () => {
  const clock = new VirtualClock();
  const startNs = clock.nowNs() + 50e6;
  const times: number[] = [];
  const look = () => {
    times.push((clock.nowNs() - startNs) / 1e6);
    return [times.length, 0];
  };
  const samples = new QueueSamples(clock, { startNs, endNs: startNs + 400e6, periodMs: 100 }, look);
  await clock.advance(1000);
  assert.deepEqual(times, [0, 100, 200, 300]);
  assert.deepEqual(samples.finish(), [
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
  ]);
});

it('a phase that ends early leaves no timer behind', async () => {
  const clock = new VirtualClock();
  const startNs = clock.nowNs();
  const samples = new QueueSamples(clock, { startNs, endNs: startNs + 400e6, periodMs: 100 }, () => [0]);
  await clock.advance(150);
  assert.equal(samples.finish().length, 2);
  assert.equal(clock.pendingTimers, 0);
});

it('at most 200 times, and less often with many partitions', () => {
  assert.equal(queueSamplePeriodMs(5_000, 3), 100);
  assert.equal(queueSamplePeriodMs(60_000, 3), 300);
  assert.equal(queueSamplePeriodMs(6_400, 128), 200);
  assert.equal(queueSamplePeriodMs(1_000, 10_000), 1_000);
});
