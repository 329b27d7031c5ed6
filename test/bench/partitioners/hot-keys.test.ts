import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hottestKeys } from '../../../bench/partitioners/hot-keys.ts';
import { KeyTable } from '../../../bench/partitioners/key-table.ts';

describe('hottest keys', () => {
  const table = new KeyTable();
  for (const [index, records] of [3, 0, 9, 3, 1, 9, 4].entries()) {
    table.add(Buffer.from([index]), 0, 1, records);
  }

  it('are those with most records, of equals the earlier, and never one without a record', () => {
    assert.deepEqual(hottestKeys(table, 3), [2, 5, 6]);
    assert.deepEqual(hottestKeys(table, 4), [2, 5, 6, 0]);
    assert.deepEqual(hottestKeys(table, 10), [2, 5, 6, 0, 3, 4]);
  });

  it('are looked for among those accepted', () => {
    assert.deepEqual(
      hottestKeys(table, 2, (key) => key !== 2 && key < 6),
      [5, 0],
    );
  });
});
