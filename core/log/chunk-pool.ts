import { ViewEpochs } from './view-epochs.ts';

const SMALLEST_CHUNK_BYTES = 4096;
/** Batches up to max.message.bytes (1 MiB) waste little at the end of a chunk of this size. */
export const LARGEST_POOLED_CHUNK_BYTES = 4 * 1024 * 1024;
const DEFAULT_MAX_FREE_BYTES = 128 * 1024 * 1024;

function nextPowerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value));
}

/**
 * Memory for the logs of one storage. Released chunks are kept for reuse up to a bound, because memory fresh from
 * the system costs page faults on every byte, and because waiting for the garbage collector would let the RSS swing.
 */
export class ChunkPool {
  readonly maxFreeBytes: number;
  readonly views = new ViewEpochs();
  readonly #free = new Map<number, Buffer[]>();
  #freeBytes = 0;
  /** Chunks that readers may still see, in the order of their epochs. */
  readonly #retired: { readonly chunk: Buffer; readonly epoch: number }[] = [];

  constructor(maxFreeBytes = DEFAULT_MAX_FREE_BYTES) {
    this.maxFreeBytes = maxFreeBytes;
  }

  get freeBytes(): number {
    return this.#freeBytes;
  }

  /**
   * A chunk for at least `minBytes`. Sizes are powers of two, so that few lists serve all; `preferredBytes` is
   * honoured up to the largest pooled size.
   */
  take(minBytes: number, preferredBytes: number): Buffer {
    const wanted = Math.max(
      minBytes,
      Math.min(preferredBytes, LARGEST_POOLED_CHUNK_BYTES),
      SMALLEST_CHUNK_BYTES,
    );
    const sizeBytes = nextPowerOfTwo(wanted);
    this.#freeRetired();
    const reused = this.#free.get(sizeBytes)?.pop();
    if (reused === undefined) return Buffer.allocUnsafeSlow(sizeBytes);
    this.#freeBytes -= sizeBytes;
    return reused;
  }

  /**
   * Gives back a chunk that nobody holds a view of, or with `isViewed` one that readers may still see until their
   * epoch ends. What does not fit under the bound is left to the collector.
   */
  give(chunk: Buffer, isViewed: boolean): void {
    if (chunk.length > LARGEST_POOLED_CHUNK_BYTES || this.#freeBytes + chunk.length > this.maxFreeBytes)
      return;
    this.#freeBytes += chunk.length;
    if (isViewed) this.#retired.push({ chunk, epoch: this.views.retire() });
    else this.#list(chunk.length).push(chunk);
  }

  #freeRetired(): void {
    let over = 0;
    while (over < this.#retired.length && this.views.isOver(this.#retired[over]!.epoch)) over++;
    for (const { chunk } of this.#retired.splice(0, over)) this.#list(chunk.length).push(chunk);
  }

  #list(sizeBytes: number): Buffer[] {
    let list = this.#free.get(sizeBytes);
    if (list === undefined) {
      list = [];
      this.#free.set(sizeBytes, list);
    }
    return list;
  }
}
