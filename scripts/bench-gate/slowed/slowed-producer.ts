import { appendFileSync } from 'node:fs';
import {
  type ProducerProperties,
  Producer as RealProducer,
  type SettledBatch,
} from '../../../core/tidemark.ts';
import { BusyLoop } from './busy-loop.ts';

/** Where a process tells what slowdown it really had: a line of JSON at its end. */
export const REPORT_VARIABLE = 'TIDEMARK_GATE_REPORT';

export interface SlowdownReport {
  readonly slowdown: number;
  /** CPU burnt over all other CPU, once the process was warm. */
  readonly achieved: number;
}

/** CPU time after which the burning begins: until then a record costs less and less. Well within a session's warm-up. */
const SETTLE_CPU_NS = 1000e6;
/** How often the cost of a record is looked at anew, and over how much CPU time it is averaged. */
const RECALIBRATE_CPU_NS = 20e6;
const MEMORY_CPU_NS = 200e6;
const BATCHES_PER_LOOK = 16;

/**
 * The Producer of this tree, made slower by a known share: whenever a batch is settled, a loop burns that share of what its
 * records cost this process otherwise, by its own clock of CPU time. Nothing is added per record.
 */
export function createSlowedProducer(slowdown: number): new (properties: ProducerProperties) => RealProducer {
  function Producer(properties: ProducerProperties): RealProducer {
    const burner = new BatchBurner(slowdown);
    return new RealProducer(properties, { observer: { onBatchSettled: (batch) => burner.settled(batch) } });
  }
  // An object that a constructor returns is what `new` gives.
  return Producer as unknown as new (
    properties: ProducerProperties,
  ) => RealProducer;
}

class BatchBurner {
  readonly #slowdown: number;
  readonly #loop = new BusyLoop();
  #settleAtNs: number;
  /** Of other work; 0 until calibrated. */
  #nsPerRecord = 0;
  #lately = { otherNs: 0, records: 0 };
  #batches = 0;
  #records = 0;
  /** Since the last look. */
  #burntNs = 0;
  #lookedCpuNs: number;
  #total = { burntNs: 0, otherNs: 0 };

  constructor(slowdown: number) {
    this.#slowdown = slowdown;
    this.#lookedCpuNs = cpuNs();
    this.#settleAtNs = this.#lookedCpuNs + SETTLE_CPU_NS;
    process.on('exit', () => this.#report());
  }

  settled({ recordCount }: SettledBatch): void {
    this.#records += recordCount;
    if (++this.#batches % BATCHES_PER_LOOK === 0) this.#look();
    if (this.#nsPerRecord > 0) {
      this.#burntNs += this.#loop.burn(this.#slowdown * this.#nsPerRecord * recordCount);
    }
  }

  /** What a record cost lately, without what was burnt. Idle time costs nothing, so pauses do not matter. */
  #look(): void {
    const nowNs = cpuNs();
    const elapsedNs = nowNs - this.#lookedCpuNs;
    if (elapsedNs < RECALIBRATE_CPU_NS) return;
    const otherNs = elapsedNs - this.#burntNs;
    if (nowNs >= this.#settleAtNs) {
      // Sums that fade, not a mean of ratios: a stretch with few records would count as much as one with many.
      const kept = Math.exp(-elapsedNs / MEMORY_CPU_NS);
      this.#lately = {
        otherNs: kept * this.#lately.otherNs + otherNs,
        records: kept * this.#lately.records + this.#records,
      };
      this.#nsPerRecord = this.#lately.otherNs / this.#lately.records;
      if (this.#burntNs > 0) {
        this.#total.burntNs += this.#burntNs;
        this.#total.otherNs += otherNs;
      }
    }
    this.#lookedCpuNs = nowNs;
    this.#burntNs = 0;
    this.#records = 0;
  }

  #report(): void {
    const file = process.env[REPORT_VARIABLE];
    const { burntNs, otherNs } = this.#total;
    if (file === undefined || otherNs === 0) return;
    const report: SlowdownReport = { slowdown: this.#slowdown, achieved: burntNs / otherNs };
    appendFileSync(file, `${JSON.stringify(report)}\n`);
  }
}

function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}
