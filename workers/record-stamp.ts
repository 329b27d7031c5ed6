/**
 * Who sent a record and as which one: generator id and sequence travel with every record, so that a trial
 * can verify itself.
 *
 *     in a header named 'tidemark'      u32 generator | u32 sequence high | u32 sequence low   (12 bytes)
 *     in the value                      8 + 12 lower-case hexadecimal digits, at a fixed offset (20 bytes)
 */
export const STAMP_HEADER = 'tidemark';
export const STAMP_HEADER_BYTES = 12;
export const STAMP_TEXT_BYTES = 20;

const TWO_32 = 0x1_0000_0000;
const HEX_DIGITS = Buffer.from('0123456789abcdef');
const GENERATOR_DIGITS = 8;

export interface Stamp {
  generator: number;
  sequence: number;
}

export function writeBinaryStamp(target: Uint8Array, generator: number, sequence: number): void {
  writeUint32(target, 0, generator);
  writeUint32(target, 4, Math.floor(sequence / TWO_32));
  writeUint32(target, 8, sequence >>> 0);
}

/** Fills `into` from STAMP_HEADER_BYTES bytes at `offset`. */
export function readBinaryStamp(bytes: Buffer, offset: number, into: Stamp): void {
  into.generator = bytes.readUInt32BE(offset);
  into.sequence = bytes.readUInt32BE(offset + 4) * TWO_32 + bytes.readUInt32BE(offset + 8);
}

export function writeTextStamp(
  target: Uint8Array,
  offset: number,
  generator: number,
  sequence: number,
): void {
  let rest = generator;
  for (let digit = GENERATOR_DIGITS - 1; digit >= 0; digit--) {
    target[offset + digit] = HEX_DIGITS[rest & 15]!;
    rest >>>= 4;
  }
  let low = sequence >>> 0;
  let high = Math.floor(sequence / TWO_32);
  for (let digit = STAMP_TEXT_BYTES - 1; digit >= GENERATOR_DIGITS; digit--) {
    target[offset + digit] = HEX_DIGITS[low & 15]!;
    low = (low >>> 4) | ((high & 15) << 28);
    high >>>= 4;
  }
}

/** Fills `into`; false when the digits are not there. */
export function readTextStamp(bytes: Buffer, offset: number, into: Stamp): boolean {
  if (offset + STAMP_TEXT_BYTES > bytes.length) return false;
  const text = bytes.toString('latin1', offset, offset + STAMP_TEXT_BYTES);
  if (!/^[0-9a-f]{20}$/.test(text)) return false;
  into.generator = Number.parseInt(text.slice(0, GENERATOR_DIGITS), 16);
  into.sequence = Number.parseInt(text.slice(GENERATOR_DIGITS), 16);
  return true;
}

function writeUint32(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value >>> 24;
  target[offset + 1] = value >>> 16;
  target[offset + 2] = value >>> 8;
  target[offset + 3] = value;
}
