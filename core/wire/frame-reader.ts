import { TidemarkError } from '../base/errors.ts';

const LENGTH_BYTES = 4;
const FIRST_CAPACITY_BYTES = 4096;
/** The buffer holds at most this many times what has arrived: few regrowths, and a hostile length gains little. */
const GROWTH = 4;
/** An assembly buffer above this is given back once its frame is done, lest one big frame be kept for ever. */
const KEPT_CAPACITY_BYTES = 4 * 1024 * 1024;

/**
 * Cuts a stream of chunks into frames: 4 bytes of length, then as many bytes. A frame that lies in one chunk is
 * handed on as a view of it. One that is spread over several is put together in a buffer that grows fourfold as bytes
 * arrive, up to the announced length, so each byte is copied at most about 1.4 times however small the chunks, and
 * memory follows what has arrived rather than what was announced.
 */
export class FrameReader {
  /** Bytes copied so far, on arrival and when the buffer grew: for tests and statistics. */
  copiedBytes = 0;
  private readonly maxFrameBytes: number;
  /** The length prefix and what has arrived of its frame. */
  private pending: Buffer = Buffer.alloc(0);
  private filledBytes = 0;
  /** The frame being handed on, until taken or done with. */
  private current: Buffer | null = null;
  private currentIsPending = false;

  /** Frames longer than `maxFrameBytes` (without the length prefix) are refused. */
  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Bytes of an unfinished frame held back. */
  get pendingBytes(): number {
    return this.filledBytes;
  }

  /** Memory held for unfinished frames. */
  get capacityBytes(): number {
    return this.pending.length;
  }

  /**
   * Calls back for each frame that the chunk completes, in order. The frame is valid only during the call,
   * unless takeFrame() is called in it. Throws PROTOCOL when a length is negative or too large: the stream
   * is lost then, and the connection should be closed. push must not be called from within onFrame.
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let offset = 0;
    if (this.filledBytes > 0) {
      offset = this.continuePending(chunk, onFrame);
      if (offset < 0) return;
    }
    while (chunk.length - offset >= LENGTH_BYTES) {
      const frameBytes = LENGTH_BYTES + this.checkedLength(chunk, offset);
      const end = offset + frameBytes;
      if (end > chunk.length) {
        this.keep(chunk, offset, chunk.length, frameBytes);
        return;
      }
      this.hand(chunk.subarray(offset + LENGTH_BYTES, end), false, onFrame);
      offset = end;
    }
    if (offset < chunk.length) this.keep(chunk, offset, chunk.length, FIRST_CAPACITY_BYTES);
  }

  /**
   * Inside onFrame: the frame as memory that stays the caller's. A frame put together from several chunks is
   * handed over without copying; a view of a chunk is copied.
   */
  takeFrame(): Buffer {
    const frame = this.current;
    if (frame === null) throw new Error('takeFrame() outside onFrame');
    if (this.currentIsPending) {
      this.pending = Buffer.alloc(0);
      this.currentIsPending = false;
      return frame;
    }
    this.copiedBytes += frame.length;
    return Buffer.from(frame);
  }

  /** Adds to the unfinished frame; the offset after it, or -1 when the whole chunk went into it. */
  private continuePending(chunk: Buffer, onFrame: (frame: Buffer) => void): number {
    let offset = 0;
    if (this.filledBytes < LENGTH_BYTES) {
      offset = Math.min(LENGTH_BYTES - this.filledBytes, chunk.length);
      this.keep(chunk, 0, offset, FIRST_CAPACITY_BYTES);
      if (this.filledBytes < LENGTH_BYTES) return -1;
    }
    const frameEnd = LENGTH_BYTES + this.checkedLength(this.pending, 0);
    const until = Math.min(chunk.length, offset + frameEnd - this.filledBytes);
    this.keep(chunk, offset, until, frameEnd);
    if (this.filledBytes < frameEnd) return -1;
    this.filledBytes = 0;
    this.hand(this.pending.subarray(LENGTH_BYTES, frameEnd), true, onFrame);
    if (this.pending.length > KEPT_CAPACITY_BYTES) this.pending = Buffer.alloc(0);
    return until;
  }

  private hand(frame: Buffer, isPending: boolean, onFrame: (frame: Buffer) => void): void {
    this.current = frame;
    this.currentIsPending = isPending;
    try {
      onFrame(frame);
    } finally {
      this.current = null;
    }
  }

  /** `limitBytes`: what the unfinished frame will need in all. */
  private keep(chunk: Buffer, from: number, to: number, limitBytes: number): void {
    const needed = this.filledBytes + to - from;
    if (needed > this.pending.length) this.grow(needed, limitBytes);
    chunk.copy(this.pending, this.filledBytes, from, to);
    this.copiedBytes += to - from;
    this.filledBytes = needed;
  }

  private grow(needed: number, limitBytes: number): void {
    const wanted = Math.max(GROWTH * needed, FIRST_CAPACITY_BYTES);
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(wanted, limitBytes)));
    this.pending.copy(grown, 0, 0, this.filledBytes);
    this.copiedBytes += this.filledBytes;
    this.pending = grown;
  }

  private checkedLength(buffer: Buffer, offset: number): number {
    const length = buffer.readInt32BE(offset);
    if (length < 0 || length > this.maxFrameBytes) {
      throw new TidemarkError(
        'PROTOCOL',
        `a frame announces ${length} bytes; 0 to ${this.maxFrameBytes} are accepted`,
      );
    }
    return length;
  }
}
