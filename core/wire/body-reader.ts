import { TidemarkError } from '../base/errors.ts';

const TWO_32 = 0x1_0000_0000;
const EMPTY: Buffer = Buffer.alloc(0);
/**
 * Elements of all arrays of one frame together. An element takes a byte of the frame and a hundred of memory: a
 * frame of 100 MiB could otherwise be made to fill the heap.
 */
const MAX_ELEMENTS = 1_000_000;

/**
 * Reads one frame front to back. Whatever the bytes say, the outcome is a value or a TidemarkError
 * 'PROTOCOL': every length is checked against what is left before anything is allocated for it.
 */
export class BodyReader {
  private buffer: Buffer = EMPTY;
  /** Next byte to read. */
  position = 0;
  /** First byte that may not be read: the frame's end, or that of the tagged field being read. */
  end = 0;
  /** Array elements that the frame may still hold. */
  private elementsLeft = MAX_ELEMENTS;

  reset(buffer: Buffer, position: number): this {
    this.buffer = buffer;
    this.position = position;
    this.end = buffer.length;
    this.elementsLeft = MAX_ELEMENTS;
    return this;
  }

  /** Lets go of the frame, which may be a view of memory that is about to be reused. */
  release(): void {
    this.buffer = EMPTY;
  }

  bool(): boolean {
    return this.int8() !== 0;
  }

  int8(): number {
    const at = this.take(1);
    return (this.buffer[at]! << 24) >> 24;
  }

  int16(): number {
    const at = this.take(2);
    return ((this.buffer[at]! << 24) | (this.buffer[at + 1]! << 16)) >> 16;
  }

  int32(): number {
    const at = this.take(4);
    const buffer = this.buffer;
    return (buffer[at]! << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!;
  }

  int64(): number {
    const high = this.int32();
    return high * TWO_32 + (this.int32() >>> 0);
  }

  /** At most 32 bits in at most 5 bytes. */
  unsignedVarint(): number {
    let value = 0;
    let shift = 1;
    for (let count = 0; count < 5; count++) {
      const byte = this.buffer[this.take(1)]!;
      value += (byte & 0x7f) * shift;
      if (byte < 0x80) {
        if (value >= TWO_32) break;
        return value;
      }
      shift *= 128;
    }
    throw this.broken('a varint does not end within 32 bits');
  }

  uuid(): string {
    const at = this.take(16);
    return this.buffer.toString('hex', at, at + 16);
  }

  string(): string {
    return this.text(this.int16());
  }

  nullableString(): string | null {
    const length = this.int16();
    return length === -1 ? null : this.text(length);
  }

  compactString(): string {
    return this.text(this.unsignedVarint() - 1);
  }

  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? null : this.text(length);
  }

  bytes(): Buffer {
    return this.view(this.int32());
  }

  nullableBytes(): Buffer | null {
    const length = this.int32();
    return length === -1 ? null : this.view(length);
  }

  compactBytes(): Buffer {
    return this.view(this.unsignedVarint() - 1);
  }

  compactNullableBytes(): Buffer | null {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? null : this.view(length);
  }

  /** An array's count, or -1 for null; no more elements than the rest of the frame can hold. */
  count(minElementBytes: number): number {
    return this.checkedCount(this.int32(), minElementBytes);
  }

  compactCount(minElementBytes: number): number {
    return this.checkedCount(this.unsignedVarint() - 1, minElementBytes);
  }

  /** The next tag, which must be greater than the one before: Kafka writes them in order, each once (KIP-482). */
  nextTag(previous: number): number {
    const tag = this.unsignedVarint();
    if (tag <= previous) throw this.broken(`tagged field ${tag} follows tagged field ${previous}`);
    return tag;
  }

  /** Reads a tagged field's size and confines reading to it; returns the end to give back to leaveTag. */
  enterTag(): number {
    const size = this.unsignedVarint();
    const outerEnd = this.end;
    if (size > outerEnd - this.position) throw this.broken(`a tagged field of ${size} bytes is cut off`);
    this.end = this.position + size;
    return outerEnd;
  }

  skipTag(): void {
    this.position = this.end;
  }

  leaveTag(outerEnd: number): void {
    if (this.position !== this.end) {
      throw this.broken(`a tagged field has ${this.end - this.position} bytes more than it should`);
    }
    this.end = outerEnd;
  }

  /** The section of tagged fields where none is known. */
  skipTags(): void {
    let tag = -1;
    for (let left = this.unsignedVarint(); left > 0; left--) {
      tag = this.nextTag(tag);
      const outerEnd = this.enterTag();
      this.skipTag();
      this.leaveTag(outerEnd);
    }
  }

  unexpectedNull(field: string): TidemarkError {
    return this.broken(`${field} is null`);
  }

  private checkedCount(count: number, minElementBytes: number): number {
    if (count < -1 || count * minElementBytes > this.end - this.position) {
      throw this.broken(`an array of ${count} elements does not fit in ${this.end - this.position} bytes`);
    }
    this.elementsLeft -= count;
    if (this.elementsLeft < 0) throw this.broken(`the arrays hold more than ${MAX_ELEMENTS} elements`);
    return count;
  }

  private text(length: number): string {
    const at = this.takeLength(length);
    return this.buffer.toString('utf8', at, at + length);
  }

  private view(length: number): Buffer {
    const at = this.takeLength(length);
    return this.buffer.subarray(at, at + length);
  }

  private takeLength(length: number): number {
    if (length < 0) throw this.broken(`a length of ${length}`);
    return this.take(length);
  }

  private take(bytes: number): number {
    const at = this.position;
    if (bytes > this.end - at) throw this.broken(`${bytes} bytes wanted, ${this.end - at} left`);
    this.position = at + bytes;
    return at;
  }

  private broken(what: string): TidemarkError {
    return new TidemarkError('PROTOCOL', `${what} (at byte ${this.position})`);
  }
}
