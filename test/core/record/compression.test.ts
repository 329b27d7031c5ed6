import assert from 'node:assert/strict';
import { test } from 'node:test';
import zlib from 'node:zlib';
import fc from 'fast-check';
import lz4 from 'lz4-napi';
import snappy from 'snappy';
import { SeededRandom } from '../../../core/base/random.ts';
import { compress, compressionById, compressionId, decompress } from '../../../core/record/compression.ts';
import { COMPRESSION_TYPES, type CompressionType } from '../../../core/record/types.ts';
import { LZ4_INDEPENDENT, LZ4_LINKED, LZ4_TEXT } from './lz4-fixtures.ts';

const CODECS = COMPRESSION_TYPES.filter((type) => type !== 'none');

test('codec ids are those of the batch attributes', () => {
  assert.deepEqual(COMPRESSION_TYPES.map(compressionId), [0, 1, 2, 3, 4]);
  assert.deepEqual([0, 1, 2, 3, 4, 5, 7].map(compressionById), [...COMPRESSION_TYPES, null, null]);
});

test('what was compressed comes back equal', () => {
  const input = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.integer({ min: 0, max: 100_000 }).map((length) => Buffer.alloc(length, 'tidemark')),
  );
  fc.assert(
    fc.property(input, fc.constantFrom(...COMPRESSION_TYPES), (bytes, type) => {
      assert.ok(
        Buffer.from(bytes).equals(decompress(type, compress(type, null, bytes), Math.max(1, bytes.length))),
      );
    }),
    { numRuns: 100 },
  );
});

test('levels of gzip and zstd change the size', () => {
  const text = Buffer.from(
    Array.from({ length: 4000 }, (_, index) => `${index * 7919} ${index % 13}`).join(','),
  );
  assert.ok(compress('gzip', 9, text).length < compress('gzip', 1, text).length);
  assert.ok(compress('zstd', 19, text).length < compress('zstd', -5, text).length);
});

test("snappy is written in xerial's framing with blocks of 32 KiB, as Java does", () => {
  const framed = Buffer.from(compress('snappy', null, Buffer.alloc(70_000, 'abc')));
  assert.equal(framed.subarray(0, 16).toString('hex'), '82534e4150505900' + '00000001' + '00000001');
  const sizes: number[] = [];
  for (let at = 16; at < framed.length; ) {
    const length = framed.readInt32BE(at);
    sizes.push((snappy.uncompressSync(framed.subarray(at + 4, at + 4 + length)) as Buffer).length);
    at += 4 + length;
  }
  assert.deepEqual(sizes, [32_768, 32_768, 4464]);
});

test('raw snappy is read as well', () => {
  const text = Buffer.alloc(5000, 'raw');
  assert.ok(text.equals(decompress('snappy', snappy.compressSync(text), 5000)));
});

test('lz4 frames of another tool are read: linked and independent blocks, with every checksum', () => {
  for (const frame of [LZ4_LINKED, LZ4_INDEPENDENT]) {
    assert.ok(LZ4_TEXT.equals(decompress('lz4', frame, LZ4_TEXT.length)));
  }
});

test('an lz4 frame whose content checksum is wrong, or that is not exactly one, is corrupt', () => {
  const wrong = Buffer.from(LZ4_LINKED);
  wrong[wrong.length - 1]! ^= 1;
  assert.throws(() => decompress('lz4', wrong), { kind: 'CORRUPT_MESSAGE' });
  for (const frame of [LZ4_LINKED, LZ4_INDEPENDENT]) {
    for (let length = 0; length < frame.length; length++) {
      assert.throws(() => decompress('lz4', frame.subarray(0, length)), { kind: 'CORRUPT_MESSAGE' });
    }
    assert.throws(() => decompress('lz4', Buffer.concat([frame, frame])), { kind: 'CORRUPT_MESSAGE' });
  }
});

test('one byte more than allowed is refused, in every codec', () => {
  const bomb = Buffer.alloc(300_000);
  for (const type of CODECS) {
    const packed = compress(type, null, bomb);
    assert.equal(decompress(type, packed, bomb.length).length, bomb.length, type);
    assert.throws(() => decompress(type, packed, bomb.length - 1), { kind: 'MESSAGE_TOO_LARGE' }, type);
  }
  assert.throws(() => decompress('snappy', snappy.compressSync(bomb), 299_999), {
    kind: 'MESSAGE_TOO_LARGE',
  });
});

test('a snappy block that announces gigabytes is refused before the memory is taken', () => {
  const liar = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00]);
  assert.throws(() => decompress('snappy', liar, 1 << 20), { kind: 'MESSAGE_TOO_LARGE' });
});

test('whatever bytes come, the answer is bytes or a typed error', () => {
  const valid = new Map<CompressionType, Buffer>();
  for (const type of CODECS)
    valid.set(type, Buffer.from(compress(type, null, Buffer.alloc(3000, 'json {"a":1}'))));
  const anything = fc.oneof(
    fc.record({ type: fc.constantFrom(...CODECS), bytes: fc.uint8Array({ maxLength: 200 }) }),
    fc
      .record({
        type: fc.constantFrom(...CODECS),
        at: fc.nat(),
        byte: fc.integer({ min: 0, max: 255 }),
        cut: fc.nat(60),
      })
      .map(({ type, at, byte, cut }) => {
        const bytes = Buffer.from(valid.get(type)!);
        bytes[at % bytes.length] = byte;
        return { type, bytes: bytes.subarray(0, bytes.length - (cut % 7)) };
      }),
  );
  fc.assert(
    fc.property(anything, ({ type, bytes }) => {
      try {
        assert.ok(decompress(type, bytes, 100_000).length <= 100_000);
      } catch (error) {
        assert.match((error as { kind: string }).kind, /^(CORRUPT_MESSAGE|MESSAGE_TOO_LARGE)$/);
      }
    }),
    { numRuns: 1000 },
  );
});

test('the libraries read what is written here', () => {
  const text = Buffer.alloc(40_000, 'some text ');
  assert.ok(text.equals(zlib.gunzipSync(compress('gzip', 6, text))));
  assert.ok(text.equals(zlib.zstdDecompressSync(compress('zstd', 3, text))));
  assert.ok(text.equals(lz4.decompressFrameSync(Buffer.from(compress('lz4', 9, text)))));
});

test('lz4 frames of any size are read by another decoder: one block, several, and what does not shrink', () => {
  const random = new SeededRandom(5);
  for (const size of [1, 100, 65_536, 65_537, 262_145, 1_048_577, 4_194_305, 9_000_000]) {
    const text = Buffer.alloc(size, 'all work and no play makes a dull batch ');
    const noise = Buffer.from(Array.from({ length: Math.min(size, 300_000) }, () => random.nextBelow(256)));
    for (const content of [text, noise]) {
      const frame = compress('lz4', null, content);
      assert.ok(lz4.decompressFrameSync(Buffer.from(frame)).equals(content), `${size} bytes`);
      assert.ok(Buffer.from(decompress('lz4', frame, content.length)).equals(content));
      assert.ok(frame.length <= content.length + 7 + 4 + 4 * Math.ceil(content.length / 65_536));
    }
    if (size > 10_000) assert.ok(compress('lz4', null, text).length < size / 50);
  }
});
