import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, toPositive } from '../../../core/record/murmur2.ts';

const VECTORS: readonly [string, number][] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['abc', 479470107],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
];

test("murmur2 agrees with Kafka's own vectors", () => {
  for (const [text, expected] of VECTORS) assert.equal(murmur2(Buffer.from(text)), expected, text);
});

test('murmur2 of a range equals murmur2 of its copy', () => {
  for (const [text, expected] of VECTORS) {
    const around = Buffer.from(`<<<${text}>`);
    assert.equal(murmur2(around, 3, around.length - 1), expected, text);
  }
});

test('toPositive drops the sign bit and does not negate', () => {
  assert.equal(toPositive(-1), 0x7fff_ffff);
  assert.equal(toPositive(-973932308), 1173551340);
  assert.equal(toPositive(-0x8000_0000), 0);
  assert.equal(toPositive(5), 5);
});
