import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clopperPearson } from '../../../reports/statistics/clopper-pearson.ts';

// scipy 1.17.1: stats.binomtest(k, n).proportion_ci(confidence, method='exact').
const CASES = [
  [0, 200, 0.95, 0, 0.01827534036],
  [1, 10, 0.95, 0.002528578544, 0.445016117],
  [5, 10000, 0.95, 0.0001623679342, 0.001166444209],
  [59, 10000, 0.95, 0.004494297938, 0.007604055395],
  [9500, 10000, 0.95, 0.945545473, 0.9541900578],
  [7, 8, 0.99, 0.3684828604, 0.9993736285],
  [200, 200, 0.9, 0.9851329608, 1],
] as const;

test('the interval of a proportion agrees with scipy', () => {
  for (const [successes, trials, confidence, low, high] of CASES) {
    const found = clopperPearson(successes, trials, confidence);
    assert.ok(Math.abs(found.low - low) < 1e-7, `${successes}/${trials}: low ${found.low}, not ${low}`);
    assert.ok(Math.abs(found.high - high) < 1e-7, `${successes}/${trials}: high ${found.high}, not ${high}`);
  }
});

test('none and all of the trials leave one side at the end', () => {
  assert.equal(clopperPearson(0, 200).low, 0);
  assert.equal(clopperPearson(200, 200).high, 1);
});

test('more successes than trials, halves and no trials are refused', () => {
  for (const [k, n] of [
    [3, 2],
    [-1, 2],
    [0.5, 2],
    [0, 0],
  ] as const) {
    assert.throws(() => clopperPearson(k, n), RangeError);
  }
  assert.throws(() => clopperPearson(1, 2, 1), RangeError);
});
