import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { RequestQueue } from '../../../core/broker/request-queue.ts';

const FRAME_BYTES = 64 * 1024;
const ROUNDS = 2_000;

describe('request queue', () => {
  it('keeps nothing of what has left, though it never runs empty', () => {
    const queue = new RequestQueue();
    queue.push(frame(0));
    const before = liveBufferBytes();
    for (let round = 1; round <= ROUNDS; round++) {
      queue.push(frame(round));
      assert.equal(queue.shift().readInt32BE(0), round - 1);
    }
    assert.ok(queue.heldBytes < 2 * FRAME_BYTES);
    const grownBytes = liveBufferBytes() - before;
    assert.ok(grownBytes < (ROUNDS / 2) * FRAME_BYTES, `${grownBytes} bytes are kept alive`);
  });
});

function frame(id: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(FRAME_BYTES);
  bytes.writeInt32BE(id);
  return bytes;
}

function liveBufferBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}
