import { TidemarkError } from '../base/errors.ts';

/*
 * The LZ4 frame, little-endian:
 *
 *   04 22 4D 18 | FLG | BD | [content size u64] | [dictionary id u32] | header checksum u8
 *   [ block size u32, top bit: stored as it is | block | [block checksum u32] ]*
 *   00 00 00 00 | [content checksum u32]
 *
 * The library decodes it whole and takes no bound, so its size is found out beforehand.
 */
const MAGIC = 0x184d2204;
const STORED_FLAG = 0x8000_0000;
/** No byte of a block can stand for more than 255 bytes of content. */
const MAX_EXPANSION = 255;

/**
 * Makes sure that a frame is whole and becomes at most `maxBytes`. A bound from the block sizes is enough for
 * honest frames; only beyond it are the blocks walked token by token.
 * Throws TidemarkError CORRUPT_MESSAGE or MESSAGE_TOO_LARGE.
 */
export function boundLz4Frame(frame: Buffer, maxBytes: number): void {
  if (frameSizeBytes(frame, false) > maxBytes && frameSizeBytes(frame, true) > maxBytes) {
    throw new TidemarkError('MESSAGE_TOO_LARGE', `lz4 records decompress to more than ${maxBytes} bytes`);
  }
}

function frameSizeBytes(frame: Buffer, exact: boolean): number {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw corrupt('no lz4 frame header');
  const flags = frame[4]!;
  const blockMaxBytes = 1 << (8 + 2 * ((frame[5]! >> 4) & 0x07));
  const blockChecksumBytes = (flags & 0x10) !== 0 ? 4 : 0;
  let position = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let sizeBytes = 0;
  for (;;) {
    if (position + 4 > frame.length) throw corrupt('the frame is cut off');
    const word = frame.readUInt32LE(position);
    position += 4;
    if (word === 0) break;
    const stored = word >= STORED_FLAG;
    const length = stored ? word - STORED_FLAG : word;
    if (position + length > frame.length) throw corrupt('a block is cut off');
    if (stored) sizeBytes += length;
    else if (exact) sizeBytes += blockSizeBytes(frame, position, position + length);
    else sizeBytes += Math.min(blockMaxBytes, length * MAX_EXPANSION);
    position += length + blockChecksumBytes;
  }
  position += (flags & 0x04) !== 0 ? 4 : 0;
  if (position !== frame.length) throw corrupt('bytes are missing or left over after the last block');
  return sizeBytes;
}

/** Adds up the literals and matches of one block without copying any. */
function blockSizeBytes(bytes: Buffer, start: number, end: number): number {
  let position = start;
  let sizeBytes = 0;
  while (position < end) {
    const token = bytes[position++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more: number;
      do {
        if (position >= end) throw corrupt('a literal run is cut off');
        more = bytes[position++]!;
        literals += more;
      } while (more === 255);
    }
    sizeBytes += literals;
    position += literals;
    if (position >= end) break;
    position += 2;
    let match = (token & 0x0f) + 4;
    if (match === 19) {
      let more: number;
      do {
        if (position >= end) throw corrupt('a match is cut off');
        more = bytes[position++]!;
        match += more;
      } while (more === 255);
    }
    sizeBytes += match;
  }
  return sizeBytes;
}

function corrupt(reason: string): TidemarkError {
  return new TidemarkError('CORRUPT_MESSAGE', `malformed lz4 records: ${reason}`);
}
