/** Tidemark's own producer as a driver of `npm run bench:peers`: record by record through send() with a callback. */
import { Producer, type ProducerRecord } from '../../../core/producer/producer.ts';
import type { DriverRun } from '../driver-run.ts';
import { drive, type NodeLoad } from './node-load.ts';

/** Sends between two looks at the clock and turns of the event loop. */
const BURST_RECORDS = 1000;
/** Sent and not yet settled: five requests of 1 MB under way, and what fills three batches meanwhile. */
const OUTSTANDING_BYTES = 12_000_000;

class Load implements NodeLoad {
  acknowledged = 0;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly #producer: Producer;
  readonly #records: readonly ProducerRecord[];
  readonly #maxOutstanding: number;
  #next = 0;
  #outstanding = 0;
  /** Goes on sending; null while it does. */
  #resume: (() => void) | null = null;
  #fail: (error: Error) => void = () => {};
  readonly #settled = (error: Error | null): void => {
    if (error !== null) {
      this.#fail(error);
      return;
    }
    this.acknowledged++;
    this.#outstanding--;
    if (this.#resume !== null && this.#outstanding < this.#maxOutstanding >> 1) {
      const resume = this.#resume;
      this.#resume = null;
      setImmediate(resume);
    }
  };

  constructor(run: DriverRun, payloads: readonly Buffer[]) {
    this.settings = {
      acks: run.acks,
      'enable.idempotence': run.isIdempotent,
      'batch.size': run.batchSizeBytes,
      'linger.ms': run.lingerMs,
      'max.in.flight.requests.per.connection': run.maxInFlight,
      'compression.type': run.compression,
    };
    this.#producer = new Producer({ 'bootstrap.servers': run.bootstrapServers, ...this.settings });
    this.#records = payloads.map((value) => ({ topic: run.topic, value }));
    this.#maxOutstanding = Math.floor(OUTSTANDING_BYTES / run.recordSizeBytes);
  }

  async run(durationMs: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#fail = reject;
      const endMs = performance.now() + durationMs;
      const step = (): void => {
        if (performance.now() >= endMs) {
          resolve();
          return;
        }
        for (let sent = 0; sent < BURST_RECORDS; sent++) {
          if (this.#outstanding >= this.#maxOutstanding) {
            this.#resume = step;
            return;
          }
          this.#send();
        }
        setImmediate(step);
      };
      step();
    });
    await this.#producer.flush();
  }

  #send(): void {
    this.#outstanding++;
    this.#producer.send(this.#records[this.#next]!, this.#settled);
    this.#next = this.#next + 1 === this.#records.length ? 0 : this.#next + 1;
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}

await drive('tidemark', async (run, payloads) => new Load(run, payloads));
