import { z } from 'zod';

/** BenchmarkResult of its src/extract.ts, without what it would coerce. */
export const ACTION_SHAPE = z
  .array(
    z.strictObject({
      name: z.string().min(1),
      value: z.number(),
      unit: z.string(),
      range: z.string().optional(),
      extra: z.string().optional(),
    }),
  )
  .min(1);

const FIGURE = z.number().nullable();
const MICROSECONDS = z.int().nullable();
const PARTS = ['Avg', '50pct', '75pct', '95pct', '99pct', '999pct', '9999pct', 'Max'];

/** TestResult: milliseconds are doubles, the send delay whole microseconds but for its mean. */
export function ombShape(): z.ZodType {
  const latency = (name: string, of: (part: string) => z.ZodType) => {
    const aggregated = `aggregated${name[0]!.toUpperCase()}${name.slice(1)}`;
    const fields = PARTS.flatMap((part) => [
      [`${name}${part}`, z.array(of(part))],
      [`${aggregated}${part}`, of(part)],
    ]);
    const quantiles = z.record(z.string().regex(/^\d+\.\d+$/), z.number());
    return { ...Object.fromEntries(fields), [`${aggregated}Quantiles`]: quantiles };
  };
  return z.strictObject({
    workload: z.string(),
    driver: z.string(),
    ...Object.fromEntries(
      ['messageSize', 'topics', 'partitions', 'producersPerTopic', 'consumersPerTopic'].map((name) => [
        name,
        z.int(),
      ]),
    ),
    publishRate: z.array(z.number().positive()).min(1),
    publishErrorRate: z.array(z.number()).min(1),
    consumeRate: z.array(z.number()).min(1),
    backlog: z.array(z.int()).min(1),
    ...latency('publishLatency', () => FIGURE),
    ...latency('publishDelayLatency', (part) => (part === 'Avg' ? FIGURE : MICROSECONDS)),
    ...latency('endToEndLatency', () => FIGURE),
  });
}

/** ProducerPerformance.Stats.printTotal. */
export const PERF_TEST_LINE =
  /^\d+ records sent, \d+\.\d records\/sec \(\d+\.\d\d MB\/sec\), \d+\.\d\d ms avg latency, \d+\.\d\d ms max latency, \d+ ms 50th, \d+ ms 95th, \d+ ms 99th, \d+ ms 99\.9th\.$/;
