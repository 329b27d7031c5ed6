import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareFigures, type FigurePair } from '../../../reports/compare/compare-figures.ts';

function side(samples: readonly number[], value?: number): { value: number; samples: readonly number[] } {
  const mean = samples.reduce((sum, sample) => sum + Math.log(sample), 0) / samples.length;
  return { value: value ?? Math.exp(mean), samples };
}

function pair(base: FigurePair['base'], candidate: FigurePair['candidate'], level = 'base'): FigurePair {
  return { metric: 'recordsPerSecond', level, base, candidate };
}

const slower = pair(side([412, 431, 405]), side([389, 378, 401, 395]));

test("change, interval and p are those of scipy's Welch test on the logarithms", () => {
  const [row] = compareFigures([slower]);
  // scipy 1.17.1: ttest_ind(log(candidate), log(base), equal_var=False) and its confidence_interval(0.95)
  const expected = { change: -0.06059569184153446, p: 0.05337975126005054 };
  const interval = { low: -0.11885350674040629, high: 0.0015138923405992794 };
  for (const [name, value] of Object.entries({ ...expected, ...interval })) {
    assert.ok(Math.abs(Number(row![name as 'p']) - value) < 1e-9, `${name}: ${row![name as 'p']}`);
  }
  assert.equal(row!.n, 3);
  assert.equal(row!.significant, false);
});

test('a shown value that is not the mean of the trials carries the interval with it', () => {
  const [row] = compareFigures([pair(side([10, 11, 12], 20), side([10, 11, 12], 30))]);
  assert.ok(Math.abs(row!.change! - 0.5) < 1e-12);
  assert.ok(row!.low! < 0.5 && row!.high! > 0.5);
  assert.ok(row!.p! < 0.05 === row!.low! > 0);
});

test('what is significant takes into account how many levels are compared', () => {
  const found = pair(side([100, 101, 102]), side([96, 97, 98]));
  const same = (level: string): FigurePair => pair(side([100, 101, 102]), side([100, 101, 103]), level);
  const alone = compareFigures([found])[0]!;
  assert.ok(alone.p! > 0.005 && alone.p! < 0.05, `${alone.p}`);
  assert.equal(alone.significant, true);
  const family = compareFigures([found, ...Array.from({ length: 9 }, (_, level) => same(`${level}`))]);
  assert.equal(family[0]!.p, alone.p);
  assert.equal(family[0]!.significant, false);
  const other = { ...same('x'), metric: 'cpuNsPerRecord' };
  assert.equal(compareFigures([found, other])[0]!.significant, true);
});

test('one trial a side has a change and no test; a figure that is missing has neither', () => {
  const [row] = compareFigures([pair(side([100]), side([110, 111]))]);
  assert.deepEqual([row!.low, row!.high, row!.p, row!.n, row!.significant], [null, null, null, 1, false]);
  assert.ok(row!.change! > 0.1);
  const [missing] = compareFigures([pair(null, side([1, 2, 3]))]);
  assert.deepEqual([missing!.base, missing!.change, missing!.p, missing!.n], [null, null, null, 0]);
});

test('what is the same in every trial is the same, or is not', () => {
  const [same, other] = compareFigures([
    pair(side([0.3, 0.3, 0.3]), side([0.3, 0.3, 0.3])),
    pair(side([0.3, 0.3, 0.3]), side([0.4, 0.4, 0.4]), 'x'),
  ]);
  assert.deepEqual([same!.change, same!.low, same!.p, same!.significant], [0, 0, 1, false]);
  assert.deepEqual([other!.p, other!.significant], [0, true]);
});
