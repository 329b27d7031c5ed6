import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TidemarkError } from '../../../core/base/errors.ts';
import { FrameReader } from '../../../core/wire/frame-reader.ts';

const MAX_FRAME_BYTES = 1 << 21;

function framed(payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(4 + payload.length);
  frame.writeInt32BE(payload.length, 0);
  frame.set(payload, 4);
  return frame;
}

/** Hands over a copy and wipes it afterwards: chunks are valid only during the call. */
function pushOnce(reader: FrameReader, bytes: Buffer, onFrame: (frame: Buffer) => void): void {
  const chunk = Buffer.from(bytes);
  reader.push(chunk, onFrame);
  chunk.fill(0xee);
}

function pushInPieces(
  reader: FrameReader,
  stream: Buffer,
  pieces: number[],
  onFrame: (frame: Buffer) => void,
) {
  let offset = 0;
  for (let index = 0; offset < stream.length; index++) {
    const size = pieces[index % pieces.length]!;
    pushOnce(reader, stream.subarray(offset, offset + size), onFrame);
    offset += size;
  }
}

const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
const pieces = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });

test('frames come out whole and in order however the stream is cut', () => {
  fc.assert(
    fc.property(payloads, pieces, (sent, sizes) => {
      const reader = new FrameReader(MAX_FRAME_BYTES);
      const received: Buffer[] = [];
      pushInPieces(reader, Buffer.concat(sent.map(framed)), sizes, (frame) =>
        received.push(Buffer.from(frame)),
      );
      assert.deepEqual(
        received,
        sent.map((payload) => Buffer.from(payload)),
      );
      assert.equal(reader.pendingBytes, 0);
    }),
    { numRuns: 300, seed: 3 },
  );
});

test('a taken frame stays as it was while later ones arrive', () => {
  fc.assert(
    fc.property(payloads, pieces, (sent, sizes) => {
      const reader = new FrameReader(MAX_FRAME_BYTES);
      const taken: Buffer[] = [];
      pushInPieces(reader, Buffer.concat(sent.map(framed)), sizes, () => taken.push(reader.takeFrame()));
      assert.deepEqual(
        taken,
        sent.map((payload) => Buffer.from(payload)),
      );
    }),
    { numRuns: 300, seed: 5 },
  );
  assert.throws(() => new FrameReader(10).takeFrame(), /outside onFrame/);
});

test('a 1 MiB frame in one-byte chunks is copied less than twice, not quadratically', () => {
  const payload = Buffer.alloc(1 << 20, 7);
  const reader = new FrameReader(MAX_FRAME_BYTES);
  const stream = framed(payload);
  let frames = 0;
  for (let index = 0; index < stream.length; index++) {
    reader.push(stream.subarray(index, index + 1), (frame) => {
      frames++;
      assert.ok(frame.equals(payload));
    });
  }
  assert.equal(frames, 1);
  assert.ok(reader.copiedBytes < 2 * stream.length, `${reader.copiedBytes} bytes copied`);
});

test('frames that lie in one chunk are not copied', () => {
  const reader = new FrameReader(MAX_FRAME_BYTES);
  const chunk = Buffer.concat([framed(Buffer.alloc(1000)), framed(Buffer.alloc(0)), framed(Buffer.alloc(5))]);
  const lengths: number[] = [];
  reader.push(chunk, (frame) => lengths.push(frame.length));
  assert.deepEqual(lengths, [1000, 0, 5]);
  assert.equal(reader.copiedBytes, 0);
});

test('memory follows what has arrived, not what was announced', () => {
  const reader = new FrameReader(0x7fffffff);
  const start = Buffer.alloc(1004);
  start.writeInt32BE(0x7ffffff0, 0);
  reader.push(start, () => assert.fail('no frame yet'));
  assert.ok(reader.capacityBytes <= 4 * 1004 + 4096, `${reader.capacityBytes} bytes held`);
  assert.equal(reader.pendingBytes, 1004);
});

test('the buffer of a very large frame is given back', () => {
  const reader = new FrameReader(1 << 24);
  const stream = framed(Buffer.alloc(6 << 20));
  reader.push(stream.subarray(0, 100), () => assert.fail('no frame yet'));
  reader.push(stream.subarray(100), () => {});
  assert.equal(reader.capacityBytes, 0);
});

test('a negative or too large length is a protocol error, wherever the length is cut', () => {
  for (const length of [-1, -0x8000_0000, MAX_FRAME_BYTES + 1]) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(length, 0);
    for (const cut of [0, 1, 3]) {
      const reader = new FrameReader(MAX_FRAME_BYTES);
      reader.push(bytes.subarray(0, cut), () => {});
      assert.throws(
        () => reader.push(bytes.subarray(cut), () => assert.fail('no frame')),
        (error) =>
          error instanceof TidemarkError && error.kind === 'PROTOCOL' && error.message.includes(`${length}`),
      );
    }
  }
});
