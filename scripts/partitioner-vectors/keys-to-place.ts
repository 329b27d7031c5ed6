import { SeededRandom } from '../../core/base/random.ts';

const KEY_COUNT = 10_000;
const SEED = 20_261_121;
const LONGEST_BYTES = 4_096;
const TEXTS = [
  'order',
  'Kunde',
  'größe',
  'naïve',
  'キー',
  '鍵',
  '🔑',
  'ключ',
  'a b\tc',
  'line\nfeed',
  '"quoted"',
  "it's",
  '\\',
];

/**
 * Different keys of every kind: empty, every length of tail that a hash treats apart, ids, Unicode, bytes that are no
 * text, the delimiters of tools, and long ones. Always the same.
 */
export function keysToPlace(): Buffer[] {
  const random = new SeededRandom(SEED);
  const keys = new Map<string, Buffer>();
  const add = (key: Buffer) => keys.set(key.toString('hex'), key);
  for (const text of ['', '21', 'foobar', 'abc', 'a-little-bit-long-string', '\0', '\n', ...TEXTS])
    add(Buffer.from(text));
  for (let length = 1; length <= 64; length++) add(Buffer.alloc(length, 0xff));
  while (keys.size < KEY_COUNT) add(oneKey(random, keys.size));
  return [...keys.values()];
}

function oneKey(random: Random, index: number): Buffer {
  switch (index % 4) {
    case 0:
      return Buffer.from(`user-${random.nextBelow(1_000_000)}`);
    case 1:
      return Buffer.from(`${TEXTS[random.nextBelow(TEXTS.length)]}/${random.nextUint32().toString(36)}`);
    case 2:
      return bytes(random, 1 + random.nextBelow(40));
    default:
      return index % 64 === 3
        ? bytes(random, 1 + random.nextBelow(LONGEST_BYTES))
        : Buffer.from(`${random.nextUint32()}-${random.nextUint32()}`);
  }
}

type Random = SeededRandom;

function bytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.nextBelow(256)));
}
