import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import type { VersusBase } from '../../../reports/levels/level-summary.ts';
import { fitRoundsAndLevels, type RoundValue } from '../../../reports/statistics/blocked-fit.ts';
import { baseVersusItself, compareWithBase } from '../../../reports/statistics/level-family.ts';

interface Fixture {
  readonly cases: readonly {
    readonly name: string;
    readonly base: readonly RoundValue[];
    readonly levels: readonly (readonly RoundValue[])[];
    readonly degreesOfFreedom: number;
    readonly expected: readonly VersusBase[];
  }[];
}

/** Its origin stands in it: computed by other programs. */
const { cases } = JSON.parse(
  readFileSync(new URL('level-family-fixture.json', import.meta.url), 'utf8'),
) as Fixture;

for (const { name, base, levels, degreesOfFreedom, expected } of cases) {
  test(`levels against their base agree with other programs: ${name}`, () => {
    const logs = (values: readonly RoundValue[]): RoundValue[] =>
      values.map(({ round, value }) => ({ round, value: Math.log(value) }));
    assert.equal(fitRoundsAndLevels(logs(base), levels.map(logs)).degreesOfFreedom, degreesOfFreedom);
    const found = compareWithBase(base, levels);
    for (const [level, wanted] of expected.entries()) {
      const own = found[level]!;
      assert.equal(own.significant, wanted.significant);
      for (const key of ['ratio', 'low', 'high'] as const) {
        assert.ok(
          Math.abs(own[key]! / wanted[key]! - 1) < 2e-5,
          `${key} ${level}: ${own[key]}, not ${wanted[key]}`,
        );
      }
      assert.ok(
        Math.abs(own.detectable! / wanted.detectable! - 1) < 1e-3,
        `detectable ${level}: ${own.detectable}`,
      );
    }
  });
}

const ROUNDS = [1, 2, 3];
const inRounds = (values: readonly number[]): RoundValue[] =>
  values.map((value, index) => ({ round: ROUNDS[index]!, value }));

test('a drift that moves base and level alike takes nothing from the comparison', () => {
  const [versus] = compareWithBase(inRounds([100, 200, 50]), [inRounds([110, 221, 54.9])]);
  assert.ok(versus!.significant);
  assert.ok(Math.abs(versus!.ratio - 1.1) < 0.01);
});

test('one round gives a ratio, but no interval and no claim', () => {
  const base = [100, 104, 98].map((value) => ({ round: 1, value }));
  assert.deepEqual(compareWithBase(base, [[{ round: 1, value: 300 }]])[0], {
    ratio: compareWithBase(base, [[{ round: 1, value: 300 }]])[0]!.ratio,
    low: null,
    high: null,
    significant: false,
    detectable: null,
  });
});

test('a level without a round of the base has nothing to be compared with, and costs the others nothing', () => {
  const base = inRounds([100, 101, 99]);
  const level = inRounds([105, 107, 103]);
  const lonely = [{ round: 9, value: 500 }];
  const [alone, beside] = [compareWithBase(base, [level]), compareWithBase(base, [lonely, level, []])];
  assert.equal(beside[0], null);
  assert.equal(beside[2], null);
  assert.deepEqual(beside[1], alone[0]);
});

test('a value without a logarithm counts as missing', () => {
  const base = inRounds([100, 101, 99]);
  const [versus] = compareWithBase(base, [inRounds([0, 107, 103])]);
  assert.ok(Math.abs(versus!.ratio - 1.05) < 0.01);
  assert.equal(compareWithBase(base, [inRounds([0, 0, 0])])[0], null);
});

test('what is the same in every trial differs when it is another figure, and not by the rounding of its logarithm', () => {
  const random = new SeededRandom(1, 0);
  for (let family = 0; family < 200; family++) {
    const values = Array.from({ length: 2 + (family % 6) }, (_, round) => ({
      round,
      value: 1 + random.nextBelow(1_000_000),
    }));
    const equal = compareWithBase(
      values,
      Array.from({ length: 1 + (family % 5) }, () => values),
    );
    for (const versus of equal) {
      assert.deepEqual(versus, { ratio: 1, low: 1, high: 1, significant: false, detectable: 0 });
    }
    const [half] = compareWithBase(values, [values.map(({ round, value }) => ({ round, value: value / 2 }))]);
    assert.ok(half!.significant && half!.low === half!.high && Math.abs(half!.ratio - 0.5) < 1e-9);
  }
});

test('one variance serves all levels of a family', () => {
  const base = inRounds([100, 104, 99]);
  const many = compareWithBase(base, [
    inRounds([105, 107, 103]),
    inRounds([99, 107, 100]),
    inRounds([102, 101, 104]),
  ]);
  const width = (versus: VersusBase | null): number => versus!.high! / versus!.low!;
  assert.ok(width(many[0]!) > 1);
  assert.ok(many.every((versus) => Math.abs(width(versus) / width(many[0]!) - 1) < 1e-9));
});

test('the base beside its levels is equal to itself, with what its comparisons can see', () => {
  const base = inRounds([100, 104, 99]);
  const compared = compareWithBase(base, [inRounds([105, 107, 103]), inRounds([99, 107, 100])]);
  const own = baseVersusItself(compared);
  assert.deepEqual([own.ratio, own.low, own.high, own.significant], [1, 1, 1, false]);
  assert.equal(own.detectable, compared[0]!.detectable);
  assert.deepEqual(baseVersusItself([]), {
    ratio: 1,
    low: null,
    high: null,
    significant: false,
    detectable: null,
  });
});
