import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Ring } from '../../../core/base/ring.ts';

function contents<T>(ring: Ring<T>): T[] {
  return Array.from({ length: ring.length }, (_, index) => ring.at(index)!);
}

describe('ring', () => {
  it('behaves as an array does, whatever the order of pushes, pops, inserts and removals', () => {
    const step = fc.record({
      kind: fc.constantFrom('pushBack', 'pushFront', 'popFront', 'popBack', 'insertAt', 'remove'),
      item: fc.integer({ min: 0, max: 20 }),
      place: fc.nat(30),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const ring = new Ring<number>();
        const model: number[] = [];
        for (const { kind, item, place } of steps) {
          if (kind === 'pushBack') {
            ring.pushBack(item);
            model.push(item);
          } else if (kind === 'pushFront') {
            ring.pushFront(item);
            model.unshift(item);
          } else if (kind === 'popFront') {
            assert.equal(ring.popFront(), model.shift());
          } else if (kind === 'popBack') {
            assert.equal(ring.popBack(), model.pop());
          } else if (kind === 'insertAt') {
            const index = place % (model.length + 1);
            ring.insertAt(index, item);
            model.splice(index, 0, item);
          } else {
            const index = model.indexOf(item);
            assert.equal(ring.remove(item), index >= 0);
            if (index >= 0) model.splice(index, 1);
          }
          assert.deepEqual(contents(ring), model);
          assert.equal(ring.peekFront(), model[0]);
          assert.equal(ring.peekBack(), model.at(-1));
        }
      }),
    );
  });

  it('refuses what goes beyond its bound', () => {
    const ring = new Ring<number>(2);
    assert.ok(ring.pushBack(1));
    assert.ok(ring.pushFront(2));
    assert.equal(ring.pushBack(3), false);
    assert.equal(ring.pushFront(3), false);
    assert.deepEqual(contents(ring), [2, 1]);
  });
});
