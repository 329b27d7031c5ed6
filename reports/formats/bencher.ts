import type { Figure, FigureUnit } from '../figures/figures.ts';
import type { Format } from './format.ts';
import { scaled } from './scaled.ts';

interface BencherMetric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Measures that Bencher has of its own: `throughput` in operations per second, `latency` in nanoseconds. */
const BUILT_IN: Readonly<Record<string, string>> = {
  recordsPerSecond: 'throughput',
  latencyP99Ms: 'latency',
};

/**
 * Bencher Metric Format: benchmark -> measure -> value and bounds. A level is a benchmark; latencies are in
 * nanoseconds, and Bencher's own measure `latency` is the p99.
 */
export const bencher: Format = {
  of: ['run', 'comparison', 'check'],
  render: ({ figures: { name, figures } }) => {
    const benchmarks = new Map<string, Record<string, BencherMetric>>();
    for (const figure of figures) {
      const benchmark = figure.level === null ? name : `${name}/${figure.level}`;
      const measures = benchmarks.get(benchmark) ?? {};
      measures[measureName(figure.metric)] = metricOf(figure);
      benchmarks.set(benchmark, measures);
    }
    if (benchmarks.size === 0) return [];
    const text = `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
    return [{ fileName: 'bencher.json', text }];
  },
};

function metricOf({ value, low, high, unit }: Figure): BencherMetric {
  const factor = factorOf(unit);
  return {
    value: scaled(value, factor),
    ...(low === null ? {} : { lower_value: scaled(low, factor) }),
    ...(high === null ? {} : { upper_value: scaled(high, factor) }),
  };
}

function factorOf(unit: FigureUnit): number {
  return unit === 'ms' ? 1e6 : 1;
}

/** `latencyP50Ms` -> `latency-p50`, `cpuNsPerRecord` -> `cpu-ns-per-record`. */
function measureName(metric: string): string {
  return (
    BUILT_IN[metric] ??
    metric.replace(/Ms(?=$|[A-Z])/, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  );
}
