import { createHash } from 'node:crypto';
import { SeededRandom } from '../../../core/base/random.ts';
import type { CheckResult } from '../../../reports/check/check-result.ts';
import {
  type HistoryContext,
  type HistoryEntry,
  historyEntryOf,
} from '../../../reports/history/history-entry.ts';

/** A check of invented figures. */
export function invented(change: number, replaced: Partial<CheckResult> = {}): CheckResult {
  const metric = replaced.metric ?? 'cpuNsPerRecord';
  return {
    schema: 'tidemark.check/1',
    verdict: 'no regression',
    metric,
    change,
    low: change - 0.017,
    high: change + 0.017,
    sessions: 8,
    seconds: 71.2,
    detectable: 0.041,
    tolerance: 0.01,
    margin: 0.05,
    gates: [],
    metrics: [
      {
        metric,
        direction: metric === 'recordsPerSecond' ? 'higher is better' : 'lower is better',
        margin: 0.05,
        base: 820,
        candidate: 820 * (1 + change),
        change,
        low: change - 0.017,
        high: change + 0.017,
        p: 0.2,
        sessionLogRatios: [],
      },
    ],
    base: { label: 'git:v1.2.0', description: 'commit 9f3c1e2a' },
    candidate: { label: '.', description: 'tidemark' },
    environment: {
      node: 'v24.21.0',
      cpu: 'Invented CPU',
      cores: 4,
      memoryBytes: 8 * 2 ** 30,
      os: 'linux x64',
      kernel: '6.1.0',
      tidemark: '0.1.0',
      packages: {},
    },
    startedAt: '2026-01-01T03:12:00.000Z',
    seed: 1,
    command: 'tidemark check --base git:v1.2.0 --candidate .',
    notes: [],
    ...replaced,
  };
}

export const CONTEXT: HistoryContext = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  dirty: false,
  branch: 'main',
  scenario: 'nightly',
  load: { partitions: 12, recordSizeBytes: 1024 },
};

export function commitOf(number: number): string {
  return createHash('sha1').update(String(number)).digest('hex');
}

/** A check a day, each with its commit; `levels` says how many checks have which change, with a spread of 0.7 %. */
export function inventedEntries(
  levels: readonly { readonly checks: number; readonly change: number }[],
  replaced: (index: number) => Partial<CheckResult> = () => ({}),
): readonly HistoryEntry[] {
  const random = new SeededRandom(11);
  const changes = levels.flatMap(({ checks, change }) => Array<number>(checks).fill(change));
  return changes.map((change, index) => {
    const noise = [...Array(12)].reduce<number>((sum) => sum + random.nextDouble(), -6) * 0.007;
    const check = invented((1 + change) * Math.exp(noise) - 1, {
      startedAt: new Date(Date.UTC(2026, 0, 1 + index, 3, 12)).toISOString(),
      ...replaced(index),
    });
    return historyEntryOf(check, { ...CONTEXT, commit: commitOf(index) });
  });
}
