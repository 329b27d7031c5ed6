import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  VarintScanner,
  varintSizeBytes,
  varlongSizeBytes,
  writeVarint,
  writeVarlong,
} from '../../../core/record/varint.ts';

function scan(bytes: Uint8Array, limit: number = bytes.length): VarintScanner {
  const scanner = new VarintScanner();
  scanner.bytes = bytes;
  scanner.limit = limit;
  return scanner;
}

// From Kafka's ByteUtilsTest.
const KNOWN: readonly [number, string][] = [
  [0, '00'],
  [-1, '01'],
  [1, '02'],
  [63, '7e'],
  [-64, '7f'],
  [64, '8001'],
  [-65, '8101'],
  [8191, 'fe7f'],
  [-8192, 'ff7f'],
  [8192, '808001'],
  [1048575, 'feff7f'],
  [1048576, '80808001'],
  [134217727, 'feffff7f'],
  [134217728, '8080808001'],
  [2147483647, 'feffffff0f'],
  [-2147483648, 'ffffffff0f'],
];
const KNOWN_LONG: readonly [number, string][] = [
  [17179869183, 'feffffff7f'],
  [-17179869184, 'ffffffff7f'],
  [17179869184, '808080808001'],
  [2199023255551, 'feffffffff7f'],
  [-2199023255553, '81808080808001'],
  [281474976710655, 'feffffffffff7f'],
  [-281474976710657, '8180808080808001'],
];

test("32-bit varints have the bytes of Kafka's own tests", () => {
  for (const [value, hex] of KNOWN) {
    const buffer = Buffer.alloc(10);
    assert.equal(buffer.toString('hex', 0, writeVarint(buffer, value, 0)), hex);
    assert.equal(varintSizeBytes(value), hex.length / 2);
    assert.equal(scan(Buffer.from(hex, 'hex')).int32(), value);
    assert.equal(scan(Buffer.from(hex, 'hex')).int64(), value);
  }
});

test("64-bit varlongs have the bytes of Kafka's own tests", () => {
  for (const [value, hex] of [...KNOWN, ...KNOWN_LONG]) {
    const buffer = Buffer.alloc(10);
    assert.equal(buffer.toString('hex', 0, writeVarlong(buffer, value, 0)), hex);
    assert.equal(varlongSizeBytes(value), hex.length / 2, String(value));
    assert.equal(scan(Buffer.from(hex, 'hex')).int64(), value);
  }
});

test('any safe integer survives, with the size said beforehand', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      const buffer = Buffer.alloc(12);
      const end = writeVarlong(buffer, value, 1);
      assert.equal(end - 1, varlongSizeBytes(value));
      const scanner = scan(buffer, end);
      scanner.position = 1;
      assert.equal(scanner.int64(), value);
      assert.equal(scanner.position, end);
    }),
  );
});

test('a varlong of ten bytes is read with 64 bits', () => {
  assert.equal(scan(Buffer.from('ffffffffffffffffff01', 'hex')).int64(), Number(-(2n ** 63n)));
});

test('a varint never reads past the limit', () => {
  for (const hex of ['', '80', '8080', '80808080']) {
    const bytes = Buffer.from(`${hex}010101`, 'hex');
    assert.throws(() => scan(bytes, hex.length / 2).int32(), { kind: 'INVALID_RECORD' });
    assert.throws(() => scan(bytes, hex.length / 2).int64(), { kind: 'INVALID_RECORD' });
  }
});

test('a varint that does not end is an error', () => {
  assert.throws(() => scan(Buffer.alloc(20, 0x80)).int32(), { kind: 'INVALID_RECORD' });
  assert.throws(() => scan(Buffer.alloc(20, 0x80)).int64(), { kind: 'INVALID_RECORD' });
});
