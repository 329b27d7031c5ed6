import { crc32 as nativeCrc32 } from '@node-rs/crc32';

/** CRC-32 (IEEE 802.3, zlib's) of a range, as an unsigned 32-bit number: what librdkafka places keys by. */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return nativeCrc32(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}
