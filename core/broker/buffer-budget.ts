/**
 * The cluster's account of bytes held for clients: requests half read or queued, and responses not yet
 * taken by the operating system. When the account is overdrawn, or too many requests stand half read, the
 * connection whose request has been half read for the longest is shed: a client that sends at an ordinary
 * pace has long finished by then, and one that drips bytes has had the most time.
 */
export interface HalfReader {
  /** Closes the connection, which then gives its bytes back. */
  shed(reason: string): void;
}

export class BufferBudget {
  readonly #totalMaxBytes: number;
  readonly #halfReadMaxCount: number;
  /** In the order in which their requests began. */
  readonly #halfReaders = new Set<HalfReader>();
  #heldBytes = 0;

  constructor(totalMaxBytes: number, halfReadMaxCount: number) {
    this.#totalMaxBytes = totalMaxBytes;
    this.#halfReadMaxCount = halfReadMaxCount;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  get halfReadCount(): number {
    return this.#halfReaders.size;
  }

  /** Bytes that may still be taken; never negative. */
  get freeBytes(): number {
    return Math.max(0, this.#totalMaxBytes - this.#heldBytes);
  }

  /** Adds (or, negative, gives back) bytes; sheds half-read requests while the account is overdrawn. */
  adjust(bytes: number): void {
    this.#heldBytes += bytes;
    if (bytes > 0 && this.#heldBytes > this.#totalMaxBytes) this.#shedWhileOverdrawn();
  }

  beginHalfRead(reader: HalfReader): void {
    this.#halfReaders.add(reader);
    if (this.#halfReaders.size > this.#halfReadMaxCount) this.#shedOldest('too many half-read requests');
  }

  endHalfRead(reader: HalfReader): void {
    this.#halfReaders.delete(reader);
  }

  #shedWhileOverdrawn(): void {
    while (this.#heldBytes > this.#totalMaxBytes && this.#halfReaders.size > 0) {
      this.#shedOldest('the buffers of all connections together are full');
    }
  }

  #shedOldest(reason: string): void {
    const oldest = this.#halfReaders.values().next().value;
    if (oldest === undefined) return;
    this.#halfReaders.delete(oldest);
    oldest.shed(reason);
  }
}
