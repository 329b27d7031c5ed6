import { CHECK_METRICS } from '../check/check-metrics.ts';
import type { CheckMetricName } from '../check/check-result.ts';
import { metricLabel } from '../figures/metrics.ts';
import { median } from '../statistics/averages.ts';
import { hodgesLehmann, signedRankBounds, signedRankIndex, signedRankP } from '../statistics/signed-rank.ts';
import { COMPARISON_ALPHA } from './compare-figures.ts';
import type { Comparison, ComparisonRow } from './comparison.ts';

/** What one session of both sides, measured in turns, came to. */
export interface ComparedSession {
  /** Medians over its segments; null where it was not measured. */
  readonly base: Readonly<Record<CheckMetricName, number | null>>;
  readonly candidate: Readonly<Record<CheckMetricName, number | null>>;
  /** ln(candidate / base). */
  readonly logRatios: Readonly<Record<CheckMetricName, number | null>>;
}

/** Fewer have no two-sided 95 % bounds: 2 / 2^5 is above 5 %. */
const MIN_SESSIONS = 6;

const NAMES: readonly CheckMetricName[] = CHECK_METRICS.map(({ name }) => name);

export interface SessionsCompared {
  readonly base: string;
  readonly candidate: string;
  readonly sessions: readonly ComparedSession[];
  readonly notes: readonly string[];
}

/**
 * Two sides measured in turns: each session lends every metric one log-ratio, whatever the number of its segments. The
 * change is the Hodges-Lehmann estimate of them, the interval inverts the exact signed-rank test at 95 %, and p is that
 * test's. Throws RangeError with fewer than MIN_SESSIONS.
 */
export function compareSessions({ base, candidate, sessions, notes }: SessionsCompared): Comparison {
  if (sessions.length < MIN_SESSIONS) {
    throw new RangeError(
      `${sessions.length} sessions have no 95 % bounds, expected at least ${MIN_SESSIONS}`,
    );
  }
  const rows = NAMES.flatMap((metric) => rowOf(metric, sessions));
  const missing = NAMES.filter(
    (metric) =>
      !rows.some((row) => row.metric === metric) &&
      sessions.some((session) => session.base[metric] !== null || session.candidate[metric] !== null),
  );
  return {
    base,
    candidate,
    evidence: 'interleaved',
    rows,
    notes: [
      ...notes,
      ...missing.map(
        (metric) => `${metricLabel(metric)} was not measured in every session on both sides: left out`,
      ),
      `both sides ran in turns in the same ${sessions.length} sessions; interval and p are of the exact signed-rank test of their ratios, each metric by itself`,
    ],
  };
}

function rowOf(metric: CheckMetricName, sessions: readonly ComparedSession[]): ComparisonRow[] {
  const logRatios = known(sessions.map((session) => session.logRatios[metric]));
  const index = signedRankIndex(logRatios.length, COMPARISON_ALPHA / 2);
  if (index === null || logRatios.length < sessions.length) return [];
  const bounds = signedRankBounds(logRatios, index);
  const p = signedRankP(logRatios);
  return [
    {
      metric,
      level: null,
      base: medianOf(sessions.map((session) => session.base[metric])),
      candidate: medianOf(sessions.map((session) => session.candidate[metric])),
      change: Math.expm1(hodgesLehmann(logRatios)),
      low: Math.expm1(bounds.low),
      high: Math.expm1(bounds.high),
      p,
      n: logRatios.length,
      significant: p < COMPARISON_ALPHA,
    },
  ];
}

function known(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

function medianOf(values: readonly (number | null)[]): number | null {
  const present = known(values);
  return present.length === 0 ? null : median(present);
}
