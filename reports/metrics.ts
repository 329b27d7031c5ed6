import type { Direction, FigureUnit } from './figures.ts';

export interface MetricTraits {
  readonly unit: FigureUnit;
  readonly direction: Direction;
  /** What it is, in one line, for formats that carry a description. */
  readonly title: string;
}

/** Metrics by the names that JSON has for them. */
export const METRICS = {
  recordsPerSecond: {
    unit: 'records/s',
    direction: 'higher is better',
    title: 'Acknowledged records per second at saturation',
  },
  megabytesPerSecond: {
    unit: 'MB/s',
    direction: 'higher is better',
    title: 'Record bytes per second at saturation, uncompressed; 1 MB is 10^6 bytes',
  },
  latencyP50Ms: latency('p50'),
  latencyP90Ms: latency('p90'),
  latencyP95Ms: latency('p95'),
  latencyP99Ms: latency('p99'),
  latencyP999Ms: latency('p99.9'),
  cpuNsPerRecord: {
    unit: 'ns/record',
    direction: 'lower is better',
    title: 'CPU time of the generators per record, compression included',
  },
  requestsPerRecord: {
    unit: 'requests/record',
    direction: 'lower is better',
    title: 'Produce requests per record of the paced phase',
  },
  compressionRatio: {
    unit: 'ratio',
    direction: 'lower is better',
    title: 'Compressed over uncompressed bytes of the batches',
  },
} as const satisfies Readonly<Record<string, MetricTraits>>;

export type MetricName = keyof typeof METRICS;

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** A metric's name as the ratio of candidate to base: `recordsPerSecondVersusBase`. */
export function versusBaseName(metric: string): string {
  return `${metric}VersusBase`;
}

function latency(percentile: string): MetricTraits {
  return {
    unit: 'ms',
    direction: 'lower is better',
    title: `${percentile} of latency at the common rate`,
  };
}
