import { crc32c as nativeCrc32c } from '@node-rs/crc32';

/**
 * CRC-32C (Castagnoli) of a range, as an unsigned 32-bit number. A view of a range costs about 50 ns, nothing
 * beside the call into native code, so ranges need no copy.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return nativeCrc32c(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}
