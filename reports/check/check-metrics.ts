import type { Direction, FigureUnit } from '../figures/figures.ts';
import { METRICS } from '../figures/metrics.ts';
import type { CheckMetricName } from './check-result.ts';

/** What a check can be decided by, and what is told beside it. */
export interface MetricDefinition {
  readonly name: CheckMetricName;
  /** In sentences. */
  readonly title: string;
  /** In tables, with the unit. */
  readonly label: string;
  readonly unit: FigureUnit;
  readonly direction: Direction;
  /** The relative change for the worse that matters unless the user says otherwise. */
  readonly margin: number;
  /** Needs the open segments, which make a session about three seconds longer. */
  readonly isLatency: boolean;
}

export const DEFAULT_METRIC: CheckMetricName = 'cpuNsPerRecord';

/** In the order of reports. CPU per record first: it is the quietest. */
export const CHECK_METRICS: readonly MetricDefinition[] = [
  definition('cpuNsPerRecord', 0.05),
  definition('recordsPerSecond', 0.05),
  definition('latencyP50Ms', 0.1),
  definition('latencyP90Ms', 0.25),
  definition('latencyP99Ms', 0.25),
];

function definition(name: CheckMetricName, margin: number): MetricDefinition {
  const { name: title, label, direction, unit } = METRICS[name];
  return { name, title, label, unit, direction, margin, isLatency: unit === 'ms' };
}

/** Every metric of a check has one. */
export function metricDefinition(name: CheckMetricName): MetricDefinition {
  return CHECK_METRICS.find((metric) => metric.name === name)!;
}
