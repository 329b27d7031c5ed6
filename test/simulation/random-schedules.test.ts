import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSeed } from './run-seed.ts';

const FIRST_SEED = 1;
const COUNT = 2000;
const REPLAYED = process.env['SIMULATION_SEED'];
const WANTED = Number(process.env['SIMULATION_COUNT'] ?? COUNT);

describe('producer: random schedules of faults', () => {
  it(`keeps its promises in ${REPLAYED === undefined ? `${WANTED} schedules` : `schedule ${REPLAYED}`}`, async (context) => {
    const seeds =
      REPLAYED === undefined
        ? Array.from({ length: WANTED }, (_, index) => FIRST_SEED + index)
        : [Number(REPLAYED)];
    context.diagnostic(`seeds ${seeds[0]} to ${seeds.at(-1)}; SIMULATION_SEED=n replays one`);
    for (const seed of seeds) {
      const { report, problems } = await runSeed(seed);
      assert.equal(problems.length, 0, report);
    }
  });
});
