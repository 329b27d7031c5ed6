/** What one queued request costs beside its bytes, so that a flood of tiny ones is bounded too. */
const OVERHEAD_BYTES = 128;

/** Whole requests of one connection that wait for the one before them. First in, first out. */
export class RequestQueue {
  #frames: Buffer[] = [];
  #head = 0;
  #heldBytes = 0;

  get isEmpty(): boolean {
    return this.#head === this.#frames.length;
  }

  /** Bytes held, overhead included. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Keeps the frame, which must be the caller's own memory, and returns the bytes now held for it. */
  push(frame: Buffer): number {
    this.#frames.push(frame);
    const bytes = frame.length + OVERHEAD_BYTES;
    this.#heldBytes += bytes;
    return bytes;
  }

  /** The oldest request; only when not empty. */
  shift(): Buffer {
    const frame = this.#frames[this.#head]!;
    this.#head++;
    this.#heldBytes -= frame.length + OVERHEAD_BYTES;
    if (this.isEmpty) this.clear();
    return frame;
  }

  clear(): void {
    this.#frames = [];
    this.#head = 0;
    this.#heldBytes = 0;
  }
}
