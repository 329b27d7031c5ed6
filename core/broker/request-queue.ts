import { Ring } from '../base/ring.ts';

/** What one queued request costs beside its bytes, so that a flood of tiny ones is bounded too. */
const OVERHEAD_BYTES = 128;

/**
 * Whole requests of one connection that wait for the one before them. First in, first out. A client with several in
 * flight may never let it run empty, so nothing of what has left is kept.
 */
export class RequestQueue {
  #frames = new Ring<Buffer>();
  #heldBytes = 0;

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Bytes held, overhead included. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Keeps the frame, which must be the caller's own memory, and returns the bytes now held for it. */
  push(frame: Buffer): number {
    this.#frames.pushBack(frame);
    const bytes = frame.length + OVERHEAD_BYTES;
    this.#heldBytes += bytes;
    return bytes;
  }

  /** The oldest request; only when not empty. */
  shift(): Buffer {
    const frame = this.#frames.popFront()!;
    this.#heldBytes -= frame.length + OVERHEAD_BYTES;
    return frame;
  }

  clear(): void {
    this.#frames = new Ring();
    this.#heldBytes = 0;
  }
}
