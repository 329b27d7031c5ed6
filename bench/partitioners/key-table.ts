import { murmur2 } from '../../core/record/murmur2.ts';

const FIRST_KEYS = 1024;
const FIRST_BYTES = 16 * 1024;
/** Slots of the hash table that may be taken before it doubles. */
const MOST_FULL = 0.6;

/** More do not fit the table; at 50 bytes a key this is 7 GB. */
const MAX_KEYS = 100_000_000;

/**
 * The distinct keys of a workload, in the order of their first records, with how many records each has. Keys lie one
 * after another in one buffer and are found by their murmur2: about 30 bytes a key beside the key's own, where a Map of
 * strings takes 150 and ends at 16 million.
 *
 *     bytes   u s e r - 1 u s e r - 2 0 ...
 *     starts  0           6             13 ...      one more than there are keys
 *     slots   - 1 - - 0 - ...                       by hash, open addressing: the key's index, or -1
 */
export class KeyTable {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #starts = new Float64Array(FIRST_KEYS + 1);
  #hashes = new Int32Array(FIRST_KEYS);
  #records = new Float64Array(FIRST_KEYS);
  #slots = new Int32Array(FIRST_KEYS * 2).fill(-1);
  #count = 0;

  /** Distinct keys. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all distinct keys together. */
  get sizeBytes(): number {
    return this.#starts[this.#count]!;
  }

  /** Finds or adds the key in `bytes` from `start` to `end` and adds to its records; returns its index. */
  add(bytes: Uint8Array, start: number, end: number, records: number): number {
    const hash = murmur2(bytes, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (let found = this.#slots[slot]!; found >= 0; found = this.#slots[slot]!) {
      if (this.#hashes[found] === hash && this.#equals(found, bytes, start, end)) {
        this.#records[found]! += records;
        return found;
      }
      slot = (slot + 1) & mask;
    }
    const index = this.#append(bytes, start, end);
    this.#hashes[index] = hash;
    this.#records[index] = records;
    this.#slots[slot] = index;
    if (this.#count > this.#slots.length * MOST_FULL) this.#rehash();
    return index;
  }

  /** A view, valid until the next key is added. */
  keyAt(index: number): Buffer {
    return this.#bytes.subarray(this.#starts[index]!, this.#starts[index + 1]!);
  }

  lengthAt(index: number): number {
    return this.#starts[index + 1]! - this.#starts[index]!;
  }

  recordsAt(index: number): number {
    return this.#records[index]!;
  }

  /** The murmur2 of each key, by index; valid until the next key is added. */
  murmur2Hashes(): Int32Array {
    return this.#hashes.subarray(0, this.#count);
  }

  /** Another hash of each key, by index. */
  hashes(hash: (bytes: Uint8Array, start: number, end: number) => number): Int32Array {
    const out = new Int32Array(this.#count);
    for (let index = 0; index < out.length; index++) {
      out[index] = hash(this.#bytes, this.#starts[index]!, this.#starts[index + 1]!);
    }
    return out;
  }

  #equals(index: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[index]!;
    const length = this.#starts[index + 1]! - from;
    if (length !== end - start) return false;
    for (let at = 0; at < length; at++) if (this.#bytes[from + at] !== bytes[start + at]) return false;
    return true;
  }

  #append(bytes: Uint8Array, start: number, end: number): number {
    const index = this.#count;
    if (index === MAX_KEYS) throw new RangeError(`more than ${MAX_KEYS} different keys`);
    const from = this.#starts[index]!;
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(to, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, from);
      this.#bytes = grown;
    }
    if (index === this.#hashes.length) this.#growArrays();
    this.#bytes.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), from);
    this.#starts[index + 1] = to;
    this.#count = index + 1;
    return index;
  }

  #growArrays(): void {
    const length = this.#hashes.length * 2;
    const starts = new Float64Array(length + 1);
    starts.set(this.#starts);
    this.#starts = starts;
    const hashes = new Int32Array(length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const records = new Float64Array(length);
    records.set(this.#records);
    this.#records = records;
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let index = 0; index < this.#count; index++) {
      let slot = this.#hashes[index]! & mask;
      while (slots[slot]! >= 0) slot = (slot + 1) & mask;
      slots[slot] = index;
    }
    this.#slots = slots;
  }
}
