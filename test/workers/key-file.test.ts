import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { KeyTable } from '../../bench/partitioners/key-table.ts';
import { readKeyFile } from '../../bench/partitioners/read-key-file.ts';
import { SeededRandom } from '../../core/base/random.ts';
import type { KeyEncoding } from '../../workers/decode-key.ts';
import { readKeyLines } from '../../workers/key-file.ts';
import { createKeyOrder } from '../../workers/key-order.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidemark-key-lines-'));
after(() => rmSync(directory, { recursive: true }));
const path = join(directory, 'keys');

function read(content: string | Uint8Array, encoding: KeyEncoding = 'utf8') {
  writeFileSync(path, content);
  const { keys, order } = readKeyLines(path, encoding);
  return { keys: keys.map((key) => key.toString('latin1')), order: [...order] };
}

describe('keys of a load from a file', () => {
  it('are its lines, an empty one is a record without a key', () => {
    assert.deepEqual(read('a\nb\n\na\n'), { keys: ['a', 'b'], order: [0, 1, -1, 0] });
    assert.deepEqual(read('\ufeffa\r\n\r\nb'), { keys: ['a', 'b'], order: [0, -1, 1] });
    assert.deepEqual(read('00ff\n0x00FF\n', 'hex'), { keys: ['\0ÿ'], order: [0, 0] });
  });

  it('are taken in turn, and from the start again', () => {
    writeFileSync(path, 'a\n\nb\n');
    const spec = { kind: 'file', path, encoding: 'utf8', sha256: '' } as const;
    const { keyIndexAt } = createKeyOrder(spec, new SeededRandom(1));
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(keyIndexAt), [0, -1, 1, 0, -1, 1, 0]);
  });

  it('are the keys that the lab places', async () => {
    for (const content of ['a\r\nb\rc\n \n\n', 'a\r\nb\r', '\ufeffa\n\ufeffa\n', 'a', '\na\n\r\n']) {
      const lab: string[] = [];
      const table = new KeyTable();
      const { keys, order } = read(content);
      const file = { path: 'keys', encoding: 'utf8', workingDirectory: directory } as const;
      await readKeyFile(file, table, (key) => lab.push(table.keyAt(key).toString('latin1')));
      assert.deepEqual(
        order.filter((index) => index >= 0).map((index) => keys[index]),
        lab,
        JSON.stringify(content),
      );
    }
  });

  it('without a key, or with one that is no hex, are refused', () => {
    assert.throws(() => read('\n\n'), /holds no key; expected one per line/);
    assert.throws(() => read('00\n0g\n', 'hex'), /keys:2: got "0g", expected hex/);
    rmSync(path);
    assert.throws(() => readKeyLines(path, 'utf8'), /key file .* cannot be read/);
  });
});
