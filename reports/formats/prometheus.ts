import { Gauge, Registry } from 'prom-client';
import type { Figure, FigureSet } from '../figures/figures.ts';
import { metricTitle } from '../figures/metrics.ts';
import type { Format } from './format.ts';
import { scaled } from './scaled.ts';

interface Family {
  readonly name: string;
  readonly help: string;
  /** To Prometheus' base units: seconds and bytes. */
  readonly factor: number;
  readonly percentile: string | null;
}

const BOUNDS = ['value', 'low', 'high'] as const;

/**
 * Prometheus text exposition, for a node exporter's textfile collector or a push gateway: gauges in base units, one
 * per metric, with the bounds of its interval as gauges of their own (`_low`, `_high`).
 */
export const prometheus: Format = {
  of: ['run', 'comparison', 'check'],
  render: async ({ figures: set }) => {
    const registry = new Registry();
    addAbout(registry, set);
    for (const figure of set.figures) addFigure(registry, set, figure);
    addOutcomes(registry, set);
    return [{ fileName: 'metrics.prom', text: await registry.metrics() }];
  },
};

/** One series that says where the figures come from, so that they themselves need few labels. */
function addAbout(registry: Registry, { kind, name, commit, branch, environment, at }: FigureSet): void {
  const labels = {
    suite: name,
    kind,
    commit: commit ?? '',
    branch: branch ?? '',
    tidemark: environment?.tidemark ?? '',
    node: environment?.node ?? '',
  };
  gauge(registry, 'tidemark_info', 'What was measured, by which version', Object.keys(labels)).set(labels, 1);
  const started = gauge(registry, 'tidemark_start_time_seconds', 'When the measurement began', ['suite']);
  started.set({ suite: name }, Date.parse(at) / 1000);
}

function addFigure(registry: Registry, { name: suite }: FigureSet, figure: Figure): void {
  const { name, help, factor, percentile } = familyOf(figure);
  const labels = {
    suite,
    level: figure.level ?? '',
    ...(percentile === null ? {} : { percentile }),
  };
  for (const bound of BOUNDS) {
    const value = figure[bound];
    if (value === null) continue;
    const suffix = bound === 'value' ? '' : `_${bound}`;
    const text = bound === 'value' ? help : `${help}, ${bound} end of its interval`;
    gauge(registry, `${name}${suffix}`, text, Object.keys(labels)).set(labels, scaled(value, factor));
  }
}

function addOutcomes(registry: Registry, { name: suite, gates, failures }: FigureSet): void {
  for (const { expression, verdict } of gates) {
    const help = 'Gates: 1 passed, 0 breached, 0.5 inconclusive';
    const value = { pass: 1, fail: 0, inconclusive: 0.5 }[verdict];
    gauge(registry, 'tidemark_gate', help, ['suite', 'expression']).set({ suite, expression }, value);
  }
  const help = 'Trials that failed, or whose records went wrong';
  gauge(registry, 'tidemark_failed_trials', help, ['suite']).set({ suite }, failures.length);
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Gauge {
  const existing = registry.getSingleMetric(name) as Gauge | undefined;
  return existing ?? new Gauge({ name, help, labelNames, registers: [registry] });
}

function familyOf({ metric, unit }: Figure): Family {
  const percentile = /^latencyP(\d\d)(\d*)Ms$/.exec(metric);
  if (percentile !== null) {
    const [, whole, rest] = percentile;
    return {
      name: 'tidemark_latency_seconds',
      help: 'Latency at the common rate, by percentile',
      factor: 1e-3,
      percentile: rest === '' ? whole! : `${whole}.${rest}`,
    };
  }
  const help = metricTitle(metric);
  const family = (name: string, factor = 1): Family => ({ name, help, factor, percentile: null });
  switch (unit) {
    case 'records/s':
      return family('tidemark_records_per_second');
    case 'MB/s':
      return { ...family('tidemark_bytes_per_second', 1e6), help: help.replace(/;.*/, '') };
    case 'ns/record':
      return family('tidemark_cpu_seconds_per_record', 1e-9);
    case 'requests/record':
      return family('tidemark_requests_per_record');
    case 'ms':
    case 'ratio':
      return family(`tidemark_${metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`);
  }
}
