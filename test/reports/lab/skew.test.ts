import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { skewOf } from '../../../reports/lab/skew.ts';

const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-9, `${found}`);

describe('skew', () => {
  it('is nothing for even loads and all for a single one', () => {
    assert.deepEqual(skewOf(Float64Array.of(7, 7, 7, 7)), {
      maxOverMean: 1,
      gini: 0,
      coefficientOfVariation: 0,
    });
    const single = skewOf(Float64Array.of(0, 0, 0, 8));
    near(single.maxOverMean, 4);
    near(single.gini, 0.75);
    near(single.coefficientOfVariation, Math.sqrt(3));
  });

  // numpy 2.4.6: np.abs(np.subtract.outer(x, x)).mean() / (2 * x.mean()) and scipy 1.17.1 scipy.stats.variation(x).
  it('agrees with numpy and scipy', () => {
    const one = skewOf(Float64Array.of(2, 8, 3, 5, 5, 1, 9, 12, 0, 3));
    near(one.gini, 0.42083333333333334);
    near(one.coefficientOfVariation, 0.7557648811340439);
    near(one.maxOverMean, 2.5);
  });
});
