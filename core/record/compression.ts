import zlib from 'node:zlib';
import lz4 from 'lz4-napi';
import { TidemarkError } from '../base/errors.ts';
import { compressLz4 } from './lz4-compress.ts';
import { boundLz4Frame } from './lz4-frame.ts';
import { compressXerial, decompressSnappy } from './snappy-framing.ts';
import { COMPRESSION_TYPES, type CompressionType } from './types.ts';

/*
 * Everything is synchronous: for batches of some 16 KiB a trip to the thread pool costs more CPU than it frees
 * and gains no time.
 */

/** Levels that Kafka accepts (compression.gzip.level, ...), and its defaults. */
export const COMPRESSION_LEVELS: Readonly<
  Record<'gzip' | 'lz4' | 'zstd', { min: number; max: number; default: number }>
> = {
  gzip: { min: 1, max: 9, default: -1 },
  // lz4-napi has one level, its fast one: the level is accepted and without effect.
  lz4: { min: 1, max: 17, default: 9 },
  zstd: { min: -131072, max: 22, default: 3 },
};

/** What a decompressed batch may take unless the caller says otherwise. */
export const DEFAULT_MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024;

/** The codec's id in a batch's attributes, bits 0 to 2. */
export function compressionId(type: CompressionType): number {
  return COMPRESSION_TYPES.indexOf(type);
}

/** The codec of an id; null for the ids 5 to 7, which mean nothing. */
export function compressionById(id: number): CompressionType | null {
  return COMPRESSION_TYPES[id] ?? null;
}

/**
 * Compresses the records section of a batch. `level` null takes the codec's default; snappy has no levels and
 * lz4 none that can be set here.
 */
export function compress(type: CompressionType, level: number | null, records: Uint8Array): Uint8Array {
  switch (type) {
    case 'none':
      return records;
    case 'gzip':
      return zlib.gzipSync(records, level === null ? undefined : { level });
    case 'snappy':
      return compressXerial(records);
    case 'lz4':
      return compressLz4(asBuffer(records));
    case 'zstd':
      return zlib.zstdCompressSync(records, level === null ? undefined : zstdOptions(level));
  }
}

/**
 * Undoes `compress`, and reads raw snappy as well. Throws TidemarkError CORRUPT_MESSAGE for what the codec
 * cannot read and MESSAGE_TOO_LARGE for what would become more than `maxBytes`, before the memory is taken. `maxBytes` is at least 1.
 */
export function decompress(
  type: CompressionType,
  bytes: Uint8Array,
  maxBytes: number = DEFAULT_MAX_DECOMPRESSED_BYTES,
): Uint8Array {
  try {
    switch (type) {
      case 'none':
        return bytes;
      case 'gzip':
        return zlib.gunzipSync(bytes, { maxOutputLength: maxBytes });
      case 'snappy':
        return decompressSnappy(asBuffer(bytes), maxBytes);
      case 'lz4':
        boundLz4Frame(asBuffer(bytes), maxBytes);
        return lz4.decompressFrameSync(asBuffer(bytes));
      case 'zstd':
        return zlib.zstdDecompressSync(bytes, { maxOutputLength: maxBytes });
    }
  } catch (error) {
    throw decompressionError(type, bytes.length, maxBytes, error);
  }
}

function decompressionError(
  type: CompressionType,
  sizeBytes: number,
  maxBytes: number,
  cause: unknown,
): TidemarkError {
  if (cause instanceof TidemarkError) return cause;
  if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(type, maxBytes);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TidemarkError(
    'CORRUPT_MESSAGE',
    `${sizeBytes} bytes of records are not valid ${type}: ${reason}`,
    { cause },
  );
}

/** What a batch that would decompress to more than `maxBytes` is refused with. */
export function tooLarge(type: CompressionType, maxBytes: number): TidemarkError {
  return new TidemarkError('MESSAGE_TOO_LARGE', `${type} records decompress to more than ${maxBytes} bytes`);
}

/** Options per level are made once. */
const ZSTD_OPTIONS = new Map<number, zlib.ZstdOptions>();

function zstdOptions(level: number): zlib.ZstdOptions {
  let options = ZSTD_OPTIONS.get(level);
  if (options === undefined) {
    options = { params: { [zlib.constants.ZSTD_c_compressionLevel]: level } };
    ZSTD_OPTIONS.set(level, options);
  }
  return options;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
