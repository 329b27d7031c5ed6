import { validateBatchFromProducer } from '../../core/record/batch-validation.ts';
import { BatchView } from '../../core/record/batch-view.ts';
import { RecordCursor } from '../../core/record/record-cursor.ts';

const NONE = 0;
const CORRUPT_MESSAGE = 2;
const MESSAGE_TOO_LARGE = 10;
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45;
const INVALID_PRODUCER_EPOCH = 47;
/** A leader keeps this many batches of each producer (ProducerStateEntry.NUM_BATCHES_TO_RETAIN). */
const BATCHES_KEPT = 5;
const NO_PRODUCER = -1;

/** A batch in the log, as it was taken in. */
export interface LoggedBatch {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  /** The producer had given the connection up when this was appended. */
  readonly isLate: boolean;
}

export interface LoggedRecord {
  /** What the workload calls it: the number its value begins with. */
  readonly id: number;
  readonly batch: LoggedBatch;
}

interface ProducerEntry {
  epoch: number;
  /** The last batches, oldest first. */
  batches: LoggedBatch[];
}

export interface AppendResult {
  readonly errorCode: number;
  readonly baseOffset: number;
}

/** The log of one partition with Kafka's rules for idempotent producers; it holds the truth of a schedule. */
export class ModelLog {
  readonly records: LoggedRecord[] = [];
  /** What no network fault explains: the producer sent it wrong. */
  readonly violations: string[] = [];
  leaderId: number;
  leaderEpoch = 0;
  readonly #maxMessageBytes: number;
  readonly #producers = new Map<number, ProducerEntry>();
  readonly #view = new BatchView();
  readonly #cursor = new RecordCursor();

  constructor(leaderId: number, maxMessageBytes: number) {
    this.leaderId = leaderId;
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** The old offset when the batch is there already, else null. */
  duplicateOf(bytes: Buffer): number | null {
    const { producerId, producerEpoch, baseSequence, lastOffsetDelta } = this.#view.reset(bytes);
    const entry = this.#producers.get(producerId);
    if (producerId === NO_PRODUCER || entry === undefined || entry.epoch !== producerEpoch) return null;
    const lastSequence = sequenceAfter(baseSequence, lastOffsetDelta);
    const found = entry.batches.find(
      (batch) => batch.firstSequence === baseSequence && batch.lastSequence === lastSequence,
    );
    return found?.baseOffset ?? null;
  }

  /** The error that an append would end with; 0 when it would not. */
  check(bytes: Buffer): number {
    const problem = validateBatchFromProducer(bytes);
    if (problem !== null) {
      this.violations.push(`a batch came that is ${problem}`);
      return CORRUPT_MESSAGE;
    }
    if (bytes.length > this.#maxMessageBytes) return MESSAGE_TOO_LARGE;
    const { producerId, producerEpoch, baseSequence } = this.#view.reset(bytes);
    if (producerId === NO_PRODUCER) return NONE;
    const entry = this.#producers.get(producerId);
    if (entry === undefined) return NONE;
    if (producerEpoch < entry.epoch) return INVALID_PRODUCER_EPOCH;
    const last = entry.batches.at(-1)!;
    const expected = producerEpoch > entry.epoch ? 0 : sequenceAfter(last.lastSequence, 1);
    return baseSequence === expected ? NONE : OUT_OF_ORDER_SEQUENCE_NUMBER;
  }

  /** Appends, or answers as Kafka does for what is there already or does not follow. */
  append(bytes: Buffer, isLate: boolean): AppendResult {
    const known = this.duplicateOf(bytes);
    if (known !== null) return { errorCode: NONE, baseOffset: known };
    const errorCode = this.check(bytes);
    if (errorCode !== NONE) return { errorCode, baseOffset: -1 };
    const view = this.#view.reset(bytes);
    const batch: LoggedBatch = {
      producerId: view.producerId,
      producerEpoch: view.producerEpoch,
      firstSequence: view.baseSequence,
      lastSequence: sequenceAfter(view.baseSequence, view.lastOffsetDelta),
      baseOffset: this.records.length,
      isLate,
    };
    this.#cursor.reset(view);
    while (this.#cursor.next()) {
      const value = this.#cursor.value;
      this.records.push({ id: value === null ? -1 : Number.parseInt(value.toString('latin1'), 10), batch });
    }
    this.#remember(batch);
    return { errorCode: NONE, baseOffset: batch.baseOffset };
  }

  #remember(batch: LoggedBatch): void {
    if (batch.producerId === NO_PRODUCER) return;
    const entry = this.#producers.get(batch.producerId);
    if (entry === undefined || entry.epoch !== batch.producerEpoch) {
      this.#producers.set(batch.producerId, { epoch: batch.producerEpoch, batches: [batch] });
      return;
    }
    entry.batches.push(batch);
    if (entry.batches.length > BATCHES_KEPT) entry.batches.shift();
  }
}

/** Sequences wrap from the largest int32 to 0. */
function sequenceAfter(sequence: number, steps: number): number {
  return (sequence + steps) % 0x8000_0000;
}
