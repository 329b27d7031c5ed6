import { SeededRandom } from '../../core/base/random.ts';
import { LatencyRecorder } from '../../reports/measure/latency-recorder.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START } from './sample-data.ts';

const RECORDS = 20_000;
const SEED = 7;
const BUDGET_NS = 25;

/** Recording one latency, spread over 0.1 to 100 ms as latencies are. */
export function latencyBenchmarks(): MicroBenchmark[] {
  return [
    {
      name: 'latency/record',
      unit: 'ns/record',
      opsPerRun: RECORDS,
      bytesPerOp: null,
      budgetNs: BUDGET_NS,
      prepare: () => {
        const random = new SeededRandom(SEED);
        const latenciesNs = Float64Array.from({ length: RECORDS }, () =>
          Math.floor(10 ** (5 + 3 * random.nextDouble())),
        );
        const recorder = new LatencyRecorder();
        return {
          // Not emptied between runs: the same latencies again leave the percentile where it is.
          run: () => {
            const before = recorder.count;
            for (let index = 0; index < RECORDS; index++) recorder.record(latenciesNs[index]!);
            return foldHash(
              foldHash(HASH_START, recorder.count - before),
              recorder.liveQuantileNs(0.99) ?? 0,
            );
          },
          dispose: () => recorder.destroy(),
        };
      },
    },
  ];
}
