import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { demandsOf } from '../../../scripts/bench-levels/demands.ts';
import { roundsOfJournal } from '../../../scripts/bench-levels/measured-rounds.ts';
import { resample } from '../../../scripts/bench-levels/resample.ts';

const OPTIONS = { families: 100, seed: 1, precision: 0.02, repeats: 3, difference: 0.05 };

/** Rounds that lie far apart, with configurations within them that differ by chance alone. */
function invented(noise: number): number[][] {
  const random = new SeededRandom(7);
  const normal = (): number =>
    Array.from({ length: 12 }, () => random.nextDouble()).reduce((sum, one) => sum + one, -6);
  return Array.from({ length: 60 }, () => {
    const drift = Math.exp(0.3 * normal());
    return Array.from({ length: 4 }, () => 100_000 * drift * Math.exp(noise * normal()));
  });
}

test('equal levels are seldom called different and 5 % is found, whatever the rounds drift', () => {
  const outcome = resample(invented(0.012), OPTIONS);
  const { byRepeats, byPrecision } = outcome;
  assert.ok(byRepeats.falseAlarms.share < 0.12 && byPrecision.falseAlarms.share < 0.12);
  assert.ok(byPrecision.found.share > 0.95 && byPrecision.reached!.share > 0.95);
  assert.ok(byPrecision.meanRounds >= 5 && byPrecision.meanRounds < 20);
  assert.ok(byRepeats.found.share < byPrecision.found.share);
  assert.ok(byRepeats.found.low < byRepeats.found.share && byRepeats.found.share < byRepeats.found.high);
});

test('where levels are noisy, the demand for what must be found is not met', () => {
  const outcome = resample(invented(0.15), OPTIONS);
  assert.ok(demandsOf(outcome).some(({ isMet, text }) => !isMet && text.includes('found')));
  assert.equal(outcome.byPrecision.meanRounds, 20);
});

test('a seed gives the same families again', () => {
  const rounds = invented(0.02);
  const options = { ...OPTIONS, families: 20 };
  assert.deepEqual(resample(rounds, options), resample(rounds, options));
});

test('only whole rounds of a journal count, the base first in each', () => {
  const trials = [1, 2].flatMap((round) => [
    { id: `r${round}-client.id-b`, round, level: 'b' },
    { id: `r${round}-base-1`, round, level: null },
  ]);
  const entry = (id: string, recordsPerSecond: number, status = 'ok'): object => ({
    result: { id, status, throughput: { recordsPerSecond } },
  });
  const header = { startedAt: 'x', environment: {}, plan: { trials } } as never;
  const entries = [entry('r1-client.id-b', 2), entry('r1-base-1', 1), entry('r2-base-1', 1)] as never[];
  assert.deepEqual(roundsOfJournal(header, entries).rounds, [[1, 2]]);
  const failed = [...entries, entry('r2-client.id-b', 3, 'failed')] as never[];
  assert.deepEqual(roundsOfJournal(header, failed).rounds, [[1, 2]]);
});
