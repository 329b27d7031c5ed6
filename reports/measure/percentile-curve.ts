import type { LatencyHistogram } from './latency-histogram.ts';

export interface CurvePoint {
  /** 1 / (1 - quantile): 2 is the median, 10 is p90, 1000 is p99.9. */
  readonly oneIn: number;
  readonly latencyMs: number;
}

/**
 * Latency over the logarithmic tail axis: points from the median outwards, evenly spread over each decade,
 * as far as one sample lies beyond. The last point is the maximum.
 */
export function percentileCurve(histogram: LatencyHistogram, pointsPerDecade = 12): readonly CurvePoint[] {
  const { count, maxNs } = histogram;
  if (maxNs === null) return [];
  const points: CurvePoint[] = [];
  for (let step = 0; ; step++) {
    const oneIn = 2 * 10 ** (step / pointsPerDecade);
    if (oneIn >= count) break;
    points.push({ oneIn, latencyMs: histogram.quantileNs(1 - 1 / oneIn)! / 1e6 });
  }
  points.push({ oneIn: Math.max(2, count), latencyMs: maxNs / 1e6 });
  return points;
}
