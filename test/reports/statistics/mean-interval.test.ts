import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  logMeanInterval,
  type MeanEstimate,
  meanInterval,
} from '../../../reports/statistics/mean-interval.ts';

function assertClose(found: MeanEstimate | null, expected: MeanEstimate): void {
  assert.ok(found !== null);
  assert.equal(found.n, expected.n);
  for (const key of ['value', 'low', 'high'] as const) {
    assert.ok(
      Math.abs(found[key]! - expected[key]!) < 1e-6 * Math.abs(expected[key]!),
      `${key}: ${found[key]}`,
    );
  }
}

test('the mean has the t interval of its values', () => {
  // scipy 1.17.1: stats.t.interval(0.95, 3, loc=x.mean(), scale=stats.sem(x)) of these values.
  assertClose(meanInterval([412, 398, 441, 405]), {
    value: 414,
    low: 383.948763198,
    high: 444.051236802,
    n: 4,
  });
});

test('the interval of logarithms is that of factors', () => {
  // The same on np.log(x), then np.exp.
  assertClose(logMeanInterval([1.2, 1.9, 1.4]), {
    value: 1.47238356419,
    low: 0.82357571,
    high: 2.63231823,
    n: 3,
  });
});

test('one value has no interval, and none has no mean', () => {
  assert.deepEqual(meanInterval([7]), { value: 7, low: null, high: null, n: 1 });
  assert.equal(meanInterval([]), null);
  assert.equal(logMeanInterval([]), null);
  assert.equal(logMeanInterval([3])!.low, null);
});

test('what has no logarithm has no geometric mean', () => {
  assert.equal(logMeanInterval([1, 0, 2]), null);
  assert.equal(logMeanInterval([1, -1]), null);
});
