import hdr from 'hdr-histogram-js';
import { LatencyHistogram, mergeLatencies } from '../measure/latency-histogram.ts';

/** Latency recorded in one stretch of time; several threads' intervals may overlap. */
export interface LatencyInterval {
  /** Since the log's start. */
  readonly startSeconds: number;
  readonly lengthSeconds: number;
  /** LatencyHistogram.toBytes(). */
  readonly bytes: Uint8Array;
}

const NS_PER_MS = 1e6;

/**
 * HdrHistogram's interval log, version 1.3: histogram values in nanoseconds, Interval_Max in milliseconds (the
 * ratio 1e6 that Java's HistogramLogWriter takes by default), start times as seconds since the epoch.
 * Intervals of several threads that overlap by more than half become one line.
 */
export function hlogText(startTimeMs: number, intervals: readonly LatencyInterval[]): string {
  const lines = [
    '#[Logged by Tidemark: latency, histogram values in nanoseconds, Interval_Max in milliseconds]',
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${(startTimeMs / 1000).toFixed(3)} (seconds since epoch), ${new Date(startTimeMs).toISOString()}]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  for (const group of overlapping(intervals)) {
    const parts = group.map((interval) => LatencyHistogram.fromBytes(interval.bytes));
    const merged = mergeLatencies(parts);
    const startSeconds = Math.min(...group.map((interval) => interval.startSeconds));
    const endSeconds = Math.max(...group.map(endOf));
    lines.push(
      [
        (startTimeMs / 1000 + startSeconds).toFixed(3),
        (endSeconds - startSeconds).toFixed(3),
        ((merged.maxNs ?? 0) / NS_PER_MS).toFixed(3),
        merged.toBase64(),
      ].join(','),
    );
    for (const histogram of [merged, ...parts]) histogram.destroy();
  }
  return `${lines.join('\n')}\n`;
}

function endOf(interval: LatencyInterval): number {
  return interval.startSeconds + interval.lengthSeconds;
}

function overlapping(intervals: readonly LatencyInterval[]): LatencyInterval[][] {
  const groups: LatencyInterval[][] = [];
  for (const interval of intervals.toSorted((a, b) => a.startSeconds - b.startSeconds)) {
    const first = groups.at(-1)?.[0];
    const shared = first === undefined ? 0 : endOf(first) - interval.startSeconds;
    if (shared > interval.lengthSeconds / 2) groups.at(-1)!.push(interval);
    else groups.push([interval]);
  }
  return groups;
}

/**
 * Everything in a log as one histogram; null when it holds no interval. `exactMaxMs` (from the result) puts
 * right what the encoding rounds up to a bucket's edge. Throws when a line is cut off.
 */
export function readHlog(text: string, exactMaxMs: number | null = null): LatencyHistogram | null {
  const reader = new hdr.HistogramLogReader(text, 64, false);
  const merged = new LatencyHistogram();
  for (;;) {
    const interval = reader.nextIntervalHistogram();
    if (interval === null) break;
    const part = LatencyHistogram.fromBase64(hdr.encodeIntoCompressedBase64(interval));
    merged.add(part);
    part.destroy();
  }
  if (merged.count === 0) {
    merged.destroy();
    return null;
  }
  if (exactMaxMs !== null) merged.clampMax(exactMaxMs * NS_PER_MS);
  return merged;
}
