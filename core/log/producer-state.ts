import { TidemarkError } from '../base/errors.ts';
import { NONE } from '../record/batch-layout.ts';
import type { BatchView } from '../record/batch-view.ts';

/** Kafka's ProducerStateEntry.NUM_BATCHES_TO_RETAIN: as many as a producer may have in flight. */
const BATCHES_KEPT = 5;
const SEQUENCE_MAX = 2 ** 31 - 1;
/** Kafka's producer.id.expiration.check.interval.ms. */
const EXPIRATION_CHECK_MS = 600_000;
/** Sorting them all for each new producer would be dear: one sort frees the room for many. */
const EVICTED_SHARE = 0.1;

export interface ProducerStateLimits {
  /** A producer silent for so long is forgotten. Kafka's producer.id.expiration.ms. */
  readonly expirationMs: number;
  /** Producers that one partition remembers; beyond it those silent for longest are forgotten. */
  readonly maxProducers: number;
}

/** Kafka bounds no numbers; but anybody may make up ids, one batch each. 5,000 take about 2 MiB. */
export const DEFAULT_PRODUCER_STATE_LIMITS: ProducerStateLimits = {
  expirationMs: 86_400_000,
  maxProducers: 5_000,
};

/** Where a batch of a producer went. */
export interface AppendedBatch {
  readonly baseOffset: number;
  /** -1 under CreateTime. */
  readonly logAppendTimeMs: number;
}

interface KeptBatch {
  firstSequence: number;
  lastSequence: number;
  baseOffset: number;
  logAppendTimeMs: number;
}

interface ProducerEntry {
  epoch: number;
  lastSequence: number;
  lastActiveMs: number;
  /** The last batches of this epoch, up to BATCHES_KEPT; then the one at `oldest` is next to be overwritten. */
  readonly batches: KeptBatch[];
  oldest: number;
}

/**
 * What one partition remembers of the idempotent producers that wrote to it (Kafka's ProducerStateManager and
 * ProducerAppendInfo): the epoch, the last sequence number and the last five batches of each. It costs per batch,
 * never per record, and nothing for batches without producer id.
 *
 * A producer that is not remembered may begin with any sequence, as in Kafka since KIP-360: its records may have been
 * deleted, its id may have expired, or have been forgotten because there were too many. It only loses the recognition
 * of its duplicates then. Other than Kafka, which takes the timestamps of records for it, a producer's silence counts
 * from its last append: one that writes old records is not forgotten every ten minutes.
 */
export class ProducerStates {
  readonly #where: string;
  readonly #limits: ProducerStateLimits;
  readonly #producers = new Map<number, ProducerEntry>();
  #nextCheckMs = Number.NEGATIVE_INFINITY;

  /** `where` names the log in messages. */
  constructor(where: string, limits: Partial<ProducerStateLimits> = {}) {
    this.#where = where;
    this.#limits = { ...DEFAULT_PRODUCER_STATE_LIMITS, ...limits };
  }

  /** Producers remembered. */
  get size(): number {
    return this.#producers.size;
  }

  /**
   * Whether a producer's batch may be appended: null when it may; where the same batch went, when it is among the last
   * five. Throws INVALID_PRODUCER_EPOCH for an epoch before the latest, and OUT_OF_ORDER_SEQUENCE_NUMBER for any other
   * sequence than the next: also for a duplicate that is too old to be recognized, as Kafka does since 1.1.
   */
  check(batch: BatchView): AppendedBatch | null {
    const entry = this.#producers.get(batch.producerId);
    const epoch = batch.producerEpoch;
    const latestEpoch = entry === undefined ? NONE : entry.epoch;
    if (epoch < latestEpoch) throw this.#staleEpoch(batch, latestEpoch);
    if (entry === undefined) return null;
    const first = batch.baseSequence;
    if (epoch !== latestEpoch) {
      // Kafka takes a stored epoch of -1 for none.
      if (first === 0 || latestEpoch === NONE) return null;
      throw this.#outOfOrder(batch, `a new epoch after ${latestEpoch} must begin with 0`);
    }
    if (first === addToSequence(entry.lastSequence, 1)) return null;
    const duplicate = findBatch(entry, first, addToSequence(first, batch.lastOffsetDelta));
    if (duplicate !== null || latestEpoch === NONE) return duplicate;
    throw this.#outOfOrder(batch, `expected ${addToSequence(entry.lastSequence, 1)}`);
  }

  /** Takes note of a producer's batch that has been appended, its header final. */
  appended(batch: BatchView, nowMs: number): void {
    const { producerId, producerEpoch, baseSequence } = batch;
    let entry = this.#producers.get(producerId);
    if (entry === undefined) {
      if (this.#producers.size >= this.#limits.maxProducers) this.#forgetMostSilent();
      entry = { epoch: producerEpoch, lastSequence: NONE, lastActiveMs: nowMs, batches: [], oldest: 0 };
      this.#producers.set(producerId, entry);
    } else if (entry.epoch !== producerEpoch) {
      entry.epoch = producerEpoch;
      entry.batches.length = 0;
      entry.oldest = 0;
    }
    const lastSequence = addToSequence(baseSequence, batch.lastOffsetDelta);
    const kept = slotFor(entry);
    kept.firstSequence = baseSequence;
    kept.lastSequence = lastSequence;
    kept.baseOffset = batch.baseOffset;
    kept.logAppendTimeMs = batch.timestampType === 'LogAppendTime' ? batch.maxTimestamp : NONE;
    entry.lastSequence = lastSequence;
    entry.lastActiveMs = nowMs;
  }

  /** Forgets the producers that have been silent for too long; looks only once in ten minutes. */
  forgetExpired(nowMs: number): void {
    if (this.#producers.size === 0 || nowMs < this.#nextCheckMs) return;
    const { expirationMs } = this.#limits;
    this.#nextCheckMs = nowMs + Math.min(EXPIRATION_CHECK_MS, expirationMs);
    for (const [producerId, entry] of this.#producers) {
      if (nowMs - entry.lastActiveMs >= expirationMs) this.#producers.delete(producerId);
    }
  }

  #forgetMostSilent(): void {
    const bySilence = [...this.#producers].sort(
      ([, left], [, right]) => left.lastActiveMs - right.lastActiveMs,
    );
    const count = Math.max(1, Math.floor(bySilence.length * EVICTED_SHARE));
    for (const [producerId] of bySilence.slice(0, count)) this.#producers.delete(producerId);
  }

  #staleEpoch(batch: BatchView, latestEpoch: number): TidemarkError {
    return new TidemarkError(
      'INVALID_PRODUCER_EPOCH',
      `producer ${batch.producerId} writes to ${this.#where} with epoch ${batch.producerEpoch}, the latest is ${latestEpoch}`,
    );
  }

  #outOfOrder(batch: BatchView, expectation: string): TidemarkError {
    return new TidemarkError(
      'OUT_OF_ORDER_SEQUENCE_NUMBER',
      `producer ${batch.producerId} (epoch ${batch.producerEpoch}) writes to ${this.#where} with sequence ${batch.baseSequence}: ${expectation}`,
    );
  }
}

/** Sequences go on with 0 behind the largest int32 (Kafka's DefaultRecordBatch.incrementSequence). */
function addToSequence(sequence: number, increment: number): number {
  const sum = sequence + increment;
  return sum > SEQUENCE_MAX ? sum - SEQUENCE_MAX - 1 : sum;
}

function findBatch(entry: ProducerEntry, firstSequence: number, lastSequence: number): KeptBatch | null {
  for (const batch of entry.batches) {
    if (batch.firstSequence === firstSequence && batch.lastSequence === lastSequence) return batch;
  }
  return null;
}

/** The oldest batch's place, when as many are kept as may be. */
function slotFor(entry: ProducerEntry): KeptBatch {
  const { batches, oldest } = entry;
  if (batches.length < BATCHES_KEPT) {
    const slot = { firstSequence: NONE, lastSequence: NONE, baseOffset: NONE, logAppendTimeMs: NONE };
    batches.push(slot);
    return slot;
  }
  entry.oldest = (oldest + 1) % BATCHES_KEPT;
  return batches[oldest]!;
}
