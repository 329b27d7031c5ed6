import { TidemarkError } from '../base/errors.ts';

/*
 * Zigzag varints as in Kafka's ByteUtils (and Protocol Buffers): seven bits per byte, the lowest first, the top
 * bit set on all but the last. Zigzag turns the sign into the lowest bit, so that small negatives stay short.
 */

/** Bytes of a signed 32-bit integer as zigzag varint: 1 to 5. */
export function varintSizeBytes(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x20_0000) return 3;
  return zigzag < 0x1000_0000 ? 4 : 5;
}

/** Writes a signed 32-bit integer; returns the position after it. The caller has made sure of the room. */
export function writeVarint(buffer: Uint8Array, value: number, position: number): number {
  let zigzag = (value << 1) ^ (value >> 31);
  let at = position;
  while ((zigzag & ~0x7f) !== 0) {
    buffer[at++] = (zigzag & 0x7f) | 0x80;
    zigzag >>>= 7;
  }
  buffer[at++] = zigzag;
  return at;
}

/** Bytes of an integer of at most 53 bits as zigzag varlong: 1 to 8. */
export function varlongSizeBytes(value: number): number {
  if (value === (value | 0)) return varintSizeBytes(value);
  let zigzag = zigzagBig(value) >> 28n;
  let size = 4;
  for (; zigzag > 0n; zigzag >>= 7n) size++;
  return size;
}

/** Writes an integer of at most 53 bits; the same bytes as writeVarint where 32 bits are enough. */
export function writeVarlong(buffer: Uint8Array, value: number, position: number): number {
  if (value === (value | 0)) return writeVarint(buffer, value, position);
  // Time stamps more than 24 days apart inside one batch: rare enough for BigInt.
  let zigzag = zigzagBig(value);
  let at = position;
  for (; zigzag > 0x7fn; zigzag >>= 7n) buffer[at++] = Number(zigzag & 0x7fn) | 0x80;
  buffer[at++] = Number(zigzag);
  return at;
}

function zigzagBig(value: number): bigint {
  const big = BigInt(value);
  return big >= 0n ? big << 1n : (-big << 1n) - 1n;
}

/**
 * Reads varints one after the other and never leaves `limit`. A varint that runs past it or is too long throws
 * TidemarkError INVALID_RECORD. Plain fields: this is the inner loop of every reader of records.
 */
export class VarintScanner {
  bytes: Uint8Array = EMPTY;
  position = 0;
  limit = 0;

  /** Signed 32-bit. One and two bytes, nearly all that records have, are read without a loop. */
  int32(): number {
    const bytes = this.bytes;
    const at = this.position;
    if (at + 1 < this.limit) {
      const low = bytes[at]!;
      if (low < 0x80) {
        this.position = at + 1;
        return (low >>> 1) ^ -(low & 1);
      }
      const high = bytes[at + 1]!;
      if (high < 0x80) {
        this.position = at + 2;
        return ((low & 0x7f) >>> 1) ^ (high << 6) ^ -(low & 1);
      }
    }
    return this.longInt32();
  }

  /** Signed 64-bit as a number: exact up to 2^53. */
  int64(): number {
    const at = this.position;
    if (at < this.limit) {
      const byte = this.bytes[at]!;
      if (byte < 0x80) {
        this.position = at + 1;
        return (byte >>> 1) ^ -(byte & 1);
      }
    }
    return this.longInt64();
  }

  private longInt64(): number {
    const start = this.position;
    let low = 0;
    let scale = 1;
    // 49 bits fit a double's mantissa with room to spare.
    for (let index = 0; index < 7; index++) {
      const byte = this.nextByte();
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
      scale *= 128;
    }
    this.position = start;
    return this.hugeInt64();
  }

  private longInt32(): number {
    let zigzag = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.nextByte();
      zigzag |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    throw new TidemarkError('INVALID_RECORD', `varint at byte ${this.position - 5} is longer than 5 bytes`);
  }

  private hugeInt64(): number {
    let zigzag = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.nextByte();
      zigzag |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        zigzag = BigInt.asUintN(64, zigzag);
        return Number((zigzag >> 1n) ^ -(zigzag & 1n));
      }
    }
    throw new TidemarkError(
      'INVALID_RECORD',
      `varlong at byte ${this.position - 10} is longer than 10 bytes`,
    );
  }

  private nextByte(): number {
    if (this.position >= this.limit) {
      throw new TidemarkError('INVALID_RECORD', `record cut off: varint runs past byte ${this.limit}`);
    }
    return this.bytes[this.position++]!;
  }
}

const EMPTY = new Uint8Array(0);
