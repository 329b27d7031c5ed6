import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tQuantile, tTwoSidedP } from '../../../reports/statistics/students-t.ts';

// scipy 1.17.1: stats.t.ppf(p, df) and 2 * stats.t.sf(t, 4).
const QUANTILES = [
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749462],
  [0.975, 3, 3.1824463052837078],
  [0.975, 10, 2.228138851986274],
  [0.975, 100, 1.9839715185235518],
  [0.999, 5, 5.893429531356009],
  [0.8, 4, 0.9409645772351816],
  [0.975, 1.5, 6.016663104427929],
  [0.0001, 3, -22.203742273204178],
  [0.9999995, 4, 49.458636757953215],
] as const;
const TWO_SIDED = [
  [1e-3, 0.99925000015625],
  [1, 0.37390096630005887],
  [-3, 0.0399419679726597],
  [50, 9.57445365696969e-7],
  [1e4, 5.999999600000023e-16],
] as const;

test('quantiles of Student t agree with scipy, from one degree of freedom on', () => {
  for (const [p, df, expected] of QUANTILES) {
    const found = tQuantile(p, df);
    assert.ok(Math.abs(found / expected - 1) < 1e-7, `${p} ${df}: ${found}, not ${expected}`);
  }
  assert.equal(tQuantile(0.5, 3), 0);
});

test('without an end of degrees of freedom the quantile is the normal one', () => {
  assert.ok(Math.abs(tQuantile(0.975, Number.POSITIVE_INFINITY) - 1.959963984540054) < 1e-7);
});

test('two-sided p agrees with scipy and keeps its digits far out in the tail', () => {
  for (const [t, expected] of TWO_SIDED) {
    const found = tTwoSidedP(t, 4);
    assert.ok(Math.abs(found / expected - 1) < 1e-7, `${t}: ${found}, not ${expected}`);
  }
  assert.equal(tTwoSidedP(0, 4), 1);
});

test('what is no probability, no number or no degree of freedom is refused', () => {
  assert.throws(() => tQuantile(1, 3), RangeError);
  assert.throws(() => tQuantile(0.9, 0), RangeError);
  assert.throws(() => tTwoSidedP(Number.NaN, 3), RangeError);
  assert.throws(() => tTwoSidedP(1, Number.NaN), RangeError);
});
