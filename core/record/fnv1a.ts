const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** 32-bit FNV-1a (Fowler, Noll, Vo) of a range, as a signed integer: what sarama places keys by. */
export function fnv1a(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let hash = OFFSET_BASIS | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, PRIME);
  return hash;
}
