import { Ring } from '../../base/ring.ts';
import type { PartitionSequences } from '../idempotence/partition-sequences.ts';
import type { TopicState } from '../topic-state.ts';
import type { ProducerBatch } from './producer-batch.ts';

/**
 * The batches of one partition that wait to be drained, oldest first. Bounded by buffer.memory, as every batch
 * holds memory of the pool. Only the last may be open.
 */
export class PartitionQueue {
  readonly topic: TopicState;
  readonly partition: number;
  readonly batches = new Ring<ProducerBatch>();
  /** The last batch while it takes records. */
  open: ProducerBatch | null = null;
  /** A request is under way and the order must be kept (max.in.flight = 1). */
  isMuted = false;
  /** With idempotence, from the first drain on. */
  sequences: PartitionSequences | null = null;
  /** Of the leader in the newest metadata; -1 unknown. */
  leaderEpoch = -1;

  constructor(topic: TopicState, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** Records of its batches: counted, so not to be asked for per record. */
  get recordCount(): number {
    let sum = 0;
    for (let index = 0; index < this.batches.length; index++) sum += this.batches.at(index)!.count;
    return sum;
  }

  /** Whether sending the first batch to its leader now keeps the order. */
  maySend(first: ProducerBatch, nodeId: number): boolean {
    if (this.isMuted) return false;
    return this.sequences === null || this.sequences.allows(first, nodeId);
  }

  /** A newer leader: retries need not back off (KIP-951), as nobody has refused them there. */
  noteLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.leaderEpoch) return;
    this.leaderEpoch = leaderEpoch;
    for (let index = 0; index < this.batches.length; index++) this.batches.at(index)!.backoffUntilNs = 0;
  }

  push(batch: ProducerBatch): void {
    this.batches.pushBack(batch);
    this.open = batch;
  }

  closeOpen(): void {
    if (this.open === null) return;
    this.open.state = 'queued';
    this.open = null;
  }

  /** Takes the first batch out to be sent. */
  takeFirst(): ProducerBatch | undefined {
    const batch = this.batches.popFront();
    if (batch !== undefined && batch === this.open) this.closeOpen();
    return batch;
  }

  /** Puts a batch back before everything created after it. */
  putBack(batch: ProducerBatch): void {
    batch.state = 'queued';
    let index = 0;
    while (index < this.batches.length && this.batches.at(index)!.id < batch.id) index++;
    this.batches.insertAt(index, batch);
  }

  remove(batch: ProducerBatch): void {
    if (batch === this.open) this.closeOpen();
    this.batches.remove(batch);
  }
}
