import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  hodgesLehmann,
  signedRankBounds,
  signedRankIndex,
  signedRankP,
  walshAverages,
} from '../../../reports/statistics/signed-rank.ts';

/** scipy 1.17.1: wilcoxon(values, method='exact').pvalue; Walsh averages and their median by numpy. */
const SCIPY = [
  {
    values: [0.020062, 0.034937, 0.006293, -0.02453, -0.002734, -0.029582, 0.023007, 0.087011],
    p: 0.4609375,
    walsh: [-0.029582, -0.027056, -0.013632],
    median: 0.011657,
  },
  {
    values: [
      -0.00461, -0.011024, 0.044492, 0.037844, 0.025271, -0.026523, 0.018537, 0.054765, -0.047211, -0.002881,
      -0.075061, -0.044477,
    ],
    p: 0.85009765625,
    walsh: [-0.075061, -0.061136, -0.047211],
    median: -0.00309875,
  },
  {
    values: [
      0.018374, 0.064219, -0.00918, 0.014415, 0.025523, 0.023189, -0.041253, 0.023807, 0.087941, -0.057357,
      0.062969, 0.025968, -0.012074, 0.120021, 0.058113, -0.039964, 0.023726, 0.048834, 0.010561, 0.054146,
    ],
    p: 0.017181396484375,
    walsh: [-0.057357, -0.049305, -0.040608],
    median: 0.02417225,
  },
  {
    values: [
      0.004816, 0.037629, 0.013961, 0.010136, -0.035703, 0.019424, -0.002179, 0.078306, 0.052654, 0.018793,
      0.053419, 0.003007, 0.072606, 0.01973, 0.049169, -0.044545, 0.037334, -0.06441, -0.081766, 0.004776,
      -0.024996, 0.028203, 0.132238, -0.021586, -0.011197, 0.03027, 0.044651, 0.01118, 0.009703, 0.055123,
    ],
    p: 0.03098480962216854,
    walsh: [-0.081766, -0.073088, -0.058734],
    median: 0.016727,
  },
];

const near = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual}, expected ${expected}`);

test('the exact p is that of scipy', () => {
  for (const { values, p } of SCIPY) near(signedRankP(values), p);
});

test("Darwin's maize: p 0.0413, as in scipy's documentation", () => {
  const differences = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
  near(signedRankP(differences), 0.041259765625);
});

test('ties share their mean rank, exactly: as all signs counted one by one (scipy: PermutationMethod)', () => {
  near(signedRankP([1, 1, -1, 2, 2, 3, -3, 4]), 0.2421875);
});

test('zeros are left out', () => {
  near(signedRankP([0, 0.5, 0.5, -0.5, 1, 2, 0]), 0.25);
  assert.equal(signedRankP([0, 0]), 1);
  assert.equal(signedRankP([]), 1);
});

test('eight of one sign: 2 in 256, whatever the sign', () => {
  near(signedRankP([1, 2, 3, 4, 5, 6, 7, 8]), 0.0078125);
  near(signedRankP([-1, -2, -3, -4, -5, -6, -7, -8]), 0.0078125);
});

test('Walsh averages ascend, bounds are the order statistics c from either end, and the median is the estimate', () => {
  for (const { values, walsh, median } of SCIPY) {
    const [first, second, fifth] = walsh as [number, number, number];
    near(signedRankBounds(values, 0).low, first, 1e-6);
    near(signedRankBounds(values, 1).low, second, 1e-6);
    near(signedRankBounds(values, 4).low, fifth, 1e-6);
    near(signedRankBounds(values, 0).high, Math.max(...values));
    near(hodgesLehmann(values), median, 1e-9);
  }
});

test('by hand: 1, 3, 8', () => {
  assert.deepEqual([...walshAverages([8, 1, 3])], [1, 2, 3, 4.5, 5.5, 8]);
  assert.deepEqual(signedRankBounds([8, 1, 3], 1), { low: 2, high: 5.5 });
  assert.equal(hodgesLehmann([8, 1, 3]), 3.75);
});

test('mirrored values have mirrored bounds', () => {
  for (const { values } of SCIPY) {
    const { low, high } = signedRankBounds(values, 3);
    assert.deepEqual(
      signedRankBounds(
        values.map((value) => -value),
        3,
      ),
      { low: -high, high: -low },
    );
  }
});

test('a c that no bound belongs to is refused', () => {
  assert.throws(() => signedRankBounds([1, 2], 2), /c is 2, expected .* that 2 values have/);
  assert.throws(() => signedRankBounds([], 0), RangeError);
  assert.throws(() => signedRankBounds([1, 2, 3], 0.5), RangeError);
});

test("critical values are those of the printed tables of Wilcoxon's signed-rank test, 1 % and 5 % two-sided", () => {
  const sizes = [8, 12, 16, 20, 25, 30];
  assert.deepEqual(
    sizes.map((n) => signedRankIndex(n, 0.005)),
    [0, 7, 19, 37, 68, 109],
  );
  assert.deepEqual(
    sizes.map((n) => signedRankIndex(n, 0.025)),
    [3, 13, 29, 52, 89, 137],
  );
  assert.equal(signedRankIndex(5, 0.025), null);
});
