/**
 * A neighbour that burns one core in bursts: `node neighbour-process.ts SEED`. On for 50 to 500 ms, off for as long, until
 * it is killed or whoever started it is gone.
 */
import { SeededRandom } from '../../core/base/random.ts';

const SHORTEST_MS = 50;
const LONGEST_MS = 500;
const random = new SeededRandom(Number(process.argv[2] ?? 0));

function drawMs(): number {
  return SHORTEST_MS + random.nextDouble() * (LONGEST_MS - SHORTEST_MS);
}

function burst(): void {
  const endMs = performance.now() + drawMs();
  let state = 1;
  while (performance.now() < endMs) {
    for (let turn = 0; turn < 10_000; turn++) state = Math.imul(state, 1664525) + 1013904223;
  }
  setTimeout(burst, drawMs() + (state & 1) / 1e6);
}

process.stdin.on('end', () => process.exit(0)).resume();
burst();
