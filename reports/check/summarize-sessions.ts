import { median } from '../statistics/averages.ts';
import { signedRankP } from '../statistics/signed-rank.ts';
import { metricDefinition } from './check-metrics.ts';
import type { CheckMetric, CheckMetricName } from './check-result.ts';
import { estimateChange } from './decide.ts';
import type { Look } from './looks.ts';
import type { MeasuredSession, MetricFigures } from './measured-session.ts';

/** The sessions' log-ratios of a metric, in order; null when one of them has none. */
export function logRatiosOf(
  sessions: readonly Pick<MeasuredSession, 'logRatios'>[],
  metric: CheckMetricName,
): readonly number[] | null {
  const values = sessions.map(({ logRatios }) => logRatios[metric]);
  return values.every((value) => value !== null) ? values : null;
}

export interface SummaryOptions {
  /** In the order of the report; those that a session could not tell are left out. */
  readonly metrics: readonly { readonly name: CheckMetricName; readonly margin: number }[];
  /** The one that the check ended at. */
  readonly look: Look;
}

/** Every metric over all sessions, with the bounds of the look that the check ended at. */
export function summarizeSessions(
  sessions: readonly MeasuredSession[],
  { metrics, look }: SummaryOptions,
): CheckMetric[] {
  return metrics.flatMap(({ name, margin }) => {
    const logRatios = logRatiosOf(sessions, name);
    if (logRatios === null) return [];
    return [
      {
        metric: name,
        direction: metricDefinition(name).direction,
        margin,
        base: medianOf(sessions.map(({ base }) => base[name])),
        candidate: medianOf(sessions.map(({ candidate }) => candidate[name])),
        ...estimateChange(logRatios, look.c),
        p: signedRankP(logRatios),
        sessionLogRatios: logRatios,
      },
    ];
  });
}

/** Each metric's figures of one side over the sessions; metrics that a session could not tell are left out. */
export function figuresOfSide(
  sessions: readonly MeasuredSession[],
  side: 'base' | 'candidate',
): Partial<Record<CheckMetricName, readonly number[]>> {
  const names = Object.keys(sessions[0]?.[side] ?? {}) as CheckMetricName[];
  const series = names.map((name) => [name, sessions.map((session) => session[side][name])] as const);
  return Object.fromEntries(series.filter(([, values]) => values.every((value) => value !== null)));
}

function medianOf(values: readonly MetricFigures[CheckMetricName][]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length || known.length === 0 ? null : median(known);
}
