import { murmur2 } from '../../record/murmur2.ts';

const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/** `toPositive(murmur2(key)) % partitionCount`, over all partitions and not only those with a leader, as Kafka. */
export function partitionForKey(key: Uint8Array | string, partitionCount: number): number {
  const hash = typeof key === 'string' ? murmur2OfText(key) : murmur2(key);
  return (hash & 0x7fff_ffff) % partitionCount;
}

/** murmur2 of the text's UTF-8 bytes. ASCII, the usual key, is hashed without encoding it first. */
export function murmur2OfText(text: string): number {
  const length = text.length;
  const tail = length & ~3;
  let hash = SEED ^ length;
  let seen = 0;
  for (let at = 0; at < tail; at += 4) {
    const first = text.charCodeAt(at);
    const second = text.charCodeAt(at + 1);
    const third = text.charCodeAt(at + 2);
    const fourth = text.charCodeAt(at + 3);
    seen |= first | second | third | fourth;
    let word = first | (second << 8) | (third << 16) | (fourth << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  let last = 0;
  for (let at = length - 1; at >= tail; at--) {
    const unit = text.charCodeAt(at);
    seen |= unit;
    last = (last << 8) | unit;
  }
  if (seen >= 0x80) return murmur2(Buffer.from(text));
  if (tail < length) hash = Math.imul(hash ^ last, MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}
