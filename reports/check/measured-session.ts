import type { CheckMetricName } from './check-result.ts';

/** A figure per metric; null where the driver cannot tell or latency was not asked for. */
export type MetricFigures = Readonly<Record<CheckMetricName, number | null>>;

/** What one session of both sides gave. */
export interface MeasuredSession {
  /** Medians over the session's segments, in the metric's unit. */
  readonly base: MetricFigures;
  readonly candidate: MetricFigures;
  /** ln(candidate / base): the one value per metric that a session contributes to a check. */
  readonly logRatios: MetricFigures;
  /** Wall time. */
  readonly seconds: number;
}
