import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  geometricMean,
  mean,
  median,
  medianOfSorted,
  squaredDeviations,
} from '../../../reports/statistics/averages.ts';

test('the median of an even number of values lies between the middle two, in whatever order they come', () => {
  const values = [9, 1, 4, 2];
  assert.equal(median(values), 3);
  assert.equal(median([9, 1, 4]), 4);
  assert.deepEqual(values, [9, 1, 4, 2]);
  assert.equal(medianOfSorted(Float64Array.of(10, 20)), 15);
});

test('means and squared deviations by hand', () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.ok(Math.abs(geometricMean([1, 2, 4]) - 2) < 1e-15);
  assert.equal(squaredDeviations([1, 2, 6]), 14);
});

test('without values there is no average', () => {
  assert.deepEqual([mean([]), geometricMean([]), median([])], [Number.NaN, Number.NaN, Number.NaN]);
});
