/**
 * Knows when memory that was read may be written again. A reader that keeps views beyond the call that gave them
 * (a fetch response on its way out of a socket) holds the current epoch until it has let them go; memory is retired
 * into an epoch of its own, and is free once every reader that began before has ended.
 *
 *     reader A holds 4 | memory retired into 5 | reader B holds 5 | A releases: the memory is free
 */
export class ViewEpochs {
  #current = 0;
  readonly #held = new Map<object, number>();

  /** `reader` may hold views from now on, until release(). Holding again moves it to the current epoch. */
  hold(reader: object): void {
    // Deleted first, so that the map stays in the order of the epochs and the oldest is its first.
    this.#held.delete(reader);
    this.#held.set(reader, this.#current);
  }

  release(reader: object): void {
    this.#held.delete(reader);
  }

  /** The epoch that memory retired now belongs to. */
  retire(): number {
    return ++this.#current;
  }

  /** Whether no reader can still see what was retired into the epoch. */
  isOver(epoch: number): boolean {
    for (const oldest of this.#held.values()) return oldest >= epoch;
    return true;
  }
}
