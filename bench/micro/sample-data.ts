import { SeededRandom } from '../../core/base/random.ts';

/* Inputs of the micro-benchmarks: the same bytes on every machine. */

const SEED = 20_250_101;
const ACTIONS = ['view', 'search', 'add_to_cart', 'purchase', 'refund'];
const COUNTRIES = ['DE', 'FR', 'US', 'JP', 'BR', 'IN', 'NG'];

/** Time stamps are fixed, so that hashes are. */
export const SAMPLE_TIMESTAMP_MS = 1_750_000_000_000;

/** JSON events, one per line, cut at `sizeBytes`; gzip takes them to about a fifth. */
export function sampleJson(sizeBytes: number): Buffer {
  const random = new SeededRandom(SEED);
  let text = '';
  for (let id = 0; text.length < sizeBytes; id++) {
    const event = {
      id: 4_000_000 + id,
      at: SAMPLE_TIMESTAMP_MS + random.nextBelow(60_000),
      user: `user-${random.nextBelow(50_000)}`,
      action: ACTIONS[random.nextBelow(ACTIONS.length)],
      country: COUNTRIES[random.nextBelow(COUNTRIES.length)],
      amount: random.nextBelow(1_000_000) / 100,
      session: random.nextUint32().toString(16),
    };
    text += `${JSON.stringify(event)}\n`;
  }
  return Buffer.from(text.slice(0, sizeBytes));
}

/** `count` values of `sizeBytes` each, cut from sample JSON. */
export function sampleValues(count: number, sizeBytes: number): Buffer[] {
  const json = sampleJson(count * sizeBytes);
  return Array.from({ length: count }, (_, index) =>
    json.subarray(index * sizeBytes, (index + 1) * sizeBytes),
  );
}

/** `count` keys of 16 bytes. */
export function sampleKeys(count: number): Buffer[] {
  const random = new SeededRandom(SEED, 1);
  return Array.from({ length: count }, () =>
    Buffer.from(`user-${String(random.nextUint32()).padStart(11, '0')}`),
  );
}

/** One step of FNV-1a over 32-bit words: folds what was computed into a hash. */
export function foldHash(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x0100_0193) >>> 0;
}

/** FNV's offset basis. */
export const HASH_START = 0x811c_9dc5;
