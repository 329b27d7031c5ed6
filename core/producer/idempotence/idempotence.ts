import type { TidemarkError } from '../../base/errors.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { ProducerCluster } from '../producer-cluster.ts';
import { PartitionSequences } from './partition-sequences.ts';
import type { ProducerIdentity } from './producer-identity.ts';

/**
 * One copy of each record, in order, whatever is retried (Kafka's TransactionManager, as far as it goes without
 * transactions). Batches get producer id, epoch and sequence when they are first drained and keep them in retries.
 * Where the broker and this side do not agree any more, the epoch is raised and the partition counts from 0 again.
 */
export class Idempotence {
  readonly identity: ProducerIdentity;
  private readonly unresolved = new Set<PartitionSequences>();
  /** Partitions that ask for the next epoch. */
  private readonly outOfStep = new Set<PartitionSequences>();
  /** Partitions that begin anew under the epoch just raised, once there is an id. */
  private readonly restarting = new Set<PartitionSequences>();

  constructor(identity: ProducerIdentity) {
    this.identity = identity;
  }

  /** Call before draining. False: there is no producer id at the moment, and nothing may be drained. */
  prepare(cluster: ProducerCluster, isWanted: boolean): boolean {
    this.resolve();
    if (this.outOfStep.size > 0) {
      if (this.identity.isReady) this.identity.bump();
      for (const sequences of this.outOfStep) this.restarting.add(sequences);
      this.outOfStep.clear();
    }
    if (!this.identity.isReady) {
      if (isWanted) this.identity.request(cluster);
      return false;
    }
    for (const sequences of this.restarting) sequences.startAtBeginning();
    this.restarting.clear();
    return true;
  }

  /** For a batch about to be sealed and sent: a new one gets its sequence, one sent before keeps it. */
  assign(batch: ProducerBatch): void {
    if (batch.baseSequence >= 0) return;
    const queue = batch.queue!;
    queue.sequences ??= new PartitionSequences(this.identity);
    queue.sequences.assign(batch);
  }

  /** The batch was assigned a sequence just now, and cannot be sent. */
  takeBack(batch: ProducerBatch): void {
    batch.queue!.sequences?.takeBack(batch);
  }

  noteAcknowledged(batch: ProducerBatch): void {
    const sequences = batch.queue!.sequences;
    if (sequences === null) return;
    sequences.remove(batch);
    this.noteAppended(sequences, batch);
  }

  /** The broker has appended a batch that was given up here meanwhile. */
  noteAppendedLate(batch: ProducerBatch): void {
    const sequences = batch.queue!.sequences;
    if (sequences !== null && batch.baseSequence >= 0 && !batch.isRewritten) sequences.noteAppended(batch);
  }

  /**
   * The batch is given up. If it is sure that the broker did not append it, its place is a gap that the next epoch
   * closes; if not, nothing new is drained for its partition until what follows it shows which it is (KAFKA-5494).
   */
  noteGivenUp(batch: ProducerBatch, isSurelyNotAppended: boolean): void {
    const sequences = batch.queue!.sequences;
    if (sequences === null || batch.baseSequence < 0) return;
    sequences.remove(batch);
    // Something behind it may be in the log: what lies between must not get there under a new epoch.
    const isOvertaken = sequences.isOvertaken(batch) || sequences.suspicionOf(batch) !== null;
    const mayRestart = isSurelyNotAppended && !isOvertaken && !sequences.mustKeepEpoch(batch);
    if (mayRestart) this.outOfStep.add(sequences);
    else this.markUnresolved(sequences);
  }

  noteSplit(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    if (batch.baseSequence >= 0) batch.queue!.sequences?.replace(batch, parts);
  }

  /**
   * Whether a batch is sent again because of what the broker says about its sequence (TransactionManager.canRetry);
   * null when the error is not about sequences. May ask for the next epoch.
   *
   * OUT_OF_ORDER_SEQUENCE_NUMBER of a batch behind others under way goes away with them; of the first there is a gap
   * before it that nothing will fill, or a later one was taken first, which nothing can mend (a broker takes any first
   * sequence of a producer that it does not know). UNKNOWN_PRODUCER_ID: the broker forgot the partition's numbers, or, without a
   * start of the log, is about to lose the partition and should be asked again.
   */
  canRetry(batch: ProducerBatch, error: TidemarkError, logStartOffset: number): boolean | null {
    const isForgotten = error.kind === 'UNKNOWN_PRODUCER_ID';
    if (!isForgotten && error.kind !== 'OUT_OF_ORDER_SEQUENCE_NUMBER') {
      // It was sent under an epoch that it has no longer.
      return error.kind === 'INVALID_PRODUCER_EPOCH' && batch.isRewritten ? true : null;
    }
    const sequences = batch.queue!.sequences;
    if (sequences === null || batch.isRewritten) return true;
    if (sequences.isOvertaken(batch)) return false;
    if (!isForgotten) {
      const suspicion = sequences.suspicionOf(batch);
      // Under a new epoch the later one would be written twice.
      if (suspicion !== null) return suspicion === 'answer due';
    }
    const isGap = isForgotten ? logStartOffset >= 0 : sequences.inFlight[0] === batch;
    if (isGap && !sequences.mustKeepEpoch(batch)) this.outOfStep.add(sequences);
    return true;
  }

  private noteAppended(sequences: PartitionSequences, batch: ProducerBatch): void {
    sequences.noteAppended(batch);
    if (sequences.isUnresolved) this.unresolved.add(sequences);
  }

  private markUnresolved(sequences: PartitionSequences): void {
    sequences.isUnresolved = true;
    this.unresolved.add(sequences);
  }

  private resolve(): void {
    for (const sequences of this.unresolved) {
      if (sequences.inFlight.length > 0) continue;
      this.unresolved.delete(sequences);
      if (!sequences.isUnresolved) continue;
      // Under an older epoch than the producer's it begins anew with its next batch.
      if (sequences.isComplete || sequences.isStale) sequences.isUnresolved = false;
      else this.outOfStep.add(sequences);
    }
  }
}
