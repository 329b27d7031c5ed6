import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  calibrationOf,
  calibrationText,
  hasItsSlowdown,
  movedToNominal,
} from '../../../scripts/bench-gate/calibration.ts';
import { type Condition, entriesOf } from '../../../scripts/bench-gate/conditions.ts';

const FIVE: Condition = { slowdown: 0.05, neighbour: 'quiet' };

/** Mean `change`, on logarithms, with a standard deviation of about 1.2 % over 60 sessions: +- 0.3 % of interval. */
function sessions(change: number): number[] {
  return Array.from({ length: 60 }, (_, index) => Math.log1p(change) + (index % 2 === 0 ? 0.012 : -0.012));
}

test('candidates are slower by what they should be, within the interval and one per cent point', () => {
  for (const change of [0.04, 0.05, 0.06]) {
    assert.equal(calibrationOf(FIVE, sessions(change))!.isMet, true, `${change}`);
  }
  for (const change of [0.03, 0.07, 0.08]) {
    assert.equal(calibrationOf(FIVE, sessions(change))!.isMet, false, `${change}`);
  }
  assert.equal(calibrationOf({ ...FIVE, slowdown: 0 }, sessions(0.02))!.isMet, false);
});

test('it is told with the interval; one session shows nothing', () => {
  assert.match(
    calibrationText(calibrationOf(FIVE, sessions(0.07))!),
    /^MISSED mean change 7\.00 % \(95 % interval 6\.67 % to 7\.3\d %; nominal 5\.00 %/,
  );
  assert.equal(calibrationOf(FIVE, [])?.isMet, undefined);
  assert.equal(calibrationOf(FIVE, [Math.log1p(0.05)])!.isMet, false);
});

test('a slowed candidate is held against a base that is wrapped as well, A against A is as it ships', () => {
  assert.deepEqual(entriesOf(FIVE), {
    base: 'scripts/bench-gate/slowed/slowed-0.ts',
    candidate: 'scripts/bench-gate/slowed/slowed-5.ts',
  });
  const { base, candidate } = entriesOf({ ...FIVE, slowdown: 0 });
  assert.deepEqual([base, candidate], ['core/tidemark.ts', 'core/tidemark.ts']);
});

test('a candidate that burnt nothing, too little or too much was not slowed as asked', () => {
  for (const achieved of [null, 0, 0.044, 0.056])
    assert.equal(hasItsSlowdown(FIVE, achieved), false, `${achieved}`);
  for (const achieved of [0.046, 0.05, 0.054])
    assert.equal(hasItsSlowdown(FIVE, achieved), true, `${achieved}`);
  assert.equal(hasItsSlowdown({ ...FIVE, slowdown: 0 }, null), true);
});

test('power is that at the nominal slowdown: sessions keep their spread, and A against A its mean', () => {
  const moved = movedToNominal(FIVE, sessions(0.06));
  assert.ok(Math.abs(calibrationOf(FIVE, moved)!.change - 0.05) < 1e-9);
  assert.ok(Math.abs(moved[0]! - moved[1]! - 0.024) < 1e-9);
  assert.deepEqual(movedToNominal({ ...FIVE, slowdown: 0 }, sessions(0.01)), sessions(0.01));
});
