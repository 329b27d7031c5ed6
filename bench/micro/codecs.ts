import { compress, decompress } from '../../core/record/compression.ts';
import { crc32c } from '../../core/record/crc32c.ts';
import { COMPRESSION_TYPES, type CompressionType } from '../../core/record/types.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { sampleJson } from './sample-data.ts';

const SIZE_BYTES = 16_384;

/** Each codec at its default level on a batch's worth of JSON; MB/s count uncompressed bytes both ways. */
export function codecBenchmarks(): MicroBenchmark[] {
  const shape = { unit: 'ns/op', opsPerRun: 1, bytesPerOp: SIZE_BYTES, budgetNs: null } as const;
  return COMPRESSION_TYPES.filter((type) => type !== 'none').flatMap((type) => [
    { ...shape, name: `compress/${type}-16KiB`, prepare: () => ({ run: compressor(type) }) },
    { ...shape, name: `decompress/${type}-16KiB`, prepare: () => ({ run: decompressor(type) }) },
  ]);
}

function compressor(type: CompressionType): () => number {
  const json = sampleJson(SIZE_BYTES);
  return () => crc32c(compress(type, null, json));
}

function decompressor(type: CompressionType): () => number {
  const packed = compress(type, null, sampleJson(SIZE_BYTES));
  return () => crc32c(decompress(type, packed, SIZE_BYTES));
}
