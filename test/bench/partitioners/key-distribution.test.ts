import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  defaultRecords,
  makeKeys,
  parseKeyDistribution,
} from '../../../bench/partitioners/key-distribution.ts';
import { KeyTable } from '../../../bench/partitioners/key-table.ts';

function made(law: string, records: number): number[] {
  const table = new KeyTable();
  let told = 0;
  const read = makeKeys(parseKeyDistribution(law), { name: law, records, table, onRecord: () => told++ });
  assert.equal(told, records);
  assert.equal(read.table, table);
  return Array.from({ length: table.count }, (_, key) => table.recordsAt(key));
}

describe('key distributions', () => {
  it('are read as written, and refused with what is expected', () => {
    assert.deepEqual(parseKeyDistribution('zipf:1.1:100000'), {
      kind: 'zipf',
      exponent: 1.1,
      cardinality: 100_000,
    });
    assert.deepEqual(parseKeyDistribution('uniform:7'), { kind: 'uniform', cardinality: 7 });
    for (const wrong of [
      '',
      'zipf',
      'zipf:1.1',
      'zipf:x:10',
      'zipf:11:10',
      'zipf:1:0',
      'uniform:1:2',
      'uniform:1e9',
    ]) {
      assert.throws(
        () => parseKeyDistribution(wrong),
        { name: 'RangeError', message: /expected .*zipf:EXPONENT:KEYS/ },
        wrong,
      );
    }
    assert.throws(() => parseKeyDistribution('zip:1:10'), { message: /did you mean zipf\?/ });
  });

  it('give each key its expected records, to within one, and every record to some key', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.nat({ max: 20 }),
        fc.integer({ min: 1, max: 20_000 }),
        (keys, tenths, records) => {
          const exponent = tenths / 10;
          const counts = made(`zipf:${exponent}:${keys}`, records);
          const weights = counts.map((_, rank) => (rank + 1) ** -exponent);
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          assert.equal(counts.length, keys);
          assert.equal(
            counts.reduce((sum, count) => sum + count, 0),
            records,
          );
          for (const [rank, count] of counts.entries()) {
            assert.ok(Math.abs(count - (weights[rank]! / total) * records) <= 1);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('uniform is exactly even where it divides', () => {
    assert.deepEqual(made('uniform:4', 12), [3, 3, 3, 3]);
    assert.equal(defaultRecords({ kind: 'uniform', cardinality: 5 }), 1_000_000);
    assert.equal(defaultRecords({ kind: 'uniform', cardinality: 1_000_000 }), 10_000_000);
  });
});
