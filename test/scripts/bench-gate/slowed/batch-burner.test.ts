import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchBurner } from '../../../../scripts/bench-gate/slowed/batch-burner.ts';
import { BusyLoop } from '../../../../scripts/bench-gate/slowed/busy-loop.ts';

const TURN_NS = 450;
/** The first turn of a burst fills caches and enters native code; reading the clock costs as well. */
const COLD_NS = 800;
const CLOCK_NS = 60;
/** After a burst the caches are no longer as they were, where no clock of the burst sees it. */
const AFTERWARDS_NS = 900;
const BATCH_RECORDS = 150;
const BATCHES = 60_000;

/** A process on a clock of CPU time that only moves when it works. */
class FakeProcess {
  ns = 0;
  looks = 0;
  #isCold = false;
  /** Somebody else's turn on the core, which the clock on the wall shows and that of CPU time does not. */
  #elsewhereNs = 0;

  readonly work: { nowNs(): number; turn(): void } = {
    nowNs: () => {
      this.ns += CLOCK_NS;
      return this.ns + this.#elsewhereNs;
    },
    turn: () => {
      this.ns += TURN_NS + (this.#isCold ? COLD_NS : 0);
      this.#isCold = false;
    },
  };

  readonly cpuNs = (): number => {
    this.looks++;
    this.ns += 1500;
    return this.ns;
  };

  /** A batch of other work, and then what the wrapper makes of it. Returns nothing: the clock tells. */
  batch(number: number, burner: BatchBurner): void {
    // Records cost less while the process gets warm, and not the same in every batch.
    const warmth = 1 + Math.exp(-number / 2000);
    this.ns += 75_000 * warmth * (1 + 0.2 * Math.sin(number));
    this.#isCold = true;
    if (number % 1000 === 500) this.work.turn = this.interrupted(this.work.turn);
    burner.settled(BATCH_RECORDS);
    if (!this.#isCold) this.ns += AFTERWARDS_NS;
  }

  /** The next turn is cut in two by another process. */
  interrupted(turn: () => void): () => void {
    return () => {
      turn();
      this.#elsewhereNs += 3e6;
      this.work.turn = turn;
    };
  }
}

interface Measured {
  readonly nsPerBatch: number;
  readonly looks: number;
  readonly cpuNs: number;
  readonly burner: BatchBurner;
}

function measure(slowdown: number): Measured {
  const process = new FakeProcess();
  const loop = new BusyLoop(process.work);
  const burner = new BatchBurner({ slowdown, cpuNs: process.cpuNs, loop });
  const warm = BATCHES / 2;
  let startNs = 0;
  for (let number = 0; number < BATCHES; number++) {
    if (number === warm) startNs = process.ns;
    process.batch(number, burner);
  }
  return {
    nsPerBatch: (process.ns - startNs) / (BATCHES - warm),
    looks: process.looks,
    cpuNs: process.ns,
    burner,
  };
}

for (const slowdown of [0.02, 0.05, 0.1]) {
  test(`a producer slowed by ${slowdown * 100} % costs that much more than one slowed by nothing`, () => {
    const change = measure(slowdown).nsPerBatch / measure(0).nsPerBatch - 1;
    assert.ok(Math.abs(change - slowdown) < 0.01 * slowdown, `${change}`);
  });
}

test('it reports what it added, not what it asked for', () => {
  const { burntNs, otherNs } = measure(0.05).burner.total;
  assert.ok(Math.abs(burntNs / otherNs - 0.05) < 0.0005, `${burntNs / otherNs}`);
  assert.equal(measure(0).burner.total.burntNs, 0);
});

test('the CPU time of the process is asked for about every 25 ms of it', () => {
  const { looks, cpuNs } = measure(0.05);
  assert.ok(looks < cpuNs / 20e6, `${looks} looks in ${cpuNs / 1e6} ms`);
  assert.ok(looks > cpuNs / 30e6, `${looks} looks in ${cpuNs / 1e6} ms`);
});

test('nothing is burnt before the process is warm', () => {
  const asked: number[] = [];
  let ns = 0;
  const loop = {
    burn: (durationNs: number): number => {
      asked.push(durationNs);
      ns += durationNs;
      return durationNs;
    },
  };
  const burner = new BatchBurner({ slowdown: 0.1, cpuNs: () => ns, loop });
  for (; ns < 390e6; ns += 100_000) burner.settled(100);
  assert.equal(Math.max(...asked), 0);
  for (; ns < 600e6; ns += 100_000) burner.settled(100);
  assert.ok(asked.at(-1)! > 9_900 && asked.at(-1)! < 10_100, `${asked.at(-1)}`);
});
