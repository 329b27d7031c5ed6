import type { TidemarkError } from '../../base/errors.ts';
import type { DeliveryCallback, RecordMetadata } from '../types.ts';

/** Opaques kept for reuse beyond this many are given back to the system. */
const MAX_KEPT_OPAQUES = 65_536;

type Opaque = number | object | undefined;

class DeliveredRecord implements RecordMetadata {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;

  constructor(topic: string, partition: number, offset: number, timestamp: number) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
  }
}

/** The error of one record of a batch, by its place. */
export type RecordErrors = (index: number) => TidemarkError;

export interface BatchOutcome {
  readonly topic: string;
  readonly partition: number;
  readonly error: TidemarkError | null;
  /** Where records of the batch failed for different reasons; null: all have `error`. */
  readonly errorOf: RecordErrors | null;
  /** Of the first record; -1 when unknown. */
  readonly baseOffset: number;
  /** -1: each record keeps its own. */
  readonly logAppendTimeMs: number;
}

/**
 * Whom to tell when a batch settles. Callback and timestamp are stored only where they change from one record to
 * the next (run lengths), opaques in an array that is reused with the batch; records that are fired and forgotten
 * store nothing. So no record costs an object of its own here.
 */
export class DeliveryLog {
  private runs = 0;
  private readonly runCallbacks: (DeliveryCallback | null)[] = [];
  private readonly runTimestampsMs: number[] = [];
  private readonly runStarts: number[] = [];
  private lastCallback: DeliveryCallback | null = null;
  private lastTimestampMs = -1;
  private opaques: Opaque[] = [];
  /** Opaques up to here may be stale. */
  private opaqueEnd = 0;

  /** Call for the records of a batch in order; `index` is the record's place. */
  add(index: number, callback: DeliveryCallback | null, opaque: Opaque, timestampMs: number): void {
    if (callback !== this.lastCallback || timestampMs !== this.lastTimestampMs || this.runs === 0) {
      this.beginRun(index, callback, timestampMs);
    }
    if (callback !== null) {
      this.opaques[index] = opaque;
      this.opaqueEnd = index + 1;
    }
  }

  /**
   * Tells everybody, in the order sent. Each gets a RecordMetadata of its own, which it may keep. What a callback
   * throws does not keep the others from being told: it is handed to `onThrown`.
   */
  deliver(count: number, outcome: BatchOutcome, onThrown: (error: unknown) => void): void {
    for (let run = 0; run < this.runs; run++) {
      const callback = this.runCallbacks[run]!;
      if (callback === null) continue;
      const end = run + 1 < this.runs ? this.runStarts[run + 1]! : count;
      let index = this.runStarts[run]!;
      while (index < end) index = this.deliverRun(callback, index, end, { run, outcome, onThrown });
    }
  }

  /** Hands the records from `start` to `end` over to the log of a part, which counts from 0. */
  copyTo(part: DeliveryLog, start: number, end: number): void {
    let run = 0;
    for (let index = start; index < end; index++) {
      while (run + 1 < this.runs && this.runStarts[run + 1]! <= index) run++;
      part.add(index - start, this.runCallbacks[run]!, this.opaques[index], this.runTimestampsMs[run]!);
    }
  }

  /** Forgets everything, keeping the memory for the next batch. */
  clear(): void {
    this.runCallbacks.fill(null, 0, this.runs);
    this.runs = 0;
    this.lastCallback = null;
    if (this.opaqueEnd > MAX_KEPT_OPAQUES) this.opaques = [];
    else if (typeof this.opaques[0] !== 'number') this.opaques.fill(undefined, 0, this.opaqueEnd);
    this.opaqueEnd = 0;
  }

  private beginRun(index: number, callback: DeliveryCallback | null, timestampMs: number): void {
    const run = this.runs++;
    this.runCallbacks[run] = callback;
    this.runTimestampsMs[run] = timestampMs;
    this.runStarts[run] = index;
    this.lastCallback = callback;
    this.lastTimestampMs = timestampMs;
  }

  /** Returns where to go on: the end of the run, or behind a record whose callback threw. */
  private deliverRun(
    callback: DeliveryCallback,
    start: number,
    end: number,
    context: { run: number; outcome: BatchOutcome; onThrown: (error: unknown) => void },
  ): number {
    const { topic, partition, error, errorOf, baseOffset, logAppendTimeMs } = context.outcome;
    const timestampMs = logAppendTimeMs >= 0 ? logAppendTimeMs : this.runTimestampsMs[context.run]!;
    const opaques = this.opaques;
    let index = start;
    try {
      while (index < end) {
        const offset = baseOffset < 0 ? -1 : baseOffset + index;
        const at = index++;
        const reason = errorOf === null ? error : errorOf(at);
        callback(reason, new DeliveredRecord(topic, partition, offset, timestampMs), opaques[at]);
      }
    } catch (thrown) {
      context.onThrown(thrown);
    }
    return index;
  }
}
