import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { demandsOn } from '../../../scripts/bench-gate/demands.ts';
import { type ResampledChecks, resampleChecks } from '../../../scripts/bench-gate/resample.ts';

const CHECKS = 500;

function sessions(slowdown: number, spread: number): number[] {
  const random = new SeededRandom(9);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  return Array.from({ length: 60 }, () => Math.log1p(slowdown) + spread * normal());
}

function resample(slowdown: number, spread: number): ResampledChecks {
  return resampleChecks(sessions(slowdown, spread), { checks: CHECKS, random: new SeededRandom(1) });
}

test('every check ends in one verdict, and the same seed gives the same', () => {
  const result = resample(0.02, 0.019);
  const total = Object.values(result.verdicts).reduce((sum, count) => sum + count, 0);
  assert.equal(total, CHECKS);
  assert.deepEqual(resample(0.02, 0.019), result);
  assert.ok(result.meanSessions >= 8 && result.meanSessions < 30);
});

test('with the spread of a quiet machine nothing is cried about, and 10 % is found', () => {
  assert.equal(resample(0, 0.012).verdicts.regression, 0);
  assert.equal(resample(0.1, 0.012).verdicts.regression, CHECKS);
});

test('demands hold for the unfavourable end of the interval', () => {
  const verdicts = {
    'no regression': 0,
    'minor slowdown': 0,
    regression: 0,
    improvement: 0,
    inconclusive: 0,
  };
  const met = (slowdown: 0 | 0.02 | 0.05 | 0.1, regression: number, inconclusive = 0): boolean[] =>
    demandsOn(
      { slowdown, neighbour: 'quiet' },
      {
        checks: 10_000,
        verdicts: { ...verdicts, regression, inconclusive },
        regressionsWithin16: regression,
        meanSessions: 8,
      },
    ).map(({ isMet }) => isMet);
  assert.deepEqual(met(0, 70), [true, true]);
  assert.deepEqual(met(0, 99), [false, true]);
  assert.deepEqual(met(0.05, 9560), [true, true]);
  assert.deepEqual(met(0.05, 9510), [false, true]);
  assert.deepEqual(met(0.1, 9950), [true, true]);
  assert.deepEqual(met(0.1, 9905), [false, true]);
  assert.deepEqual(met(0.02, 5000, 499), [false]);
});
