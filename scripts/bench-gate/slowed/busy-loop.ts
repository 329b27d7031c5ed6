import { crc32 } from 'node:zlib';

/** Stays in the first cache, and makes a turn long beside the call. */
const TURN_BYTES = 2048;
const WARM_TURNS = 20_000;
const CALIBRATION_TURNS = 20_000;
/** How much one burst tells about what a turn costs. */
const WEIGHT = 0.02;
/** A burst that took longer than this many times what it should was interrupted: that time was somebody else's. */
const INTERRUPTED = 3;

/**
 * Burns a given CPU time. Counted in turns whose cost is measured all along, since a clock on the wall would count the time
 * that the system gives to others. A turn is native code: a loop of ours costs six times as much while it is not yet
 * compiled, and when that ends is up to the compiler.
 */
export class BusyLoop {
  #nsPerTurn: number;
  readonly #bytes = new Uint8Array(TURN_BYTES);
  #crc = 0;
  /** Asked for, and less than a turn. */
  #owedNs = 0;

  constructor() {
    this.#run(WARM_TURNS);
    this.#nsPerTurn = this.#run(CALIBRATION_TURNS) / CALIBRATION_TURNS;
  }

  /** Returns the nanoseconds that it came to; what is less than a turn is kept for the next time. */
  burn(durationNs: number): number {
    this.#owedNs += durationNs;
    const turns = Math.floor(this.#owedNs / this.#nsPerTurn);
    if (turns === 0) return 0;
    const expectedNs = turns * this.#nsPerTurn;
    const tookNs = this.#run(turns);
    const burntNs = tookNs > INTERRUPTED * expectedNs ? expectedNs : tookNs;
    this.#nsPerTurn += WEIGHT * (burntNs / turns - this.#nsPerTurn);
    this.#owedNs -= burntNs;
    return burntNs;
  }

  /** Returns the time on the wall. */
  #run(turns: number): number {
    const startMs = performance.now();
    for (let turn = 0; turn < turns; turn++) this.#crc = crc32(this.#bytes, this.#crc);
    return (performance.now() - startMs) * 1e6;
  }
}
