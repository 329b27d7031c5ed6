import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { ProducerIdentity } from './producer-identity.ts';
import { addToSequence, isLaterSequence } from './sequence-numbers.ts';

/** Brokers remember so many batches of a producer and partition; of more under way none may be repeated. */
const MAX_REMEMBERED_BATCHES = 5;

/** The sequence numbers of one partition (Kafka's TxnPartitionEntry). */
export class PartitionSequences {
  /** Batches that have a sequence and no outcome, by sequence: on their way, or back in the queue to be retried. */
  readonly inFlight: ProducerBatch[] = [];
  /** A batch was given up and nobody knows whether it was appended: nothing new until that is known. */
  isUnresolved = false;
  private readonly identity: ProducerIdentity;
  private producerId = -1;
  private epoch = -1;
  private nextSequence = 0;
  /** Of the last record known to be appended; -1 before the first. */
  private lastAcknowledged = -1;
  /** The leader knows this producer: it has appended something of it here. */
  private knownProducerId = -1;

  constructor(identity: ProducerIdentity) {
    this.identity = identity;
  }

  /**
   * Whether the first batch of the queue keeps the order if it is sent to this node now
   * (shouldStopDrainBatchesForPartition): a retry waits until it is the first under way; a new batch waits until what
   * went before is clear, and until nothing is under way to another leader, of an older epoch, or under numbers that
   * were changed: a leader that knows nothing of this producer would take the new batch first.
   */
  allows(batch: ProducerBatch, nodeId: number): boolean {
    const { inFlight } = this;
    if (batch.baseSequence >= 0) return inFlight[0] === batch;
    if (this.isUnresolved) return false;
    if (inFlight.length === 0) return true;
    if (this.isStale || inFlight.length >= MAX_REMEMBERED_BATCHES) return false;
    for (let index = 0; index < inFlight.length; index++) {
      const before = inFlight[index]!;
      if (before.sentToId !== nodeId || before.isRewritten) return false;
    }
    return true;
  }

  /** Whether something behind the batch is in the log already, so that the batch can never be appended in order. */
  isOvertaken(batch: ProducerBatch): boolean {
    return this.lastAcknowledged >= 0 && isLaterSequence(this.lastAcknowledged, batch.baseSequence);
  }

  /**
   * Whether a new epoch, now that this batch has left a gap, could harm what else is under way: what was overtaken would
   * be written out of order, and what goes before the gap, and may be in the log already, twice.
   */
  mustKeepEpoch(batch: ProducerBatch): boolean {
    return this.inFlight.some((other) => {
      if (other === batch) return false;
      const mayBeAppended = other.isHeld || other.isUnclear;
      const isBefore = isLaterSequence(batch.baseSequence, other.baseSequence);
      return this.isOvertaken(other) || (mayBeAppended && isBefore);
    });
  }

  /**
   * A leader takes any first sequence of a producer that it does not know, and refuses what belongs before it from
   * then on. As long as nothing is known to be appended, a batch that is out of order may have been overtaken so. Says
   * what is known of those behind it: the answer to one is still due, or was lost; null when all were refused.
   */
  suspicionOf(batch: ProducerBatch): 'answer due' | 'answer lost' | null {
    if (this.knownProducerId === this.producerId) return null;
    let suspicion: 'answer lost' | null = null;
    for (const later of this.inFlight) {
      if (later === batch) continue;
      if (later.isHeld) return 'answer due';
      if (later.isUnclear) suspicion = 'answer lost';
    }
    return suspicion;
  }

  /** Gives a batch that is drained for the first time its place. */
  assign(batch: ProducerBatch): void {
    if (this.inFlight.length === 0 && this.isStale) this.startAtBeginning();
    batch.producerId = this.producerId;
    batch.producerEpoch = this.epoch;
    batch.baseSequence = this.nextSequence;
    this.nextSequence = addToSequence(this.nextSequence, batch.count);
    this.inFlight.push(batch);
  }

  /** Undoes assign() of the last batch, which was not sent. */
  takeBack(batch: ProducerBatch): void {
    this.inFlight.pop();
    this.nextSequence = batch.baseSequence;
    batch.baseSequence = -1;
  }

  /** A batch was split: its parts share its sequence numbers. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    this.inFlight.splice(this.inFlight.indexOf(batch), 1, ...parts);
    let sequence = batch.baseSequence;
    for (const part of parts) {
      part.producerId = batch.producerId;
      part.producerEpoch = batch.producerEpoch;
      part.baseSequence = sequence;
      sequence = addToSequence(sequence, part.count);
    }
  }

  remove(batch: ProducerBatch): void {
    const index = this.inFlight.indexOf(batch);
    if (index >= 0) this.inFlight.splice(index, 1);
  }

  /** The batch was appended, as the broker says, perhaps after it was given up here. */
  noteAppended(batch: ProducerBatch): void {
    this.knownProducerId = batch.producerId;
    if (batch.isRewritten) {
      // It was appended under the numbers it had before; those given since begin with a gap.
      this.isUnresolved = true;
      return;
    }
    if (batch.producerId !== this.producerId || batch.producerEpoch !== this.epoch) return;
    const last = addToSequence(batch.baseSequence, batch.recordCount - 1);
    if (this.lastAcknowledged < 0 || isLaterSequence(last, this.lastAcknowledged))
      this.lastAcknowledged = last;
  }

  /** Whether nothing is under way and all that was numbered was appended (TransactionManager.maybeResolveSequences). */
  get isComplete(): boolean {
    const expected = this.lastAcknowledged < 0 ? 0 : addToSequence(this.lastAcknowledged, 1);
    return this.inFlight.length === 0 && expected === this.nextSequence;
  }

  /** Counts from 0 under the newest epoch; batches under way get new numbers for when they are sent again. */
  startAtBeginning(): void {
    this.producerId = this.identity.producerId;
    this.epoch = this.identity.epoch;
    this.lastAcknowledged = -1;
    this.isUnresolved = false;
    let sequence = 0;
    for (const batch of this.inFlight) {
      batch.producerId = this.producerId;
      batch.producerEpoch = this.epoch;
      batch.baseSequence = sequence;
      batch.isRewritten = batch.sealed !== null;
      sequence = addToSequence(sequence, batch.count);
    }
    this.nextSequence = sequence;
  }

  /** The numbers are of an older epoch or id than the producer's. */
  get isStale(): boolean {
    return this.producerId !== this.identity.producerId || this.epoch !== this.identity.epoch;
  }
}
