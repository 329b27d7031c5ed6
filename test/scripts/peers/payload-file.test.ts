import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { SeededRandom } from '../../../core/base/random.ts';
import { makePayloads } from '../../../scripts/peers/payload-file.ts';

for (const size of [100, 1024]) {
  test(`payloads of ${size} B: each of that size, one line of JSON, all different, the same for one seed`, () => {
    const lines = makePayloads(size, new SeededRandom(1));
    assert.ok(lines.length * size >= 4_000_000);
    for (const line of lines) assert.equal(Buffer.byteLength(line), size);
    assert.equal(new Set(lines).size, lines.length);
    assert.ok(JSON.parse(lines[7]!).id > 0 && !lines[7]!.includes('\n'));
    assert.deepEqual(makePayloads(size, new SeededRandom(1)).slice(0, 9), lines.slice(0, 9));
  });

  test(`payloads of ${size} B compress neither to nothing nor not at all`, () => {
    const text = makePayloads(size, new SeededRandom(1)).slice(0, 2000).join('\n');
    const ratio = zlib.zstdCompressSync(text).length / text.length;
    assert.ok(ratio > 0.3 && ratio < 0.7, String(ratio));
  });
}

test('a record too small for what each holds is refused', () => {
  assert.throws(() => makePayloads(20, new SeededRandom(1)), /at least \d+ B, got 20/);
});
