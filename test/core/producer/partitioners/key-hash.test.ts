import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { murmur2OfText, partitionForKey } from '../../../../core/producer/partitioners/key-hash.ts';
import { murmur2 } from '../../../../core/record/murmur2.ts';

describe('hash of keys', () => {
  it("gives Kafka's values", () => {
    assert.equal(murmur2OfText('21'), -973932308);
    assert.equal(murmur2OfText('foobar'), -790332482);
    assert.equal(murmur2OfText('abc'), 479470107);
    assert.equal(murmur2OfText('a-little-bit-long-string'), -985981536);
  });

  it('hashes a text as its UTF-8 bytes', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
    fc.assert(fc.property(text, (key) => assert.equal(murmur2OfText(key), murmur2(Buffer.from(key)))));
  });

  it('maps a key over all partitions, dropping the sign of the hash', () => {
    assert.equal(partitionForKey('foobar', 12), (-790332482 & 0x7fffffff) % 12);
    assert.equal(partitionForKey(Buffer.from('foobar'), 12), partitionForKey('foobar', 12));
  });
});
