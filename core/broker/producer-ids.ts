import type { Storage } from '../base/storage.ts';
import { ClusterFile } from './cluster-file.ts';

/** Ids taken with one write to the disk: Kafka's ProducerIdsBlock.PRODUCER_ID_BLOCK_SIZE. */
const BLOCK_SIZE = 1_000;

/**
 * Gives out producer ids, each one once for all brokers of the cluster and over its restarts: they are taken in
 * blocks, and a block is on the disk before its first id is given out. What a crash or the end of the cluster leaves
 * of a block is never used.
 */
export class ProducerIds {
  readonly #file: ClusterFile;
  #next = 0;
  #blockEnd = 0;

  constructor(storage: Storage) {
    this.#file = new ClusterFile(storage, 'producer-ids.json', 'tidemark.producer-ids/1');
  }

  /** Goes on behind the last block taken. Throws KAFKA_STORAGE_ERROR for a file that is not ours or is damaged. */
  open(): void {
    const stored = this.#file.read();
    if (stored === null) return;
    const nextBlock = stored['nextBlock'];
    if (!Number.isSafeInteger(nextBlock) || (nextBlock as number) < 0) {
      throw this.#file.unexpected(JSON.stringify(stored));
    }
    this.#next = nextBlock as number;
    this.#blockEnd = this.#next;
  }

  /** Throws StorageError, and gives out none, when a new block cannot be stored. */
  take(): number {
    if (this.#next === this.#blockEnd) {
      this.#file.write({ nextBlock: this.#blockEnd + BLOCK_SIZE });
      this.#blockEnd += BLOCK_SIZE;
    }
    return this.#next++;
  }
}
