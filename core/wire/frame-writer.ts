import { TidemarkError } from '../base/errors.ts';

const SLAB_BYTES = 65536;
/** Pieces larger than this get memory of their own, so that one does not use up a slab. */
const MIN_FREE_BYTES = 1024;
const TWO_32 = 0x1_0000_0000;
const TWO_63 = 2 ** 63;
const LENGTH_PREFIX_BYTES = 4;
const MAX_VARINT_BYTES = 5;
/** Below this, a loop over the characters beats the call into the runtime. */
const SHORT_STRING_CHARS = 48;
const MAX_SHORT_STRING_BYTES = 0x7fff;

/**
 * Writes one frame at a time as a list of chunks. Small fields go into a slab shared by successive frames;
 * records are put between as they are, by reference, so their bytes are never copied here.
 *
 *     chunks: [length, header, fields ...][batch][batch][fields ...][batch] ...
 */
export class FrameWriter {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private position = 0;
  private limit = SLAB_BYTES;
  /** Where the open piece of the slab begins. */
  private pieceStart = 0;
  private chunks: Uint8Array[] = [];
  private finishedBytes = 0;

  /** Drops whatever an encoder that threw has left, and reserves the length prefix. */
  begin(): void {
    this.chunks = [];
    this.finishedBytes = 0;
    this.position = this.pieceStart;
    if (this.limit - this.position < MIN_FREE_BYTES) this.grow(MIN_FREE_BYTES);
    this.position += LENGTH_PREFIX_BYTES;
  }

  /** Ends the frame: its chunks, of which the first begins with the 4-byte length of all that follows. */
  finish(): Uint8Array[] {
    this.closePiece();
    const chunks = this.chunks;
    this.chunks = [];
    const size = this.finishedBytes - LENGTH_PREFIX_BYTES;
    if (size > 0x7fffffff) throw new TidemarkError('SERIALIZATION', `a frame of ${size} bytes has no length`);
    (chunks[0] as Buffer).writeInt32BE(size, 0);
    return chunks;
  }

  bool(value: boolean): void {
    this.reserve(1);
    this.slab[this.position++] = value ? 1 : 0;
  }

  int8(value: number): void {
    if ((value << 24) >> 24 !== value) throw notAn('int8', value);
    this.reserve(1);
    this.slab[this.position++] = value;
  }

  int16(value: number): void {
    if ((value << 16) >> 16 !== value) throw notAn('int16', value);
    this.reserve(2);
    this.slab[this.position] = value >> 8;
    this.slab[this.position + 1] = value;
    this.position += 2;
  }

  int32(value: number): void {
    if ((value | 0) !== value) throw notAn('int32', value);
    this.reserve(4);
    this.put32(value);
  }

  /** Saturates at 2^63, which stands for the largest int64 (no double is that number). */
  int64(value: number): void {
    if (!Number.isInteger(value) || value < -TWO_63 || value > TWO_63) throw notAn('int64', value);
    this.reserve(8);
    if (value === TWO_63) {
      this.put32(0x7fffffff);
      this.put32(-1);
      return;
    }
    this.put32(Math.floor(value / TWO_32));
    this.put32(value | 0);
  }

  unsignedVarint(value: number): void {
    this.reserve(MAX_VARINT_BYTES);
    let rest = value;
    while (rest > 0x7f) {
      this.slab[this.position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.slab[this.position++] = rest;
  }

  uuid(hex: string): void {
    this.reserve(16);
    if (hex.length !== 32 || this.slab.write(hex, this.position, 16, 'hex') !== 16) {
      throw new TidemarkError('SERIALIZATION', `a uuid is 32 hexadecimal digits, got '${hex}'`);
    }
    this.position += 16;
  }

  string(value: string): void {
    const length = value.length;
    if (length <= SHORT_STRING_CHARS && this.shortAscii(value, 2)) return;
    const bytes = Buffer.byteLength(value);
    if (bytes > MAX_SHORT_STRING_BYTES) {
      throw new TidemarkError(
        'SERIALIZATION',
        `a string of ${bytes} bytes exceeds ${MAX_SHORT_STRING_BYTES}`,
      );
    }
    this.int16(bytes);
    this.text(value, bytes);
  }

  compactString(value: string): void {
    const length = value.length;
    if (length <= SHORT_STRING_CHARS && this.shortAscii(value, 1)) return;
    const bytes = Buffer.byteLength(value);
    this.unsignedVarint(bytes + 1);
    this.text(value, bytes);
  }

  bytes(value: Uint8Array): void {
    this.int32(value.length);
    this.raw(value);
  }

  compactBytes(value: Uint8Array): void {
    this.unsignedVarint(value.length + 1);
    this.raw(value);
  }

  records(batches: readonly Uint8Array[]): void {
    this.int32(totalBytes(batches));
    this.reference(batches);
  }

  compactRecords(batches: readonly Uint8Array[]): void {
    this.unsignedVarint(totalBytes(batches) + 1);
    this.reference(batches);
  }

  /**
   * A tagged field: tag, size, data. The size is known only afterwards, so room for the longest one is left
   * and the data moved up to it.
   */
  tagged<T>(tag: number, encode: (writer: FrameWriter, value: T) => void, value: T): void {
    this.unsignedVarint(tag);
    this.reserve(MAX_VARINT_BYTES);
    const sizeOffset = this.position - this.pieceStart;
    this.position += MAX_VARINT_BYTES;
    encode(this, value);
    const end = this.position;
    this.position = this.pieceStart + sizeOffset;
    const dataStart = this.position + MAX_VARINT_BYTES;
    this.unsignedVarint(end - dataStart);
    this.slab.copyWithin(this.position, dataStart, end);
    this.position += end - dataStart;
  }

  private put32(value: number): void {
    const slab = this.slab;
    const position = this.position;
    slab[position] = value >>> 24;
    slab[position + 1] = value >>> 16;
    slab[position + 2] = value >>> 8;
    slab[position + 3] = value;
    this.position = position + 4;
  }

  /** Length and characters when all are ASCII, else nothing written and false. */
  private shortAscii(value: string, lengthBytes: 1 | 2): boolean {
    const length = value.length;
    this.reserve(length + lengthBytes);
    const slab = this.slab;
    const start = this.position + lengthBytes;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code > 0x7f) return false;
      slab[start + index] = code;
    }
    if (lengthBytes === 1) {
      slab[this.position] = length + 1;
    } else {
      slab[this.position] = 0;
      slab[this.position + 1] = length;
    }
    this.position = start + length;
    return true;
  }

  private text(value: string, bytes: number): void {
    this.reserve(bytes);
    this.slab.write(value, this.position, bytes, 'utf8');
    this.position += bytes;
  }

  private raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.slab.set(value, this.position);
    this.position += value.length;
  }

  private reference(batches: readonly Uint8Array[]): void {
    if (batches.length === 0) return;
    this.closePiece();
    for (const batch of batches) {
      if (batch.length === 0) continue;
      this.chunks.push(batch);
      this.finishedBytes += batch.length;
    }
  }

  private closePiece(): void {
    const bytes = this.position - this.pieceStart;
    if (bytes === 0) return;
    this.chunks.push(this.slab.subarray(this.pieceStart, this.position));
    this.finishedBytes += bytes;
    this.pieceStart = this.position;
  }

  private reserve(bytes: number): void {
    if (this.position + bytes > this.limit) this.grow(bytes);
  }

  /** Moves the open piece to a fresh slab; pieces closed before stay where they are. */
  private grow(bytes: number): void {
    const used = this.position - this.pieceStart;
    const capacity = Math.max(SLAB_BYTES, 2 * (used + bytes));
    const slab = Buffer.allocUnsafeSlow(capacity);
    this.slab.copy(slab, 0, this.pieceStart, this.position);
    this.slab = slab;
    this.limit = capacity;
    this.pieceStart = 0;
    this.position = used;
  }
}

function totalBytes(batches: readonly Uint8Array[]): number {
  let total = 0;
  for (const batch of batches) total += batch.length;
  return total;
}

function notAn(type: string, value: unknown): TidemarkError {
  return new TidemarkError('SERIALIZATION', `${String(value)} is not an ${type}`);
}
