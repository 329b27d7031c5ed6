import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';
import { LatencyRecorder } from '../../../reports/measure/latency-recorder.ts';

test('intervals hold what was recorded between two swaps, the total all of it', () => {
  const recorder = new LatencyRecorder();
  recorder.record(1_000);
  recorder.recordMany(2_000, 3);
  const first = recorder.takeInterval();
  recorder.record(9_000);
  assert.equal(recorder.liveQuantileNs(0.99), 9_000);
  const second = recorder.takeInterval();
  recorder.record(5_000);
  assert.deepEqual([first.count, second.count, recorder.count], [4, 1, 6]);
  const total = LatencyHistogram.fromBytes(recorder.toBytes());
  assert.deepEqual([total.count, total.sumNs, total.maxNs], [6, 21_000, 9_000]);
});

test('a recycled interval starts empty and takes part in the next swap', () => {
  const recorder = new LatencyRecorder();
  recorder.record(1_000);
  const first = recorder.takeInterval();
  recorder.recycle(first);
  recorder.record(2_000);
  recorder.takeInterval();
  recorder.record(3_000);
  const third = recorder.takeInterval();
  assert.equal(third, first);
  assert.deepEqual([third.count, third.maxNs], [1, 3_000]);
  assert.equal(recorder.count, 3);
});

test('reset forgets the warm-up', () => {
  const recorder = new LatencyRecorder();
  recorder.record(8_000);
  recorder.takeInterval();
  recorder.record(8_000);
  recorder.reset();
  recorder.record(1_000);
  const snapshot = recorder.snapshot();
  assert.deepEqual([snapshot.count, snapshot.maxNs], [1, 1_000]);
});

test('using a destroyed recorder throws', () => {
  const recorder = new LatencyRecorder();
  recorder.destroy();
  assert.throws(() => recorder.record(1));
});
