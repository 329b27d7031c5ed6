import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { type ChangePoint, changePoints } from '../../../reports/history/e-divisive.ts';

interface Case {
  readonly kind: string;
  readonly windowLength: number;
  readonly maxP: number;
  readonly values: readonly number[];
  readonly changePoints: readonly ChangePoint[];
  /** As Otava merges them. */
  readonly otavaIndexes: readonly number[];
}

const { cases } = JSON.parse(readFileSync(new URL('./otava.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};

function isClose(a: number, b: number, relative: number): boolean {
  return Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b));
}

describe('E-divisive', () => {
  it("finds the points of Otava's weak points and tests, with their p and means, in every series of its fixture", () => {
    assert.ok(cases.length > 100 && cases.some((one) => one.changePoints.length >= 3));
    for (const { values, changePoints: expected, ...options } of cases) {
      const found = changePoints(values, { ...options, minLength: 1 });
      assert.deepEqual(
        found.map((point) => point.index),
        expected.map((point) => point.index),
        JSON.stringify(values),
      );
      found.forEach((point, at) => {
        const { p, meanBefore, meanAfter } = expected[at]!;
        assert.ok(isClose(point.p, p, 1e-6), `p ${point.p}, expected ${p}`);
        assert.ok(isClose(point.meanBefore, meanBefore, 1e-12));
        assert.ok(isClose(point.meanAfter, meanAfter, 1e-12));
      });
    }
  });

  it('says what Otava says but where Otava keeps the p of a segment that is gone', () => {
    const others = cases.filter(
      ({ changePoints: expected, otavaIndexes }) =>
        expected.map((point) => point.index).join() !== otavaIndexes.join(),
    );
    assert.equal(others.length, 6);
  });

  it('names the first value of the new level', () => {
    const values = [...Array(20).keys()].map((i) => (i < 12 ? 1 : 1.1) + (i % 3) * 0.001);
    assert.deepEqual(
      changePoints(values).map((point) => point.index),
      [12],
    );
  });

  it('finds a change that stands in no single window but where two overlap', () => {
    const values = [...Array(140).keys()].map((i) => (i < 75 ? 1 : 1.1) + (i % 3) * 0.001);
    assert.deepEqual(
      changePoints(values, { windowLength: 10, maxP: 1e-4, minLength: 1 }).map((point) => point.index),
      [75],
    );
  });

  it('takes fewer values than minLength for an outlier', () => {
    const level = [...Array(30).keys()].map((i) => 1 + (i % 3) * 0.001);
    const indexes = (values: readonly number[], minLength: number): number[] =>
      changePoints(values, { windowLength: 50, maxP: 1e-4, minLength }).map((point) => point.index);
    assert.deepEqual(indexes([...level, 1.005], 1), [30]);
    assert.deepEqual(indexes([...level, 1.005], 2), []);
    assert.deepEqual(indexes([...level, 1.005, 1.0055], 2), [30]);
    assert.deepEqual(indexes(level.toSpliced(15, 1, 1.1), 2), []);
  });

  it('leaves the series as it was', () => {
    const values = Object.freeze([1, 1.1, 0.9, 5, 5.1, 4.9]);
    changePoints(values);
    assert.deepEqual(values, [1, 1.1, 0.9, 5, 5.1, 4.9]);
  });

  it('finds nothing in nothing', () => {
    assert.deepEqual(changePoints([]), []);
    assert.deepEqual(changePoints([1]), []);
  });

  it('says which value is no number', () => {
    assert.throws(() => changePoints([1, Number.NaN]), /values\[1\]: got NaN/);
    assert.throws(
      () => changePoints([1], { windowLength: 1, maxP: 0.1, minLength: 1 }),
      /windowLength: got 1/,
    );
    assert.throws(() => changePoints([1], { windowLength: 9, maxP: 0.1, minLength: 0 }), /minLength: got 0/);
  });
});
