import lz4 from 'lz4-napi';

/*
 * The frame written here (see lz4-frame.ts for its bytes): independent blocks, the only ones Kafka's Java client reads, and
 * no checksums, since the batch's CRC-32C covers the whole. The library's own frames take 1.4 to 1.6 times the CPU of its
 * blocks; Kafka itself writes blocks of 64 KiB, and a batch in one block of its own size compresses at least as well.
 */
const STORED_FLAG = 0x8000_0000;
/** What the library puts before a block: the size of the content. A frame has the size of the block there. */
const PREFIX_BYTES = 4;
const END_MARK = Buffer.alloc(4);

/** Block sizes of the format with their frame headers: magic, FLG 0x60, BD, and a byte of their xxHash-32. */
const FRAMES = [
  { blockMaxBytes: 64 * 1024, header: Buffer.from('04224d18604082', 'hex') },
  { blockMaxBytes: 256 * 1024, header: Buffer.from('04224d186050fb', 'hex') },
  { blockMaxBytes: 1024 * 1024, header: Buffer.from('04224d18606051', 'hex') },
  { blockMaxBytes: 4 * 1024 * 1024, header: Buffer.from('04224d18607073', 'hex') },
] as const;

/** Compresses into one lz4 frame, with the smallest blocks that hold all of it, or blocks of 4 MiB. */
export function compressLz4(content: Buffer): Buffer {
  const { blockMaxBytes, header } =
    FRAMES.find((frame) => content.length <= frame.blockMaxBytes) ?? FRAMES[FRAMES.length - 1]!;
  const parts: Buffer[] = [header];
  for (let start = 0; start < content.length; start += blockMaxBytes) {
    appendBlock(parts, content.subarray(start, start + blockMaxBytes));
  }
  parts.push(END_MARK);
  return Buffer.concat(parts);
}

function appendBlock(parts: Buffer[], content: Buffer): void {
  const block = lz4.compressSync(content);
  const sizeBytes = block.length - PREFIX_BYTES;
  if (sizeBytes < content.length) {
    block.writeUInt32LE(sizeBytes, 0);
    parts.push(block);
    return;
  }
  // What does not shrink is stored as it is.
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix.writeUInt32LE((STORED_FLAG | content.length) >>> 0, 0);
  parts.push(prefix, content);
}
