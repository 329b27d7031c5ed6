import { decodeHdrForListing } from '../measure/hdr-library.ts';
import type { LatencyHistogram } from '../measure/latency-histogram.ts';

const NS_PER_MS = 1e6;
const TICKS_PER_HALF_DISTANCE = 5;

/** HdrHistogram's percentile listing (`outputPercentileDistribution`), values in milliseconds. */
export function hgrmText(histogram: LatencyHistogram): string {
  const listing = decodeHdrForListing(histogram.toBase64());
  return listing.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NS_PER_MS);
}
