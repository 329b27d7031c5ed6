import type { Clock, Timer } from '../../core/base/clock.ts';
import type { TidemarkError } from '../../core/base/errors.ts';
import type { Producer } from '../../core/producer/producer.ts';
import type { DeliveryCallback, SettledBatch } from '../../core/producer/types.ts';
import { SlotSchedule } from '../../workers/slot-schedule.ts';
import type { PayloadSource } from './perf-payloads.ts';
import { PerfStats } from './perf-stats.ts';

/** Records sent before I/O gets its turn; without a limit the clock is read once for all of them. */
const BURST_RECORDS = 256;
/** So many records are under way at most. */
const MOST_UNDER_WAY = 1 << 20;
/** How long to sleep where nothing but an acknowledgement makes room; one wakes earlier. */
const TICK_MS = 5;

export interface PerfLoadOptions {
  readonly clock: Clock;
  readonly producer: Producer;
  readonly topic: string;
  readonly payloads: PayloadSource;
  readonly numRecords: number;
  /** null: no limit. */
  readonly recordsPerSecond: number | null;
  readonly warmupRecords: number;
  /** buffer.memory that must be free before a send(), so that it never waits inside. */
  readonly reserveBytes: number;
  /** The first record after the warm-up is about to go. */
  readonly onSteadyState: () => void;
  readonly signal: AbortSignal;
}

/**
 * One producer sends so many records, at a rate or as fast as they are taken. With a rate, latency runs from the
 * moment at which the record was due, so a stall of the target is in it; without one, from send().
 */
export class PerfLoad {
  readonly total: PerfStats;
  /** Of the records after the warm-up; null until the first of them, and without a warm-up. */
  steady: PerfStats | null = null;
  failed = 0;
  firstError: TidemarkError | null = null;
  readonly #options: PerfLoadOptions;
  readonly #schedule: SlotSchedule | null;
  // Of the records under way, by place. One that is stuck keeps its own, however many pass it by.
  readonly #sequences = new Float64Array(MOST_UNDER_WAY);
  readonly #sentNs = new Float64Array(MOST_UNDER_WAY);
  readonly #sentBytes = new Uint32Array(MOST_UNDER_WAY);
  readonly #freePlaces: number[] = [];
  #usedPlaces = 0;
  #record: { readonly topic: string; value: Buffer };
  #settledNs = 0;
  #sent = 0;
  #settled = 0;
  #wake: () => void = () => {};

  constructor(options: PerfLoadOptions) {
    const { clock, topic, recordsPerSecond, payloads } = options;
    const startNs = clock.nowNs();
    this.#options = options;
    this.total = new PerfStats(startNs);
    this.#record = { topic, value: payloads(0) };
    this.#schedule =
      recordsPerSecond === null
        ? null
        : new SlotSchedule({ startNs, recordsPerSecond, generator: 0, generators: 1 });
  }

  /** For the producer's observer: when a batch settled, its records' callbacks follow at once. */
  noteSettled(batch: SettledBatch): void {
    this.#settledNs = batch.settledNs;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Resolves when the last record was handed over, or on abort; what is under way settles later. */
  run(): Promise<void> {
    const { clock, numRecords, signal } = this.#options;
    return new Promise((resolve, reject) => {
      let isScheduled = false;
      let timer: Timer | null = null;
      const step = (): void => {
        isScheduled = false;
        if (timer !== null) clock.clearTimer(timer);
        timer = null;
        try {
          const waitMs = this.#sendDue();
          if (this.#sent >= numRecords || signal.aborted) {
            this.#wake = () => {};
            signal.removeEventListener('abort', wake);
            resolve();
          } else if (waitMs === 0) wake();
          else timer = clock.setTimer(wake, waitMs);
        } catch (error) {
          reject(error);
        }
      };
      const wake = (): void => {
        if (isScheduled) return;
        isScheduled = true;
        clock.defer(step);
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake);
      step();
    });
  }

  /** Sends what is due and fits; returns how long nothing will be due, 0 for at once. */
  #sendDue(): number {
    const { clock, numRecords } = this.#options;
    const nowNs = clock.nowNs();
    for (let burst = 0; burst < BURST_RECORDS; burst++) {
      if (this.#sent >= numRecords) return 0;
      const slotNs = this.#schedule === null ? nowNs : this.#schedule.slotNs(this.#sent);
      if (slotNs > nowNs) return (slotNs - nowNs) / 1e6;
      if (!this.#hasRoom()) return TICK_MS;
      this.#sendOne(slotNs, nowNs);
    }
    return 0;
  }

  #hasRoom(): boolean {
    const { producer, reserveBytes } = this.#options;
    return this.#sent - this.#settled < MOST_UNDER_WAY && producer.bufferAvailableBytes >= reserveBytes;
  }

  #sendOne(slotNs: number, nowNs: number): void {
    const { producer, payloads, warmupRecords, onSteadyState } = this.#options;
    const sequence = this.#sent;
    if (warmupRecords > 0 && sequence === warmupRecords) {
      this.steady = new PerfStats(nowNs);
      onSteadyState();
    }
    const value = payloads(sequence);
    const place = this.#freePlaces.pop() ?? this.#usedPlaces++;
    this.#sequences[place] = sequence;
    this.#sentNs[place] = slotNs;
    this.#sentBytes[place] = value.length;
    this.#record.value = value;
    this.#sent++;
    const isTaken = producer.send(this.#record, this.#onDelivery, place);
    // One that waits for metadata is read later on.
    if (!isTaken) this.#record = { topic: this.#record.topic, value };
  }

  readonly #onDelivery: DeliveryCallback = (error, _metadata, opaque) => {
    const place = opaque as number;
    this.#settled++;
    this.#freePlaces.push(place);
    if (error === null) {
      const latencyNs = this.#settledNs - this.#sentNs[place]!;
      const bytes = this.#sentBytes[place]!;
      this.total.acknowledged(latencyNs, bytes);
      if (this.#sequences[place]! >= this.#options.warmupRecords) this.steady?.acknowledged(latencyNs, bytes);
    } else {
      this.failed++;
      this.firstError ??= error;
    }
    this.#wake();
  };
}
