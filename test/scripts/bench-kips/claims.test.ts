import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Result } from '../../../reports/result.ts';
import { claimTable } from '../../../scripts/bench-kips/claim-table.ts';
import { kip480Claims } from '../../../scripts/bench-kips/kip-480-claims.ts';
import { kip794Claims } from '../../../scripts/bench-kips/kip-794-claims.ts';
import { type InventedTrial, inventedResult } from '../../reports/published/experiments.ts';

const TIMEOUT = 'partitioner.availability.timeout.ms';

function adaptiveRounds(
  rounds: number,
  figuresOf: (name: string, round: number) => Partial<InventedTrial>,
): Result {
  const trials = Array.from({ length: rounds }, (_, index) => index + 1).flatMap((round) =>
    ['adaptive', 'uniform-sticky', 'sticky', 'timeout'].map((name): InventedTrial => {
      const producer = {
        'partitioner.class': name === 'timeout' ? 'adaptive' : name,
        [TIMEOUT]: name === 'timeout' ? '5' : '0',
      };
      return { producer, rate: 2048, mean: 50, p99: 200, ...figuresOf(name, round), change: { round } };
    }),
  );
  return inventedResult('kip-794', trials, []);
}

/** Figures as they are published, each round up or down by a few per cent. */
function asPublished(name: string, round: number): Partial<InventedTrial> {
  const noise = 1 + 0.02 * ((round * 7) % 5) - 0.04;
  const figures: Record<string, Partial<InventedTrial>> = {
    sticky: { mean: 4000, p99: 10_000 * noise, reached: 1725 },
    'uniform-sticky': { mean: 50, p99: 200 },
    adaptive: { mean: 40 * noise, p99: 150 },
    timeout: { mean: 38, p99: 140 },
  };
  return figures[name]!;
}

describe('what KIP-794 must show', () => {
  it('holds where the published figures come again', () => {
    const claims = kip794Claims(adaptiveRounds(5, asPublished));
    assert.deepEqual(
      claims.map(({ verdict }) => verdict),
      ['holds', 'holds', 'holds', 'holds'],
    );
    assert.equal(claims[0]!.estimate!.n, 5);
    assert.ok(Math.abs(claims[0]!.estimate!.value - 0.842) < 0.001);
    assert.ok(Math.abs(claims[1]!.estimate!.value / 50 - 1) < 0.01);
  });

  for (const [index, what, name, figures] of [
    [0, 'sticky keeps up', 'sticky', { reached: 2000 }],
    [1, 'sticky is 9 times slower', 'sticky', { p99: 1800 }],
    [2, 'adaptive is slower than uniform', 'adaptive', { mean: 60 }],
    [3, 'the timeout costs a fifth', 'timeout', { mean: 48 }],
  ] as const) {
    it(`fails where ${what}`, () => {
      const result = adaptiveRounds(5, (one, round) => ({
        ...asPublished(one, round),
        ...(one === name ? figures : {}),
      }));
      assert.equal(kip794Claims(result)[index]!.verdict, 'fails');
    });
  }

  it('is not decided where rounds differ by more than the effect, with one round, or without the figure', () => {
    const wild = adaptiveRounds(5, (name, round) => ({
      ...asPublished(name, round),
      ...(name === 'adaptive' ? { mean: 45 * (round % 2 === 0 ? 1.4 : 0.7) } : {}),
    }));
    assert.equal(kip794Claims(wild)[2]!.verdict, 'not decided');
    for (const { verdict } of kip794Claims(adaptiveRounds(1, asPublished)))
      assert.equal(verdict, 'not decided');
    const short = adaptiveRounds(5, (name, round) => ({ ...asPublished(name, round), p99: null }));
    assert.equal(kip794Claims(short)[1]!.verdict, 'not decided');
  });

  it('pairs within rounds: a machine twice as slow in one of them changes nothing', () => {
    const result = adaptiveRounds(5, (name, round) => {
      const { mean = 1, ...rest } = asPublished(name, 1);
      return { ...rest, mean: mean * (round === 3 ? 2 : 1) };
    });
    const [, , adaptive] = kip794Claims(result);
    assert.ok(adaptive!.estimate!.high! / adaptive!.estimate!.low! < 1.0001);
  });
});

describe('what KIP-480 must show', () => {
  const result = inventedResult(
    'kip-480',
    [1, 2, 3].flatMap((round) =>
      [16, 64].flatMap((partitions) =>
        [0, 1000].flatMap((lingerMs) =>
          ['round-robin', 'sticky'].map((name): InventedTrial => {
            const isSticky = name === 'sticky';
            return {
              producer: { 'partitioner.class': name, 'linger.ms': String(lingerMs) },
              ...{ partitions, rate: 1000, change: { round } },
              mean: isSticky ? 100 : 500,
              p99: isSticky ? 4 + 0.1 * round : partitions,
              batchBytes: isSticky ? 12_000 : 400,
              requestsPerRecord: isSticky ? 0.48 / partitions : 0.02,
            };
          }),
        ),
      ),
    ),
    [],
  );

  it('is judged at each count of partitions, under load and where batches linger', () => {
    const claims = kip480Claims(result);
    assert.equal(claims.length, 8);
    const failing = claims.filter(({ verdict }) => verdict !== 'holds').map(({ text }) => text);
    assert.deepEqual(failing, ['sticky/round-robin requests/record, 16 partitions']);
    assert.ok(Math.abs(claims.at(-1)!.estimate!.value - 0.2) < 1e-9);
  });

  it('is a table of at most the width asked for, with its verdicts', () => {
    const lines = claimTable(kip480Claims(result), 100).split('\n');
    for (const line of lines) assert.ok(line.length <= 100, line);
    assert.equal(lines.length, 9);
    assert.match(lines.join('\n'), /1\.50 +1\.50 to 1\.50 .*FAILS/);
  });
});
