import type { CheckMetricName } from './check-result.ts';

/** What a check can be decided by, and what is told beside it. */
export interface MetricDefinition {
  readonly name: CheckMetricName;
  /** In sentences. */
  readonly title: string;
  /** In tables, with the unit. */
  readonly label: string;
  readonly unit: 'ns/record' | 'records/s' | 'ms';
  readonly direction: 'lower is better' | 'higher is better';
  /** The relative change for the worse that matters unless the user says otherwise. */
  readonly margin: number;
  /** Needs the open segments, which make a session about three seconds longer. */
  readonly isLatency: boolean;
}

export const DEFAULT_METRIC: CheckMetricName = 'cpuNsPerRecord';

/** In the order of reports. CPU per record first: it is the quietest. */
export const CHECK_METRICS: readonly MetricDefinition[] = [
  {
    name: 'cpuNsPerRecord',
    title: 'CPU per record',
    label: 'CPU, ns/record',
    unit: 'ns/record',
    direction: 'lower is better',
    margin: 0.05,
    isLatency: false,
  },
  {
    name: 'recordsPerSecond',
    title: 'throughput',
    label: 'records/s',
    unit: 'records/s',
    direction: 'higher is better',
    margin: 0.05,
    isLatency: false,
  },
  latency('latencyP50Ms', 'p50 latency', 0.1),
  latency('latencyP90Ms', 'p90 latency', 0.25),
  latency('latencyP99Ms', 'p99 latency', 0.25),
];

function latency(name: CheckMetricName, title: string, margin: number): MetricDefinition {
  return {
    name,
    title,
    label: `${title}, ms`,
    unit: 'ms',
    direction: 'lower is better',
    margin,
    isLatency: true,
  };
}

export function metricDefinition(name: CheckMetricName): MetricDefinition {
  return CHECK_METRICS.find((metric) => metric.name === name)!;
}
