import { CHECK_METRICS, metricDefinition } from '../../reports/check/check-metrics.ts';
import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { Criteria } from '../../reports/check/decide.ts';
import type { Gate } from '../../reports/gates/parse-gate.ts';
import { shortPercentText } from '../../reports/number-text.ts';
import { usageError } from '../cli-error.ts';
import { gatesOfCheck } from '../gates/gates-of-check.ts';
import type { CheckOptions } from './check-options.ts';

/** What is measured, and what decides. */
export interface CheckPlan {
  /** The metric that decides. */
  readonly metric: CheckMetricName;
  readonly criteria: Criteria;
  /** All that are told, the one that decides first. */
  readonly metrics: readonly { readonly name: CheckMetricName; readonly margin: number }[];
  /** Open segments are needed. */
  readonly latency: boolean;
  readonly gates: readonly Gate[];
}

/**
 * CPU and throughput are there in any case; the quantiles of latency only when one of them is asked for, since they make
 * a session longer. Throws a usage error for gates that do not parse or ask for what is not measured.
 */
export function planCheck(options: CheckOptions): CheckPlan {
  const [metric] = options.metrics;
  const { direction, margin: usualMargin } = metricDefinition(metric);
  const margin = options.margin ?? usualMargin;
  if (margin <= options.tolerance) {
    throw usageError(
      `--margin is ${shortPercentText(margin)} and --tolerance ${shortPercentText(options.tolerance)}: expected the margin above the tolerance`,
    );
  }
  const latency = options.metrics.some((name) => metricDefinition(name).isLatency);
  const others = CHECK_METRICS.filter(({ name, isLatency }) => name !== metric && (latency || !isLatency));
  const metrics = [{ name: metric, margin }, ...others.map(({ name, margin }) => ({ name, margin }))];
  return {
    metric,
    criteria: { direction, tolerance: options.tolerance, margin },
    metrics,
    latency,
    gates: gatesOfCheck(
      options.gates,
      metrics.map(({ name }) => name),
    ),
  };
}
