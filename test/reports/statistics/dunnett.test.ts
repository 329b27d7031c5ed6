import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dunnettCritical, dunnettProbability } from '../../../reports/statistics/dunnett.ts';
import { tQuantile } from '../../../reports/statistics/students-t.ts';

/** Dunnett, New tables for multiple comparisons with a control, Biometrics 20 (1964): two-sided, 5 %, 1 to 9 levels. */
const PUBLISHED: readonly (readonly [number, readonly number[]])[] = [
  [5, [2.57, 3.03, 3.29, 3.48, 3.62, 3.73, 3.82, 3.9, 3.97]],
  [10, [2.23, 2.57, 2.76, 2.89, 2.99, 3.07, 3.14, 3.19, 3.24]],
  [20, [2.09, 2.38, 2.54, 2.65, 2.73, 2.8, 2.86, 2.9, 2.95]],
  [60, [2.0, 2.27, 2.41, 2.51, 2.58, 2.64, 2.69, 2.73, 2.77]],
  [Number.POSITIVE_INFINITY, [1.96, 2.21, 2.35, 2.44, 2.51, 2.57, 2.61, 2.65, 2.69]],
];

/**
 * comparisons, degrees of freedom, correlation, critical value: scipy 1.17.1, the root of
 * stats.multivariate_t.cdf(d, lower_limit=-d, shape, df, maxpts=400000) = 0.95, the same to four digits for two seeds.
 */
const SCIPY = [
  [2, 4, 0.5, 3.3104],
  [4, 8, 1 / 3, 3.0816],
  [6, 12, 0.2, 3.0753],
  [3, 6, 0, 3.1926],
  [2, 2, 0.25, 5.5354],
  [5, 95, 0.5, 2.5559],
  [10, 20, 0.9, 2.568],
  [4, 2, 0.5, 6.513],
] as const;

test('critical values are those of the published table', () => {
  for (const [degreesOfFreedom, row] of PUBLISHED) {
    for (const [index, expected] of row.entries()) {
      const family = { comparisons: index + 1, degreesOfFreedom, alpha: 0.05, correlation: 0.5 };
      const found = dunnettCritical(family);
      assert.ok(Math.abs(found - expected) < 0.0055, `${JSON.stringify(family)}: ${found}, not ${expected}`);
    }
  }
});

test('critical values agree with integration by another method, whatever the correlation', () => {
  for (const [comparisons, degreesOfFreedom, correlation, expected] of SCIPY) {
    const found = dunnettCritical({ comparisons, degreesOfFreedom, alpha: 0.05, correlation });
    assert.ok(
      Math.abs(found - expected) < 2e-4,
      `${comparisons} ${degreesOfFreedom} ${correlation}: ${found}`,
    );
  }
});

test('one comparison is a t test', () => {
  const found = dunnettCritical({ comparisons: 1, degreesOfFreedom: 7, alpha: 0.05, correlation: 0.5 });
  assert.equal(found, tQuantile(0.975, 7));
});

test('the critical value gives the chance that it was asked for', () => {
  const family = { comparisons: 4, degreesOfFreedom: 6, correlation: 0.3 };
  const critical = dunnettCritical({ ...family, alpha: 0.01 });
  assert.ok(Math.abs(dunnettProbability(critical, family) - 0.99) < 1e-7);
});

test('a family that cannot be is refused', () => {
  const family = { comparisons: 2, degreesOfFreedom: 4, alpha: 0.05, correlation: 0.5 };
  assert.throws(() => dunnettCritical({ ...family, comparisons: 0 }), RangeError);
  assert.throws(() => dunnettCritical({ ...family, degreesOfFreedom: 0 }), RangeError);
  assert.throws(() => dunnettCritical({ ...family, alpha: 1 }), RangeError);
  assert.throws(() => dunnettCritical({ ...family, correlation: 1 }), RangeError);
});
