import { crc32c } from '../../core/record/crc32c.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, sampleJson } from './sample-data.ts';

const SIZES: readonly [name: string, sizeBytes: number, ops: number][] = [
  ['16KiB', 16_384, 64],
  ['1MiB', 1_048_576, 2],
];

/** CRC-32C of a range of a larger buffer, as batches are. */
export function crcBenchmarks(): MicroBenchmark[] {
  return SIZES.map(([name, sizeBytes, ops]) => ({
    name: `crc32c/${name}`,
    unit: 'ns/op',
    opsPerRun: ops,
    bytesPerOp: sizeBytes,
    budgetNs: null,
    prepare: () => {
      const bytes = sampleJson(sizeBytes + ops);
      return {
        run: () => {
          let hash = HASH_START;
          for (let start = 0; start < ops; start++)
            hash = foldHash(hash, crc32c(bytes, start, start + sizeBytes));
          return hash;
        },
      };
    },
  }));
}
