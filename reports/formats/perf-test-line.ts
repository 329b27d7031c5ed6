import type { LatencyHistogram } from '../measure/latency-histogram.ts';

export interface PerfTestFigures {
  readonly records: number;
  readonly recordsPerSecond: number;
  /** 1 MB is 2^20 bytes here, as kafka-producer-perf-test has it. */
  readonly megabytesPerSecond: number;
  readonly meanMs: number;
  readonly maxMs: number;
}

const QUANTILES = [
  [0.5, '50th'],
  [0.95, '95th'],
  [0.99, '99th'],
  [0.999, '99.9th'],
] as const;

/** kafka-producer-perf-test's last line, to the letter: percentiles in whole milliseconds. */
export function perfTestLine(figures: PerfTestFigures, latency: LatencyHistogram | null): string {
  const percentiles = QUANTILES.map(([quantile, name]) => {
    const valueNs = latency?.quantileNs(quantile) ?? 0;
    return `${Math.round(valueNs / 1e6)} ms ${name}`;
  });
  return `${[rateText(figures), ...latencyTexts(figures, 2), ...percentiles].join(', ')}.`;
}

/** The line that it prints every five seconds, with one decimal less. */
export function perfTestProgressLine(figures: PerfTestFigures): string {
  return `${[rateText(figures), ...latencyTexts(figures, 1)].join(', ')}.`;
}

function rateText({ records, recordsPerSecond, megabytesPerSecond }: PerfTestFigures): string {
  return `${records} records sent, ${recordsPerSecond.toFixed(1)} records/sec (${megabytesPerSecond.toFixed(2)} MB/sec)`;
}

function latencyTexts({ meanMs, maxMs }: PerfTestFigures, digits: number): string[] {
  return [`${meanMs.toFixed(digits)} ms avg latency`, `${maxMs.toFixed(digits)} ms max latency`];
}
