import { BusyLoop } from './busy-loop.ts';

/**
 * CPU time after which the burning begins: until then a record costs less and less. Well within a session's warm-up, also
 * where neighbours leave the process a third of a core.
 */
const SETTLE_CPU_NS = 400e6;
/** How often the cost of a record is looked at anew, and over how much CPU time it is averaged. */
const LOOK_CPU_NS = 25e6;
const MEMORY_CPU_NS = 200e6;
/** Between two looks: asking for the CPU time is a call to the system. */
const [FIRST_BATCHES, MOST_BATCHES] = [64, 8192];

export interface BurnerOptions {
  /** 0: nothing is burnt, and everything else is done as well. */
  readonly slowdown: number;
  /** User and system time of the process so far. */
  readonly cpuNs?: () => number;
  readonly loop?: Pick<BusyLoop, 'burn'>;
}

export interface Burnt {
  readonly burntNs: number;
  /** All other CPU time meanwhile. */
  readonly otherNs: number;
}

/**
 * Makes a process slower by a known share: after each batch a loop burns that share of what its records cost the process
 * otherwise, by its own clock of CPU time. Nothing is done per record, and little per batch.
 */
export class BatchBurner {
  readonly #slowdown: number;
  readonly #cpuNs: () => number;
  readonly #loop: Pick<BusyLoop, 'burn'>;
  readonly #settleAtNs: number;
  #isBurning = false;
  #burnNsPerRecord = 0;
  #lately = { otherNs: 0, records: 0 };
  /** Since the last look. */
  #batches = 0;
  #records = 0;
  #burntNs = 0;
  #batchesOfLook = FIRST_BATCHES;
  #lookedCpuNs: number;
  #total = { burntNs: 0, otherNs: 0 };

  constructor({ slowdown, cpuNs = processCpuNs, loop = new BusyLoop() }: BurnerOptions) {
    this.#slowdown = slowdown;
    this.#cpuNs = cpuNs;
    this.#loop = loop;
    this.#lookedCpuNs = cpuNs();
    this.#settleAtNs = this.#lookedCpuNs + SETTLE_CPU_NS;
  }

  /** Once the process was warm. */
  get total(): Burnt {
    return this.#total;
  }

  settled(recordCount: number): void {
    this.#records += recordCount;
    this.#burntNs += this.#loop.burn(this.#burnNsPerRecord * recordCount);
    if (++this.#batches === this.#batchesOfLook) this.#look();
  }

  /** What a record cost lately, without what was burnt. Idle time costs nothing, so pauses do not matter. */
  #look(): void {
    const nowNs = this.#cpuNs();
    const elapsedNs = nowNs - this.#lookedCpuNs;
    const otherNs = elapsedNs - this.#burntNs;
    if (nowNs >= this.#settleAtNs) {
      // Sums that fade, not a mean of ratios: a stretch with few records would count as much as one with many.
      const kept = Math.exp(-elapsedNs / MEMORY_CPU_NS);
      this.#lately = {
        otherNs: kept * this.#lately.otherNs + otherNs,
        records: kept * this.#lately.records + this.#records,
      };
      if (this.#isBurning) {
        this.#total = {
          burntNs: this.#total.burntNs + this.#burntNs,
          otherNs: this.#total.otherNs + otherNs,
        };
      }
      // What was missed or overdone until now is made up for: costs that fall or rise leave no mark on the whole.
      const missedNs = this.#slowdown * this.#total.otherNs - this.#total.burntNs;
      const dueNs = Math.max(0, this.#slowdown * this.#lately.otherNs + missedNs);
      this.#burnNsPerRecord = dueNs / this.#lately.records;
      this.#isBurning = true;
    }
    const wanted = (this.#batches * LOOK_CPU_NS) / Math.max(1, elapsedNs);
    this.#batchesOfLook = Math.min(MOST_BATCHES, Math.max(FIRST_BATCHES, Math.round(wanted)));
    this.#lookedCpuNs = nowNs;
    this.#batches = 0;
    this.#records = 0;
    this.#burntNs = 0;
  }
}

function processCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
