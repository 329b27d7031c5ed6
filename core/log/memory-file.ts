import type { StorageFile } from '../base/storage.ts';
import type { ChunkPool } from './chunk-pool.ts';
import { StorageError } from './storage-error.ts';

const EMPTY = Buffer.alloc(0);

interface Chunk {
  readonly memory: Buffer;
  /** Position of the chunk's first byte in the file. */
  readonly start: number;
  used: number;
  /** A view was handed out, so the memory must not be written by another file while its reader may see it. */
  viewed: boolean;
}

/**
 * A file in memory: a list of chunks, each twice as large as the one before up to a bound, so that a small topic
 * takes little and a large one few. What one append brings stays in one chunk, so a batch always reads back as one
 * contiguous view. Memory is reused when the file goes; what was read, once the readers of that time have ended,
 * because a fetch response may still be on its way out of a socket.
 */
export class MemoryFile implements StorageFile {
  readonly path: string;
  readonly #pool: ChunkPool;
  #chunks: Chunk[] = [];
  #last: Chunk | null = null;
  #sizeBytes = 0;
  #removed = false;

  constructor(path: string, pool: ChunkPool) {
    this.path = path;
    this.#pool = pool;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(bytes: Uint8Array): void {
    this.#assertPresent('append to');
    const length = bytes.length;
    if (length === 0) return;
    let chunk = this.#last;
    if (chunk === null || chunk.memory.length - chunk.used < length) chunk = this.#grow(length);
    chunk.memory.set(bytes, chunk.used);
    chunk.used += length;
    this.#sizeBytes += length;
  }

  read(position: number, length: number): Buffer {
    this.#assertPresent('read');
    if (position >= this.#sizeBytes || length <= 0) return EMPTY;
    const chunk = this.#chunkAt(position);
    chunk.viewed = true;
    const from = position - chunk.start;
    return chunk.memory.subarray(from, Math.min(chunk.used, from + length));
  }

  truncate(sizeBytes: number): void {
    this.#assertPresent('truncate');
    if (sizeBytes >= this.#sizeBytes) return;
    const chunks = this.#chunks;
    while (chunks.length > 0 && chunks.at(-1)!.start >= sizeBytes) this.#release(chunks.pop()!);
    this.#sizeBytes = sizeBytes;
    const last = chunks.at(-1);
    if (last !== undefined) last.used = sizeBytes - last.start;
    // A reader may hold a view of the bytes cut off: what follows goes into other memory.
    this.#last = last === undefined || last.viewed ? null : last;
  }

  sync(): void {
    this.#assertPresent('sync');
  }

  syncInBackground(onSynced: (error: Error | null) => void): void {
    onSynced(null);
  }

  close(): void {}

  /** Called by the storage when the file is removed or replaced. */
  discard(): void {
    for (const chunk of this.#chunks) this.#release(chunk);
    this.#chunks = [];
    this.#last = null;
    this.#sizeBytes = 0;
    this.#removed = true;
  }

  #grow(minBytes: number): Chunk {
    const previous = this.#chunks.at(-1);
    const memory = this.#pool.take(minBytes, previous === undefined ? minBytes : previous.memory.length * 2);
    const chunk = { memory, start: this.#sizeBytes, used: 0, viewed: false };
    this.#chunks.push(chunk);
    this.#last = chunk;
    return chunk;
  }

  #chunkAt(position: number): Chunk {
    const chunks = this.#chunks;
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (chunks[middle]!.start <= position) low = middle;
      else high = middle - 1;
    }
    return chunks[low]!;
  }

  #release(chunk: Chunk): void {
    this.#pool.give(chunk.memory, chunk.viewed);
  }

  #assertPresent(verb: string): void {
    if (this.#removed) {
      throw new StorageError('ENOENT', this.path, `cannot ${verb} ${this.path}: the file was removed`);
    }
  }
}
