import hdr from 'hdr-histogram-js';
import { LatencyHistogram } from '../measure/latency-histogram.ts';
import type { HistogramInterval } from './format.ts';

/** The intervals of a log, in order; the caller destroys their histograms. Throws when a line is cut off. */
export function readHlogIntervals(text: string): HistogramInterval[] {
  const reader = new hdr.HistogramLogReader(text, 64, false);
  const intervals: HistogramInterval[] = [];
  for (;;) {
    const interval = reader.nextIntervalHistogram();
    if (interval === null) return intervals;
    intervals.push({
      lengthSeconds: Math.max(0, interval.endTimeStampMsec - interval.startTimeStampMsec) / 1000,
      histogram: LatencyHistogram.fromBase64(hdr.encodeIntoCompressedBase64(interval)),
    });
  }
}
