import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holmAdjusted } from '../../../reports/statistics/holm.ts';
import { welchSpread } from '../../../reports/statistics/welch.ts';

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * Math.abs(expected), `${actual}, expected ${expected}`);
}

test("standard error and degrees of freedom are those of scipy's ttest_ind(equal_var=False)", () => {
  const first = [412, 431, 405].map(Math.log);
  const second = [389, 378, 401, 395].map(Math.log);
  const spread = welchSpread(second, first)!;
  // scipy 1.17.1
  near(spread.standardError, 0.02243461710211661);
  near(spread.degreesOfFreedom, 3.7416229815942614);
});

test('one value on a side has no spread; none on both sides is exact', () => {
  assert.equal(welchSpread([1], [1, 2]), null);
  assert.deepEqual(welchSpread([1, 1], [2, 2]), {
    standardError: 0,
    degreesOfFreedom: Number.POSITIVE_INFINITY,
  });
});

test("adjusted p values are those of statsmodels' multipletests(method='holm')", () => {
  const adjusted = holmAdjusted([0.01, 0.04, 0.03, 0.005, 0.6]);
  for (const [index, expected] of [0.04, 0.09, 0.09, 0.025, 0.6].entries()) near(adjusted[index]!, expected);
  assert.deepEqual(holmAdjusted([]), []);
});
