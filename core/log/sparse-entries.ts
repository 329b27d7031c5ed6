import type { Storage, StorageFile } from '../base/storage.ts';

/** Entries are held back until so many bytes are worth one write; the log itself can always replace them. */
const PENDING_LIMIT_BYTES = 32 * 1024;
const FIRST_PENDING_BYTES = 256;

/**
 * An index file of entries of one size, sorted by the number that they begin with. New entries stand in memory until
 * there are enough for a write, a flush or a roll: after a crash they are made again from the log.
 */
export class SparseEntries {
  readonly path: string;
  readonly entryBytes: number;
  readonly #storage: Storage;
  readonly #readKey: (entry: Buffer, offset: number) => number;
  #file: StorageFile | null = null;
  #storedCount = 0;
  #pending = Buffer.allocUnsafe(0);
  #pendingBytes = 0;

  constructor(options: {
    storage: Storage;
    path: string;
    entryBytes: number;
    readKey: (entry: Buffer, offset: number) => number;
  }) {
    this.#storage = options.storage;
    this.path = options.path;
    this.entryBytes = options.entryBytes;
    this.#readKey = options.readKey;
  }

  get count(): number {
    return this.#storedCount + this.#pendingBytes / this.entryBytes;
  }

  get sizeBytes(): number {
    return this.#storedCount * this.entryBytes + this.#pendingBytes;
  }

  /** Takes what the file holds. False when it cannot be an index: no file, an entry cut off, or out of order. */
  load(): boolean {
    if (!this.#storage.exists(this.path)) return false;
    const file = this.#open();
    if (file.sizeBytes % this.entryBytes !== 0) return false;
    this.#storedCount = file.sizeBytes / this.entryBytes;
    // As Kafka's sanity checks: bytes that a crash left unwritten read as 0, which sorts before the first entry.
    const first = this.entry(0);
    const last = this.entry(this.count - 1);
    return this.count < 2 || this.#readKey(last!, 0) > this.#readKey(first!, 0);
  }

  /** Empties the index, to be filled again. */
  clear(): void {
    this.#pendingBytes = 0;
    this.#storedCount = 0;
    if (this.#file !== null || this.#storage.exists(this.path)) this.#open().truncate(0);
  }

  /** Room for one more entry: the caller writes it at `offset` of `buffer`. Its number must be above the last one's. */
  add(): { buffer: Buffer; offset: number } {
    const needed = this.#pendingBytes + this.entryBytes;
    if (needed > this.#pending.length) {
      const grown = Buffer.allocUnsafe(Math.max(FIRST_PENDING_BYTES, this.#pending.length * 2, needed));
      this.#pending.copy(grown, 0, 0, this.#pendingBytes);
      this.#pending = grown;
    }
    const offset = this.#pendingBytes;
    this.#pendingBytes = needed;
    return { buffer: this.#pending, offset };
  }

  /** Whether enough is held back to be worth a write. */
  get isWorthWriting(): boolean {
    return this.#pendingBytes >= PENDING_LIMIT_BYTES;
  }

  /** Writes what was held back. Throws StorageError and loses nothing. */
  write(): void {
    const file = this.#open();
    if (this.#pendingBytes === 0) return;
    file.append(this.#pending.subarray(0, this.#pendingBytes));
    this.#storedCount += this.#pendingBytes / this.entryBytes;
    this.#pendingBytes = 0;
  }

  /** No more entries are expected for now: gives the memory back. */
  releaseMemory(): void {
    if (this.#pendingBytes === 0) this.#pending = Buffer.allocUnsafe(0);
  }

  sync(): void {
    this.#open().sync();
  }

  syncInBackground(onSynced: (error: Error | null) => void): void {
    this.#open().syncInBackground(onSynced);
  }

  /** The entry at `index` as a buffer of entryBytes; null when there is none. */
  entry(index: number): Buffer | null {
    if (index < 0 || index >= this.count) return null;
    if (index < this.#storedCount) return this.#open().read(index * this.entryBytes, this.entryBytes);
    const start = (index - this.#storedCount) * this.entryBytes;
    return this.#pending.subarray(start, start + this.entryBytes);
  }

  /** Index of the last entry whose number is at most `key`; -1 when all are above. */
  floorIndex(key: number): number {
    let low = -1;
    let high = this.count - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#readKey(this.entry(middle)!, 0) <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  #open(): StorageFile {
    this.#file ??= this.#storage.open(this.path);
    return this.#file;
  }
}
