import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runSeed } from './run-seed.ts';

const FIRST_SEED = 1;
const COUNT = 2000;
/** Of all schedules; about twice what was seen. */
const MOST_DOUBLED = 0.01;
const REPLAYED = process.env['SIMULATION_SEED'];
const WANTED = Number(process.env['SIMULATION_COUNT'] ?? COUNT);

describe('producer: random schedules of faults', () => {
  it(`keeps its promises in ${REPLAYED === undefined ? `${WANTED} schedules` : `schedule ${REPLAYED}`}`, async (context) => {
    const seeds =
      REPLAYED === undefined
        ? Array.from({ length: WANTED }, (_, index) => FIRST_SEED + index)
        : [Number(REPLAYED)];
    context.diagnostic(`seeds ${seeds[0]} to ${seeds.at(-1)}; SIMULATION_SEED=n replays one`);
    let withDoubles = 0;
    for (const seed of seeds) {
      const { report, problems, simulation } = await runSeed(seed);
      assert.equal(problems.length, 0, report);
      if (simulation.doubledByKafka > 0) withDoubles++;
    }
    context.diagnostic(`${withDoubles} schedules fell into the gap that Kafka's rules leave`);
    assert.ok(withDoubles <= seeds.length * MOST_DOUBLED + 1, `${withDoubles} schedules with records twice`);
  });
});
