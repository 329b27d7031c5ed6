import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BufferPool } from '../../../core/base/buffer-pool.ts';

describe('buffer pool', () => {
  it('recycles buffers of the pooled size and its doubles, and no others', () => {
    const pool = new BufferPool(1000, 100);
    for (const [size, isRecycled] of [
      [100, true],
      [400, true],
      [150, false],
    ] as const) {
      const first = pool.tryAllocate(size)!;
      assert.equal(first.length, size);
      pool.release(first);
      assert.equal(pool.tryAllocate(size) === first, isRecycled, `size ${size}`);
      pool.release(first);
    }
  });

  it('gives recycled buffers up when another size needs the memory', () => {
    const pool = new BufferPool(300, 100);
    const buffers = [1, 2, 3].map(() => pool.tryAllocate(100)!);
    for (const buffer of buffers) pool.release(buffer);
    const odd = pool.tryAllocate(250)!;
    assert.equal(pool.availableBytes, 50);
    assert.equal(pool.tryAllocate(100), null);
    pool.release(odd);
    assert.equal(pool.availableBytes, 300);
  });

  it('serves those who wait in order, and nobody past them', () => {
    const pool = new BufferPool(300, 100);
    const held = [1, 2, 3].map(() => pool.tryAllocate(100)!);
    const served: string[] = [];
    const take = (name: string, size: number) => () => {
      served.push(name);
      assert.equal(pool.tryAllocate(size)!.length, size);
    };
    pool.whenAvailable(250, take('large', 250));
    pool.whenAvailable(50, take('small', 50));
    pool.release(held[0]!);
    assert.deepEqual(served, []);
    assert.equal(pool.tryAllocate(50), null);
    pool.release(held[1]!);
    pool.release(held[2]!);
    assert.deepEqual(served, ['large', 'small']);
    assert.equal(pool.waiting, 0);
  });

  it('serves the next when the first no longer waits', () => {
    const pool = new BufferPool(100, 100);
    const held = pool.tryAllocate(60)!;
    const served: string[] = [];
    const first = pool.whenAvailable(100, () => served.push('first'));
    pool.whenAvailable(40, () => served.push('second'));
    pool.cancel(first);
    assert.deepEqual(served, ['second']);
    pool.release(held);
  });

  it('keeps one who waits again behind those who were there before', () => {
    const pool = new BufferPool(100, 100);
    const held = pool.tryAllocate(100)!;
    const served: string[] = [];
    pool.whenAvailable(100, () => {
      served.push('again');
      pool.whenAvailable(100, () => served.push('again'));
    });
    pool.whenAvailable(100, () => served.push('other'));
    pool.release(held);
    assert.deepEqual(served, ['again', 'other']);
  });

  it('never hands out more than its budget and gets all of it back', () => {
    const step = fc.record({
      size: fc.constantFrom(64, 128, 100, 7, 4096),
      release: fc.boolean(),
      which: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const pool = new BufferPool(1000, 64);
        const held: Buffer[] = [];
        for (const { size, release, which } of steps) {
          if (release && held.length > 0) pool.release(held.splice(which % held.length, 1)[0]!);
          else {
            const buffer = pool.tryAllocate(size);
            if (buffer !== null) held.push(buffer);
          }
          const inUse = held.reduce((sum, buffer) => sum + buffer.length, 0);
          assert.ok(inUse <= 1000);
          assert.equal(pool.availableBytes, 1000 - inUse);
          assert.equal(new Set(held.map((buffer) => buffer.buffer)).size, held.length);
        }
        for (const buffer of held) pool.release(buffer);
        assert.equal(pool.availableBytes, 1000);
      }),
    );
  });
});
