import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { crc32 } from '../../../core/record/crc32.ts';
import { fnv1a } from '../../../core/record/fnv1a.ts';
import { absolutePartition, maskedPartition, unsignedPartition } from '../../../core/record/key-placement.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('hashes of keys', () => {
  // Landon Curt Noll's test vectors of FNV-1a (fnv32a).
  it('FNV-1a gives its published vectors', () => {
    const vectors = { '': 0x811c9dc5, a: 0xe40c292c, b: 0xe70c2de5, foobar: 0xbf9cf968 };
    for (const [text, hash] of Object.entries(vectors)) assert.equal(fnv1a(bytes(text)) >>> 0, hash, text);
    assert.equal(fnv1a(bytes('xfoobary'), 1, 7) >>> 0, 0xbf9cf968);
  });

  // The check value of CRC-32/ISO-HDLC.
  it('CRC-32 gives its check value', () => {
    assert.equal(crc32(bytes('123456789')), 0xcbf43926);
    assert.equal(crc32(bytes('x123456789y'), 1, 10), 0xcbf43926);
    assert.equal(crc32(bytes('')), 0);
  });
});

describe('from hash to partition', () => {
  it('treats the sign as each client does', () => {
    assert.equal(maskedPartition(-1, 12), 0x7fffffff % 12);
    assert.equal(unsignedPartition(-1, 12), 0xffffffff % 12);
    assert.equal(absolutePartition(-13, 12), 1);
    assert.equal(absolutePartition(-0x80000000, 12), 0x80000000 % 12);
    assert.ok(Object.is(absolutePartition(-12, 12), 0), 'no -0');
  });

  it('stays in range whatever the hash', () => {
    const hash = fc.integer({ min: -0x80000000, max: 0xffffffff });
    fc.assert(
      fc.property(hash, fc.integer({ min: 1, max: 1_000_000 }), (given, partitions) => {
        for (const place of [maskedPartition, unsignedPartition, absolutePartition]) {
          const partition = place(given, partitions);
          assert.ok(Number.isInteger(partition) && partition >= 0 && partition < partitions);
          assert.equal(place(given | 0, partitions), partition);
        }
      }),
    );
  });

  it('masked and unsigned agree on powers of two alone', () => {
    const differ = (partitions: number) =>
      maskedPartition(-5, partitions) !== unsignedPartition(-5, partitions);
    assert.deepEqual([1, 2, 16, 1024].filter(differ), []);
    assert.deepEqual([3, 12, 24].filter(differ), [3, 12, 24]);
  });
});
