import type { DriverRun } from '../driver-run.ts';
import type { NodeLoad } from './node-load.ts';

/*
 * kafkajs and @platformatic/kafka make a batch of what one call of send() is given, and have no linger. Their best
 * form here: calls that fill a batch of one partition, several of them under way.
 */

const RECORD_FRAMING_BYTES = 10;

/** The payloads cut into calls; each goes to one partition, the next call to the next one. */
export function cutIntoCalls<T>(items: readonly T[], recordsPerCall: number): T[][] {
  const calls: T[][] = [];
  for (let start = 0; start + recordsPerCall <= items.length; start += recordsPerCall) {
    calls.push(items.slice(start, start + recordsPerCall));
  }
  return calls;
}

/** As many records as fill a batch, and as few as the payload file has. */
export function recordsPerCall(run: DriverRun, payloadCount: number): number {
  const fitting = Math.floor((run.batchSizeBytes - 61) / (run.recordSizeBytes + RECORD_FRAMING_BYTES));
  return Math.max(1, Math.min(fitting, payloadCount));
}

/** Keeps `lanes` calls under way until the time is up; resolves when the last one is answered. */
export async function keepUnderWay(
  lanes: number,
  durationMs: number,
  call: () => Promise<void>,
): Promise<void> {
  const endMs = performance.now() + durationMs;
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) await call();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** What differs between the clients. */
export interface CallClient<T> {
  message(value: Buffer, partition: number): T;
  /** Resolves when all of the call is acknowledged. */
  send(messages: T[]): Promise<unknown>;
  close(): Promise<void>;
  /** Under the client's own names; what holds for every call is added. */
  readonly settings: NodeLoad['settings'];
}

/** A client whose calls are batches, under load: the partitions in turn, maxInFlight calls under way. */
export class CallLoad<T> implements NodeLoad {
  acknowledged = 0;
  readonly settings: NodeLoad['settings'];
  readonly #client: CallClient<T>;
  readonly #calls: readonly T[][];
  readonly #lanes: number;
  #nextCall = 0;

  constructor(run: DriverRun, payloads: readonly Buffer[], client: CallClient<T>) {
    const perCall = recordsPerCall(run, payloads.length);
    this.#client = client;
    this.#lanes = run.maxInFlight;
    this.#calls = cutIntoCalls(payloads, perCall).flatMap((call) =>
      Array.from({ length: run.partitions }, (_, partition) =>
        call.map((value) => client.message(value, partition)),
      ),
    );
    this.settings = {
      'records per send()': perCall,
      'send() under way': run.maxInFlight,
      ...client.settings,
      acks: run.acks,
      idempotent: run.isIdempotent,
      compression: run.compression,
      linger: 'none',
    };
  }

  run(durationMs: number): Promise<void> {
    return keepUnderWay(this.#lanes, durationMs, async () => {
      const messages = this.#calls[this.#nextCall++ % this.#calls.length]!;
      await this.#client.send(messages);
      this.acknowledged += messages.length;
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
