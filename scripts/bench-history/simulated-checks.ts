import type { Random } from '../../core/base/random.ts';
import { metricDefinition } from '../../reports/check/check-metrics.ts';
import type { CheckResult } from '../../reports/check/check-result.ts';
import { decide, estimateChange } from '../../reports/check/decide.ts';
import { type HistoryEntry, historyEntryOf } from '../../reports/history/history-entry.ts';
import { type Noise, SESSION_SD } from './noise.ts';

const METRIC = metricDefinition('cpuNsPerRecord');
const CRITERIA = { direction: METRIC.direction, tolerance: 0.01, margin: METRIC.margin };
const CONTEXT = { commit: null, dirty: false, branch: 'main', scenario: 'simulated', load: {} };
const ENVIRONMENT = {
  node: '',
  cpu: '',
  cores: 2,
  memoryBytes: 0,
  os: '',
  kernel: '',
  tidemark: '',
  packages: {},
};

/** A line of a history, from a check whose sessions are drawn: it looks, decides and estimates as every check does. */
export function simulatedEntry(
  random: Random,
  noise: Noise,
  { change, day }: { readonly change: number; readonly day: number },
): HistoryEntry {
  const logRatios: number[] = [];
  while (true) {
    logRatios.push(Math.log1p(change) + SESSION_SD * noise.draw(random));
    const decision = decide(logRatios, CRITERIA);
    if (decision.kind === 'go on') continue;
    const check: CheckResult = {
      schema: 'tidemark.check/1',
      verdict: decision.verdict,
      metric: METRIC.name,
      ...estimateChange(logRatios, decision.look.c),
      sessions: logRatios.length,
      seconds: 0,
      detectable: 0,
      tolerance: CRITERIA.tolerance,
      margin: CRITERIA.margin,
      gates: [],
      metrics: [],
      base: { label: 'reference', description: '' },
      candidate: { label: 'candidate', description: '' },
      environment: ENVIRONMENT,
      startedAt: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
      seed: 0,
      command: '',
      notes: [],
    };
    return historyEntryOf(check, CONTEXT);
  }
}
