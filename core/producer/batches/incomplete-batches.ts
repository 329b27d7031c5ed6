import { Barriers } from '../barriers.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** Every batch that is not settled, in the order of creation, and those who wait for what there is now. */
export class IncompleteBatches {
  private batches = new Set<ProducerBatch>();
  private readonly barriers = new Barriers();
  private lastId = 0;

  get size(): number {
    return this.batches.size;
  }

  oldest(): ProducerBatch | undefined {
    for (const batch of this.batches) return batch;
    return undefined;
  }

  all(): ProducerBatch[] {
    return [...this.batches];
  }

  add(batch: ProducerBatch): void {
    this.batches.add(batch);
    this.lastId = batch.id;
  }

  /** The batch is settled and its callbacks have run. */
  delete(batch: ProducerBatch): void {
    if (this.batches.delete(batch)) this.barriers.passed(batch.id);
  }

  /** The batch was split: its parts take its place. */
  replace(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    const batches = new Set<ProducerBatch>();
    for (const each of this.batches) {
      if (each !== batch) batches.add(each);
      else for (const part of parts) batches.add(part);
    }
    this.batches = batches;
    this.barriers.multiplied(batch.id, parts.length - 1);
  }

  /** Calls back when all that is incomplete now is settled; at once when nothing is. */
  whenSettled(onDone: () => void): void {
    this.barriers.add(this.lastId, this.batches.size, onDone);
  }
}
