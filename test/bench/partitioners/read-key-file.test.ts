import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { KeyTable } from '../../../bench/partitioners/key-table.ts';
import { MAX_KEY_BYTES, readKeyFile } from '../../../bench/partitioners/read-key-file.ts';
import type { KeyEncoding } from '../../../workers/decode-key.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidemark-keys-'));
after(() => rmSync(directory, { recursive: true }));

async function read(content: string | Uint8Array, encoding: KeyEncoding = 'utf8') {
  writeFileSync(join(directory, 'keys'), content);
  const table = new KeyTable();
  const order: string[] = [];
  const file = { path: 'keys', encoding, workingDirectory: directory };
  const found = await readKeyFile(file, table, (key, place) => {
    order.push(`${place()} ${table.keyAt(key).toString('latin1')}`);
  });
  return { ...found, order };
}

const fails = (content: string | Uint8Array, message: RegExp, encoding?: KeyEncoding) =>
  assert.rejects(read(content, encoding), { name: 'CliError', exitCode: 2, message });

describe('a file of keys', () => {
  it('is a record per line, with LF or CR LF, with and without the last', async () => {
    for (const content of ['a\nb\na\n', 'a\r\nb\r\na\r\n', '\ufeffa\nb\na']) {
      const { order, records, table, emptyLines } = await read(content);
      assert.deepEqual(order, ['keys:1 a', 'keys:2 b', 'keys:3 a'], JSON.stringify(content));
      assert.deepEqual([records, table.count, table.recordsAt(0), emptyLines], [3, 2, 2, 0]);
    }
  });

  it('counts lines without a key apart, and keeps blanks and a lone CR as keys', async () => {
    const { order, emptyLines } = await read('a\n\n \n\r\nb\rc\n');
    assert.deepEqual(order, ['keys:1 a', 'keys:3  ', 'keys:5 b\rc']);
    assert.equal(emptyLines, 2);
  });

  it('reads lines whole across the pieces of a large file', async () => {
    const lines = Array.from({ length: 150_000 }, (_, index) => `schlüssel-${index % 70_001}`);
    const { records, table } = await read(`${lines.join('\n')}\n`);
    assert.deepEqual([records, table.count], [150_000, 70_001]);
    assert.deepEqual(table.keyAt(69_999).toString(), 'schlüssel-69999');
  });

  it('of bytes is written in hex or base64', async () => {
    assert.deepEqual((await read('0x00ff\n00FF\n', 'hex')).order, ['keys:1 \0ÿ', 'keys:2 \0ÿ']);
    assert.deepEqual((await read('AP8=\nAP8\n-_8=\n', 'base64')).table.count, 2);
    await fails('00\n0g\n', /^keys:2: got "0g", expected hex/, 'hex');
    await fails('AP8=\nA\n', /^keys:2: got "A", expected base64/, 'base64');
  });

  it('that is empty, not there, or no text says what to do', async () => {
    await fails('', /^--keys keys is empty: expected one key per line$/);
    await fails('\ufeff', /^--keys keys is empty: expected one key per line$/);
    await fails('\n', /^--keys keys has 1 empty line and no key/);
    await fails('\n\r\n', /^--keys keys has 2 empty lines and no key/);
    await fails(
      Buffer.from([0x61, 0x0a, 0x62, 0x0d, 0x0a, 0xff, 0x00, 0x0a]),
      /^keys:3: the key is not UTF-8 \(its bytes: 0xff00\): .*--key-encoding hex$/,
    );
    await fails(Buffer.alloc(MAX_KEY_BYTES + 1, 'x'), /^keys:1: a key of more than 1048576 bytes/);
    await fails(`a\n${'x'.repeat(2 * MAX_KEY_BYTES)}\n`, /^keys:2: a key of more than/);
    const missing = { path: 'nowhere', encoding: 'utf8', workingDirectory: directory } as const;
    await assert.rejects(
      readKeyFile(missing, new KeyTable(), () => {}),
      {
        message: '--keys nowhere cannot be read: there is no such file',
      },
    );
  });
});
