const INITIAL_SLOTS = 8;

/**
 * A double-ended queue over a ring of slots. It grows by doubling up to `maxItems`; a full one refuses. Slots
 * are emptied when their item leaves, so nothing is kept alive.
 */
export class Ring<T> {
  /** For reading only. */
  length = 0;
  readonly maxItems: number;
  private slots: (T | undefined)[] = new Array(INITIAL_SLOTS).fill(undefined);
  private head = 0;

  constructor(maxItems: number = Number.POSITIVE_INFINITY) {
    this.maxItems = maxItems;
  }

  /** False, and nothing is added, when the ring holds maxItems. */
  pushBack(item: T): boolean {
    if (!this.makeRoom()) return false;
    this.slots[(this.head + this.length) & (this.slots.length - 1)] = item;
    this.length++;
    return true;
  }

  /** False, and nothing is added, when the ring holds maxItems. */
  pushFront(item: T): boolean {
    if (!this.makeRoom()) return false;
    this.head = (this.head - 1) & (this.slots.length - 1);
    this.slots[this.head] = item;
    this.length++;
    return true;
  }

  popFront(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.slots[this.head];
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.length--;
    return item;
  }

  popBack(): T | undefined {
    if (this.length === 0) return undefined;
    this.length--;
    const slot = (this.head + this.length) & (this.slots.length - 1);
    const item = this.slots[slot];
    this.slots[slot] = undefined;
    return item;
  }

  /** The item at a distance from the front; undefined beyond the end. */
  at(index: number): T | undefined {
    if (index < 0 || index >= this.length) return undefined;
    return this.slots[(this.head + index) & (this.slots.length - 1)];
  }

  peekFront(): T | undefined {
    return this.slots[this.head];
  }

  peekBack(): T | undefined {
    return this.at(this.length - 1);
  }

  /** Puts the item before the one at `index`, which may be the length. Costs what stands before it. */
  insertAt(index: number, item: T): boolean {
    if (!this.pushFront(item)) return false;
    for (let position = 0; position < index; position++) this.swap(position, position + 1);
    return true;
  }

  /** Removes the first occurrence; false when there is none. Costs what stands before it. */
  remove(item: T): boolean {
    for (let index = 0; index < this.length; index++) {
      if (this.at(index) !== item) continue;
      for (let position = index; position > 0; position--) this.swap(position, position - 1);
      this.popFront();
      return true;
    }
    return false;
  }

  private swap(first: number, second: number): void {
    const mask = this.slots.length - 1;
    const one = (this.head + first) & mask;
    const other = (this.head + second) & mask;
    const item = this.slots[one];
    this.slots[one] = this.slots[other];
    this.slots[other] = item;
  }

  private makeRoom(): boolean {
    if (this.length >= this.maxItems) return false;
    if (this.length < this.slots.length) return true;
    const slots = new Array<T | undefined>(this.slots.length * 2).fill(undefined);
    for (let index = 0; index < this.length; index++) slots[index] = this.at(index);
    this.slots = slots;
    this.head = 0;
    return true;
  }
}
