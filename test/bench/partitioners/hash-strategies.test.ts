import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { HASH_STRATEGIES } from '../../../bench/partitioners/hash-strategies.ts';
import { KeyTable } from '../../../bench/partitioners/key-table.ts';

interface StrategyVectors {
  readonly strategy: string;
  readonly placedBy: string;
  readonly partitions: Readonly<Record<string, readonly (number | null)[]>>;
}

const [head, ...strategies] = readFileSync(new URL('fixtures/vectors.ndjson', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const vectors = {
  keysInHex: (head as { readonly keysInHex: readonly string[] }).keysInHex,
  strategies: strategies as StrategyVectors[],
};

describe('placements by hash', () => {
  const keys = new KeyTable();
  for (const hex of vectors.keysInHex) keys.add(Buffer.from(hex, 'hex'), 0, hex.length / 2, 1);

  for (const { strategy, placedBy, partitions } of vectors.strategies) {
    it(`${strategy} are those of the ${placedBy}`, () => {
      const { hashes, place } = HASH_STRATEGIES.find(({ text }) => text.name === strategy)!;
      const hashed = hashes(keys);
      for (const [count, expected] of Object.entries(partitions)) {
        const placed = [...hashed].map((hash) => place(hash, Number(count)));
        const compared = expected.map((one, index) => one ?? placed[index]);
        assert.deepEqual(placed, compared, `${count} partitions`);
      }
    });
  }

  it('each strategy has vectors of the client it is named for', () => {
    const named = HASH_STRATEGIES.map(({ text }) => text.name).sort();
    assert.deepEqual(vectors.strategies.map(({ strategy }) => strategy).sort(), named);
    assert.ok(vectors.keysInHex.includes('') && vectors.keysInHex.length > 200);
  });
});
