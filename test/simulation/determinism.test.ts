import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawSchedule } from './schedule.ts';
import { Simulation } from './simulation.ts';

async function linesOf(seed: number): Promise<string[]> {
  const simulation = new Simulation(drawSchedule(seed), true);
  await simulation.run();
  const told = simulation.settlements.all.map(({ error, metadata }) => `${error} ${metadata?.offset}`);
  return [...simulation.lines, ...told];
}

describe('simulation', () => {
  it('does the same again for the same seed, and something else for another', async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const lines = await linesOf(seed);
      assert.ok(lines.length > 5, `seed ${seed}: something happens`);
      assert.deepEqual(await linesOf(seed), lines, `seed ${seed}`);
      seen.add(lines.join('\n'));
    }
    assert.equal(seen.size, 40);
  });
});
