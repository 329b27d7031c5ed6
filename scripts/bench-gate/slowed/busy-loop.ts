import { crc32 } from 'node:zlib';

/** Stays in the first cache, and makes a turn long beside the call. */
const TURN_BYTES = 2048;
const WARM_TURNS = 20_000;
const CALIBRATION_TURNS = 20_000;
const CALIBRATION_BURSTS = 1000;
/** How much one burst tells about what a turn, or a burst without anything owed, costs. */
const WEIGHT = 0.01;
/** Of so many bursts one burns nothing beyond its one turn: what that costs here and now is looked at again. */
const PLAIN_EVERY = 16;
/** A burst that took this much longer than it should was interrupted: that time was somebody else's. */
const INTERRUPTED_NS = 50_000;

/** What the loop stands on; tests stand in for it. */
export interface BusyWork {
  nowNs(): number;
  turn(): void;
}

/**
 * Burns a given CPU time in bursts. A turn is native code: a loop of ours costs six times as much while it is not yet
 * compiled, and when that ends is up to the compiler.
 *
 * A burst costs more than its turns: its clock is read, native code is entered, and caches that held something else are
 * filled, and emptied again afterwards. So every burst is of at least one turn, also where nothing is to be burnt: a
 * process that burns nothing pays all of that as well, and what a burst takes beyond such a plain one is what was added.
 */
export class BusyLoop {
  readonly #work: BusyWork;
  #nsPerTurn: number;
  /** Of a burst of one turn, as they come amid other work. */
  #plainNs: number;
  #bursts = 0;
  /** Asked for, and less than a turn, or put off by a plain burst. */
  #owedNs = 0;

  constructor(work: BusyWork = nativeWork()) {
    this.#work = work;
    this.#run(WARM_TURNS);
    this.#nsPerTurn = this.#run(CALIBRATION_TURNS) / CALIBRATION_TURNS;
    this.#plainNs = 0;
    for (let burst = 0; burst < CALIBRATION_BURSTS; burst++) {
      this.#plainNs += this.#run(1) / CALIBRATION_BURSTS;
    }
  }

  /** Returns the nanoseconds that were added to a plain burst; what is less than a turn is kept for the next time. */
  burn(durationNs: number): number {
    this.#owedNs += durationNs;
    const isPlain = this.#bursts++ % PLAIN_EVERY === 0;
    const turns = isPlain ? 0 : Math.max(0, Math.floor(this.#owedNs / this.#nsPerTurn));
    const expectedNs = this.#plainNs + turns * this.#nsPerTurn;
    const tookNs = this.#run(1 + turns);
    if (tookNs > expectedNs + INTERRUPTED_NS) return this.#added(turns * this.#nsPerTurn);
    if (turns === 0) {
      this.#plainNs += WEIGHT * (tookNs - this.#plainNs);
      return 0;
    }
    const addedNs = tookNs - this.#plainNs;
    this.#nsPerTurn += WEIGHT * (addedNs / turns - this.#nsPerTurn);
    return this.#added(addedNs);
  }

  #added(ns: number): number {
    this.#owedNs -= ns;
    return ns;
  }

  /** Returns the time on the wall. */
  #run(turns: number): number {
    const startNs = this.#work.nowNs();
    for (let turn = 0; turn < turns; turn++) this.#work.turn();
    return this.#work.nowNs() - startNs;
  }
}

function nativeWork(): BusyWork {
  const bytes = new Uint8Array(TURN_BYTES);
  let crc = 0;
  return {
    nowNs: () => performance.now() * 1e6,
    turn: () => {
      crc = crc32(bytes, crc);
    },
  };
}
