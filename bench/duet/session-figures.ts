import type { CheckMetricName } from '../../reports/check/check-result.ts';
import type { MeasuredSession, MetricFigures } from '../../reports/check/measured-session.ts';
import { median } from '../../reports/statistics/averages.ts';
import { trimmedMean } from '../../reports/statistics/trimmed-mean.ts';
import type { DriverSegment } from './driver-protocol.ts';
import type { Role } from './session-plan.ts';

/** Two adjacent segments, one of each side. */
type SegmentPair = Readonly<Record<Role, DriverSegment>>;

/** As a session's, without its time. */
export type SessionFigures = Omit<MeasuredSession, 'seconds'>;

const TRIMMED_SHARE = 0.2;

interface Reading {
  readonly of: 'closed' | 'open';
  readonly read: (segment: DriverSegment) => number | null;
  readonly centre: (logRatios: readonly number[]) => number;
}

const trimmed = (values: readonly number[]): number => trimmedMean(values, TRIMMED_SHARE);

const READINGS: Readonly<Record<CheckMetricName, Reading>> = {
  cpuNsPerRecord: {
    of: 'closed',
    read: ({ cpuNs, records }) => (cpuNs === null ? null : cpuNs / records),
    centre: trimmed,
  },
  recordsPerSecond: {
    of: 'closed',
    read: ({ wallNs, records }) => records / (wallNs / 1e9),
    centre: trimmed,
  },
  latencyP50Ms: { of: 'open', read: ({ latencyNs }) => milliseconds(latencyNs?.p50), centre: median },
  latencyP90Ms: { of: 'open', read: ({ latencyNs }) => milliseconds(latencyNs?.p90), centre: median },
  latencyP99Ms: { of: 'open', read: ({ latencyNs }) => milliseconds(latencyNs?.p99), centre: median },
};

/** Consecutive segments, two by two, each pair holding one of either side. */
export function pairsOf(segments: readonly (readonly [Role, DriverSegment])[]): SegmentPair[] {
  return Array.from({ length: segments.length / 2 }, (_, pair) => {
    const both = Object.fromEntries(segments.slice(2 * pair, 2 * pair + 2));
    return both as SegmentPair;
  });
}

/**
 * What a session says, from its pairs: the 20 %-trimmed mean of ln(candidate / base) for CPU and throughput, the median
 * for each quantile of latency.
 */
export function figuresOf(closed: readonly SegmentPair[], open: readonly SegmentPair[]): SessionFigures {
  const of = { closed, open };
  const entries = Object.entries(READINGS).map(
    ([metric, reading]) => [metric, figuresOfMetric(of[reading.of], reading)] as const,
  );
  const part = (name: 'base' | 'candidate' | 'logRatio'): MetricFigures =>
    Object.fromEntries(entries.map(([metric, figures]) => [metric, figures[name]])) as MetricFigures;
  return { base: part('base'), candidate: part('candidate'), logRatios: part('logRatio') };
}

function figuresOfMetric(
  pairs: readonly SegmentPair[],
  { read, centre }: Reading,
): Record<'base' | 'candidate' | 'logRatio', number | null> {
  const base = pairs.map((pair) => read(pair.base));
  const candidate = pairs.map((pair) => read(pair.candidate));
  if (!isComplete(base) || !isComplete(candidate)) {
    return {
      base: isComplete(base) ? median(base) : null,
      candidate: isComplete(candidate) ? median(candidate) : null,
      logRatio: null,
    };
  }
  const logRatios = base.map((value, index) => Math.log(candidate[index]! / value));
  return { base: median(base), candidate: median(candidate), logRatio: centre(logRatios) };
}

/** One segment without a figure, or with none above zero, and the session has none: leaving it out would choose. */
function isComplete(values: readonly (number | null)[]): values is number[] {
  return values.length > 0 && values.every((value) => value !== null && value > 0 && Number.isFinite(value));
}

function milliseconds(nanoseconds: number | undefined): number | null {
  return nanoseconds === undefined ? null : nanoseconds / 1e6;
}
