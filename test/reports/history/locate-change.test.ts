import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { locateChange } from '../../../reports/history/locate-change.ts';

describe('the place and the size of a change', () => {
  it('are one place, with the interval of Student, where the levels lie far apart', () => {
    // scipy 1.16: ttest_ind([5, 6, 7], [1, 2, 3, 2]).confidence_interval()
    const located = locateChange(
      [1, 2, 3, 2, 5, 6, 7].map((value) => value),
      { start: 0, index: 4, end: 7 },
    );
    assert.equal(located.size, 4);
    assert.ok(located.earliest <= 4 && located.latest >= 4);
    const sharp = locateChange([1, 1.01, 0.99, 1, 9, 9.01, 8.99], { start: 0, index: 4, end: 7 });
    assert.deepEqual([sharp.earliest, sharp.latest], [4, 4]);
  });

  it('leave open on which side of a value between the levels the change is', () => {
    const values = [1, 1.1, 0.9, 1, 1.1, 1.5, 2, 2.1, 1.9, 2, 2.1];
    const { earliest, latest, interval } = locateChange(values, { start: 0, index: 5, end: 11 });
    assert.deepEqual([earliest, latest], [5, 6]);
    // At either place the size is another: 0.91 and 0.92 without, 0.85 with the value on the other side.
    const alone = locateChange(values, { start: 0, index: 6, end: 11 });
    assert.deepEqual(alone.interval, interval);
  });

  it('look at nothing outside of their two levels', () => {
    const inner = [1, 1.1, 0.9, 2, 2.1, 1.9];
    const located = locateChange(inner, { start: 0, index: 3, end: 6 });
    const embedded = locateChange([99, 98, ...inner, 7], { start: 2, index: 5, end: 8 });
    assert.deepEqual(embedded, { ...located, earliest: located.earliest + 2, latest: located.latest + 2 });
  });
});
