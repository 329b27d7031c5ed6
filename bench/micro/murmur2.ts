import { murmur2 } from '../../core/record/murmur2.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, sampleKeys } from './sample-data.ts';

const KEYS = 1000;

/** The hash behind keyed partitioning. */
export function murmur2Benchmarks(): MicroBenchmark[] {
  return [
    {
      name: 'murmur2/16B',
      unit: 'ns/op',
      opsPerRun: KEYS,
      bytesPerOp: null,
      budgetNs: null,
      prepare: () => {
        const keys = sampleKeys(KEYS);
        return {
          run: () => {
            let hash = HASH_START;
            for (let index = 0; index < KEYS; index++) hash = foldHash(hash, murmur2(keys[index]!));
            return hash;
          },
        };
      },
    },
  ];
}
