import type { Direction, FigureUnit } from './figures.ts';

export interface MetricTraits {
  readonly unit: FigureUnit;
  readonly direction: Direction;
  /** In sentences, and in tables that say the unit elsewhere. */
  readonly name: string;
  /** In tables, with the unit. */
  readonly label: string;
  /** What it is, in one line, for formats that carry a description. */
  readonly title: string;
}

/** Metrics by the names that JSON has for them: what every table and sentence calls them, and their units. */
export const METRICS = {
  recordsPerSecond: {
    unit: 'records/s',
    direction: 'higher is better',
    name: 'throughput',
    label: 'records/s',
    title: 'Acknowledged records per second at saturation',
  },
  megabytesPerSecond: {
    unit: 'MB/s',
    direction: 'higher is better',
    name: 'throughput in bytes',
    label: 'MB/s',
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
    name: 'CPU per record',
    label: 'CPU, ns/record',
    title: 'CPU time of the generators per record, compression included',
  },
  requestsPerRecord: {
    unit: 'requests/record',
    direction: 'lower is better',
    name: 'requests per record',
    label: 'requests/record',
    title: 'Produce requests per record of the paced phase',
  },
  compressionRatio: {
    unit: 'ratio',
    direction: 'lower is better',
    name: 'compression ratio',
    label: 'compressed/uncompressed',
    title: 'Compressed over uncompressed bytes of the batches',
  },
} as const satisfies Readonly<Record<string, MetricTraits>>;

export type MetricName = keyof typeof METRICS;

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}

/** What a table calls a metric; a name of JSON that is none of ours stands for itself. */
export function metricLabel(metric: string): string {
  return isMetricName(metric) ? METRICS[metric].label : metric;
}

/** A metric's name as the ratio of candidate to base: `recordsPerSecondVersusBase`. */
export function versusBaseName(metric: string): string {
  return `${metric}VersusBase`;
}

/** What a figure is, in one line: of a metric, or of one compared. */
export function metricTitle(metric: string): string {
  if (isMetricName(metric)) return METRICS[metric].title;
  const compared = metric.slice(0, -versusBaseName('').length);
  return isMetricName(compared) ? `${METRICS[compared].name}, candidate over base` : metric;
}

function latency(percentile: string): MetricTraits {
  return {
    unit: 'ms',
    direction: 'lower is better',
    name: `${percentile} latency`,
    label: `${percentile} latency, ms`,
    title: `${percentile} of latency at the common rate`,
  };
}
