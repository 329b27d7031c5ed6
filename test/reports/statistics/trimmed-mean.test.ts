import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimmedMean } from '../../../reports/statistics/trimmed-mean.ts';

test('a fifth from either end does not count, whatever it is', () => {
  assert.equal(trimmedMean([5, -1e9, 3, 4, 1e9], 0.2), 4);
  assert.equal(trimmedMean([5, -1e9, 3, 4, 1e12], 0.2), 4);
});

test('the number cut is rounded down, as scipy.stats.trim_mean does (1.17.1)', () => {
  const values = [
    -0.00461, -0.011024, 0.044492, 0.037844, 0.025271, -0.026523, 0.018537, 0.054765, -0.047211, -0.002881,
    -0.075061, -0.044477,
  ];
  assert.ok(Math.abs(trimmedMean(values, 0.2) - -0.000982875) < 1e-12);
});

test('what is given stays in its order', () => {
  const values = [3, 1, 2];
  trimmedMean(values, 0.2);
  assert.deepEqual(values, [3, 1, 2]);
});

test('nothing has no mean; more than half from either end cannot be cut', () => {
  assert.ok(Number.isNaN(trimmedMean([], 0.2)));
  assert.throws(() => trimmedMean([1], 0.5), /share is 0.5/);
});
