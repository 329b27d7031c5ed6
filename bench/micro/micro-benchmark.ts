import { Bench } from 'tinybench';

/** One hot piece of code, measured alone. */
export interface MicroBenchmark {
  /** `group/what`, unique. */
  readonly name: string;
  readonly unit: 'ns/record' | 'ns/op';
  /** Times the piece is executed in one run: enough to drown the clock, few enough for many samples. */
  readonly opsPerRun: number;
  /** Bytes that one op works on, where MB/s says something; null elsewhere. */
  readonly bytesPerOp: number | null;
  /** What one op may cost, in ns; null without a budget. */
  readonly budgetNs: number | null;
  /** Makes the inputs: not measured. */
  readonly prepare: () => PreparedBenchmark | Promise<PreparedBenchmark>;
}

export interface PreparedBenchmark {
  /** Executes the piece opsPerRun times; returns an unsigned 32-bit hash of what came out, the same each time. */
  readonly run: () => number | Promise<number>;
  readonly dispose?: () => void | Promise<void>;
}

/** As `--json` prints it. Lower and upper hold nine tenths of the samples: the spread, not an error of the value. */
export interface MicroFigure {
  readonly name: string;
  readonly unit: string;
  /** Median. */
  readonly value: number;
  /** 5th and 95th percentile. */
  readonly lower: number;
  readonly upper: number;
  readonly samples: number;
  /** Eight hexadecimal digits. */
  readonly hash: string;
  readonly budget?: number;
  readonly megabytesPerSecond?: number;
}

const MEASURED_MS = 600;
const WARMUP_MS = 200;
const NS_PER_MS = 1e6;

/** Runs one benchmark. `tiny` executes it a few times only, to see that it works and what it computes. */
export async function measure(benchmark: MicroBenchmark, tiny: boolean): Promise<MicroFigure> {
  const prepared = await benchmark.prepare();
  try {
    const first = prepared.run();
    const expected = await first;
    const bench = new Bench({
      time: tiny ? 0 : MEASURED_MS,
      iterations: tiny ? 2 : 20,
      warmup: !tiny,
      warmupTime: WARMUP_MS,
      retainSamples: true,
      throws: true,
    });
    // Said, because finding it out would start a run that nobody waits for.
    const options = { async: typeof first !== 'number' };
    bench.add(benchmark.name, checked(benchmark.name, prepared, expected), options);
    const [task] = await bench.run();
    const result = task?.result;
    if (result === undefined || result.state !== 'completed') {
      throw new Error(`${benchmark.name} did not complete: ${result?.state ?? 'no result'}`);
    }
    return figure(benchmark, result.latency.samples ?? [], expected);
  } finally {
    await prepared.dispose?.();
  }
}

/** The run with a check that it computes the same each time, synchronous where the run is. */
function checked(name: string, prepared: PreparedBenchmark, expected: number): () => void | Promise<void> {
  const check = (hash: number): void => {
    if (hash !== expected) throw new Error(`${name} computed ${hex(hash)}, and ${hex(expected)} before`);
  };
  return () => {
    const outcome = prepared.run();
    return typeof outcome === 'number' ? check(outcome) : outcome.then(check);
  };
}

function figure(benchmark: MicroBenchmark, sortedMs: readonly number[], hash: number): MicroFigure {
  const at = (quantile: number): number => {
    const index = Math.min(sortedMs.length - 1, Math.floor(sortedMs.length * quantile));
    return (sortedMs[index]! * NS_PER_MS) / benchmark.opsPerRun;
  };
  const value = at(0.5);
  return {
    name: benchmark.name,
    unit: benchmark.unit,
    value,
    lower: at(0.05),
    upper: at(0.95),
    samples: sortedMs.length,
    hash: hex(hash),
    ...(benchmark.budgetNs === null ? {} : { budget: benchmark.budgetNs }),
    // Bytes per ns are GB/s.
    ...(benchmark.bytesPerOp === null ? {} : { megabytesPerSecond: (benchmark.bytesPerOp / value) * 1000 }),
  };
}

function hex(hash: number): string {
  return (hash >>> 0).toString(16).padStart(8, '0');
}
