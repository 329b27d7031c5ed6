import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { medianFigure, ratioFigure } from '../../../scripts/peers/intervals.ts';

test('six values: the smallest and the largest hold the median with 31 chances of 32', () => {
  const figure = medianFigure([5, 1, 9, 2, 8, 3]);
  assert.deepEqual(figure, { median: 4, low: 1, high: 9, n: 6, coverage: 1 - 2 / 64 });
});

test('with fewer than six values the interval is all there is, and says that it covers less', () => {
  const figure = medianFigure([3, 1, 2, 5, 4]);
  assert.deepEqual([figure.median, figure.low, figure.high], [3, 1, 5]);
  assert.equal(figure.coverage, 0.9375);
  assert.equal(medianFigure([7]).coverage, 0);
});

test('many values: the interval takes the ranks of the sign test, 6th from both ends of 20', () => {
  const figure = medianFigure(Array.from({ length: 20 }, (_, index) => index + 1));
  assert.deepEqual([figure.median, figure.low, figure.high], [10.5, 6, 15]);
  assert.ok(figure.coverage >= 0.95 && figure.coverage < 0.97, String(figure.coverage));
});

test('ratios: geometric mean with the t interval of the logarithms', () => {
  const figure = ratioFigure([1, 2, 4]);
  const margin = (4.303 * Math.LN2) / Math.sqrt(3);
  assert.ok(Math.abs(figure.ratio - 2) < 1e-12);
  assert.ok(Math.abs(figure.low - 2 * Math.exp(-margin)) < 1e-12);
  assert.ok(Math.abs(figure.high - 2 * Math.exp(margin)) < 1e-12);
});

test('one ratio has no interval', () => {
  assert.deepEqual(ratioFigure([3]), {
    ratio: Math.exp(Math.log(3)),
    low: Number.NaN,
    high: Number.NaN,
    n: 1,
  });
});

test('of intervals over noisy ratios about 95 % hold the truth', () => {
  const random = new SeededRandom(7);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  const runs = 4000;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const { low, high } = ratioFigure(Array.from({ length: 6 }, () => 1.5 * Math.exp(0.1 * normal())));
    if (low <= 1.5 && high >= 1.5) held++;
  }
  assert.ok(held / runs > 0.935 && held / runs < 0.965, `${held} of ${runs}`);
});
