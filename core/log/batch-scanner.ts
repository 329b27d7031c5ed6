import type { StorageFile } from '../base/storage.ts';
import { BATCH_HEADER_BYTES, BATCH_MAGIC } from '../record/batch-layout.ts';
import { BatchView } from '../record/batch-view.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Walks the batches of a log file from a position on, reading it in windows. With `wholeBatches` the view holds the
 * records too, else perhaps only the header. Stops at the end of the file, or at the first bytes that are no batch:
 * `problem` then says why, and `nextPosition` is where they begin.
 */
export class BatchScanner {
  readonly view = new BatchView();
  /** Of the current batch in the file. */
  position = -1;
  /** Behind the current batch. */
  nextPosition: number;
  problem: string | null = null;
  readonly #file: StorageFile;
  readonly #windowBytes: number;
  readonly #wholeBatches: boolean;
  #window: Buffer = NOTHING;
  #windowStart = 0;

  constructor(file: StorageFile, options: { from: number; windowBytes: number; wholeBatches: boolean }) {
    this.#file = file;
    this.nextPosition = options.from;
    this.#windowBytes = options.windowBytes;
    this.#wholeBatches = options.wholeBatches;
  }

  next(): boolean {
    const position = this.nextPosition;
    const available = this.#file.sizeBytes - position;
    if (this.problem !== null || available <= 0) return false;
    if (!this.#load(position, BATCH_HEADER_BYTES))
      return this.#stop(`${available} bytes are no batch header`);
    const view = this.view;
    const lengthBytes = view.lengthBytes;
    if (view.magic !== BATCH_MAGIC) return this.#stop(`magic ${view.magic}, expected ${BATCH_MAGIC}`);
    if (lengthBytes < BATCH_HEADER_BYTES) return this.#stop(`length of ${lengthBytes} bytes`);
    if (lengthBytes > available) return this.#stop(`${available} of ${lengthBytes} bytes`);
    if (view.lastOffsetDelta < 0) return this.#stop(`last offset delta ${view.lastOffsetDelta}`);
    if (this.#wholeBatches && !this.#load(position, lengthBytes))
      return this.#stop('the batch cannot be read');
    this.position = position;
    this.nextPosition = position + lengthBytes;
    return true;
  }

  /** Points the view at `position` with at least `neededBytes` behind it. */
  #load(position: number, neededBytes: number): boolean {
    if (position < this.#windowStart || position + neededBytes > this.#windowStart + this.#window.length) {
      this.#window = this.#file.read(position, Math.max(this.#windowBytes, neededBytes));
      this.#windowStart = position;
    }
    if (this.#window.length - (position - this.#windowStart) < neededBytes) return false;
    this.view.reset(this.#window, position - this.#windowStart);
    return true;
  }

  #stop(problem: string): boolean {
    this.problem = problem;
    return false;
  }
}
