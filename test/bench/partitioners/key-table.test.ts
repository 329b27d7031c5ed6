import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { KeyTable } from '../../../bench/partitioners/key-table.ts';
import { murmur2 } from '../../../core/record/murmur2.ts';

describe('key table', () => {
  it('counts as a Map does, in order of first records, over several growths', () => {
    const key = fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 200 }), fc.nat({ max: 3_000 }), (some, more) => {
        const table = new KeyTable();
        const counts = new Map<string, number>();
        const all = [
          ...some,
          ...Array.from({ length: more }, (_, index) => Buffer.from(`${index % 1500}`)),
          ...some,
        ];
        for (const bytes of all) {
          table.add(bytes, 0, bytes.length, 1);
          counts.set(bytes.toString('hex'), (counts.get(bytes.toString('hex')) ?? 0) + 1);
        }
        const found = Array.from({ length: table.count }, (_, index) => [
          table.keyAt(index).toString('hex'),
          table.recordsAt(index),
        ]);
        assert.deepEqual(found, [...counts]);
      }),
      { numRuns: 30 },
    );
  });

  it('takes keys out of a larger buffer, and hashes them', () => {
    const table = new KeyTable();
    const line = Buffer.from('..foobar..');
    assert.equal(table.add(line, 2, 8, 3), 0);
    assert.equal(table.add(Buffer.from('foobar'), 0, 6, 4), 0);
    assert.equal(table.recordsAt(0), 7);
    assert.equal(table.lengthAt(0), 6);
    assert.equal(table.sizeBytes, 6);
    assert.deepEqual([...table.murmur2Hashes()], [-790332482]);
    assert.deepEqual([...table.hashes(murmur2)], [-790332482]);
  });

  it('tells keys with the same hash apart', () => {
    // Found by search: two keys of one murmur2.
    const table = new KeyTable();
    const pairs = sameMurmur2();
    const indexes = pairs.map((key) => table.add(key, 0, key.length, 1));
    assert.equal(new Set(pairs.map((key) => murmur2(key))).size, 1);
    assert.deepEqual(indexes, [0, 1]);
  });
});

/** The birthday paradox gives a pair among some 10^5 keys. */
function sameMurmur2(): [Buffer, Buffer] {
  const seen = new Map<number, Buffer>();
  for (let index = 0; ; index++) {
    const key = Buffer.from(`key-${index}`);
    const hash = murmur2(key);
    const other = seen.get(hash);
    if (other !== undefined) return [other, key];
    seen.set(hash, key);
  }
}
