import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, SeededRandom } from '../../../core/base/random.ts';
import { LOOKS, looksUntil } from '../../../reports/check/looks.ts';
import { signedRankBounds } from '../../../reports/statistics/signed-rank.ts';

const SIMULATED_CHECKS = 20_000;

function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
  return radius * Math.cos(2 * Math.PI * random.nextDouble());
}

function drawLaplace(random: Random): number {
  const uniform = random.nextDouble() - 0.5;
  return -Math.sign(uniform) * Math.log1p(-2 * Math.abs(uniform));
}

/** Student's t with two degrees of freedom, by its inverse: a variance without end. */
function drawT2(random: Random): number {
  const uniform = 2 * random.nextDouble() - 1;
  return uniform * Math.sqrt(2 / (1 - uniform * uniform));
}

/** The rank sum of what lies below zero: as many Walsh averages are not above zero, so that w[c] > 0 means sum <= c. */
function rankSumBelowZero(values: readonly number[]): number {
  const order = values.toSorted((a, b) => Math.abs(a) - Math.abs(b));
  return order.reduce((sum, value, index) => sum + (value < 0 ? index + 1 : 0), 0);
}

/** Share of checks in which the lower bound passes the true centre at any of the looks. */
function falseAlarms(draw: (random: Random) => number, random: Random): number {
  let alarms = 0;
  for (let check = 0; check < SIMULATED_CHECKS; check++) {
    const values: number[] = [];
    for (const { sessions, c } of LOOKS) {
      while (values.length < sessions) values.push(draw(random));
      if (rankSumBelowZero(values) > c) continue;
      alarms++;
      break;
    }
  }
  return alarms / SIMULATED_CHECKS;
}

// 0.96 to 1.00 % with many more; four standard errors of 20,000 are 0.28 %.
for (const [name, draw] of Object.entries({ normal: drawNormal, Laplace: drawLaplace, t2: drawT2 })) {
  test(`over all looks a bound is passed by chance in 1 % of checks: ${name} noise`, () => {
    const share = falseAlarms(draw, new SeededRandom(20_260));
    assert.ok(share > 0.0068 && share < 0.0128, `${share}`);
  });
}

test('the rank sum of the simulation and the bounds of the product say the same', () => {
  const random = new SeededRandom(3);
  for (let sample = 0; sample < 300; sample++) {
    const { sessions, c } = LOOKS[sample % LOOKS.length]!;
    const values = Array.from({ length: sessions }, () => drawNormal(random) + 0.4);
    assert.equal(signedRankBounds(values, c).low > 0, rankSumBelowZero(values) <= c);
  }
});

test('a change as far beyond the tolerance as shiftFound95 says is shown by 95 % of checks', () => {
  const random = new SeededRandom(11);
  const samples = 4_000;
  for (const { sessions, c, shiftFound95 } of LOOKS) {
    let found = 0;
    for (let sample = 0; sample < samples; sample++) {
      const values = Array.from({ length: sessions }, () => drawNormal(random) + shiftFound95);
      if (rankSumBelowZero(values) <= c) found++;
    }
    // Three standard errors are 1 %.
    assert.ok(Math.abs(found / samples - 0.95) < 0.0105, `${sessions} sessions: ${found / samples}`);
  }
});

test('the numbers of sessions are those of the table, and a check may end at any of them', () => {
  assert.deepEqual(
    LOOKS.map(({ sessions, c }) => [sessions, c]),
    [
      [8, 0],
      [12, 4],
      [16, 15],
      [20, 32],
      [25, 60],
      [30, 98],
    ],
  );
  assert.deepEqual(
    looksUntil(16).map(({ sessions }) => sessions),
    [8, 12, 16],
  );
  assert.throws(() => looksUntil(10), /got 10, expected .* 8, 12, 16, 20, 25, 30/);
});
