import { NO_FIGURE, percentRangeText, signedPercentText } from '../number-text.ts';
import type { AnalysedSeries, LevelChange } from './analyse-history.ts';
import type { HistoryEntry } from './history-entry.ts';

const COMMIT_LETTERS = 7;

/** `2026-02-11 03:12`, UTC. */
export function timeText(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}

export function commitText({ commit, dirty }: Pick<HistoryEntry, 'commit' | 'dirty'>): string {
  return commit === null ? NO_FIGURE : `${commit.slice(0, COMMIT_LETTERS)}${dirty ? '+' : ''}`;
}

/** `a1b2c3d..e5f6a7b`: the change is one of these commits. */
export function commitsText({ lastOld, firstNew }: LevelChange): string {
  if (lastOld.commit === null && firstNew.commit === null) return NO_FIGURE;
  return `${commitText(lastOld)}..${commitText(firstNew)}`;
}

const METRIC_TITLES: Readonly<Record<string, string>> = {
  cpuNsPerRecord: 'CPU per record',
  recordsPerSecond: 'Throughput',
  latencyP50Ms: 'p50 latency',
  latencyP90Ms: 'p90 latency',
  latencyP99Ms: 'p99 latency',
};

/** `CPU per record, nightly`. */
export function seriesTitle({ entries }: AnalysedSeries): string {
  const [{ metric, scenario }] = entries as readonly [HistoryEntry];
  return `${METRIC_TITLES[metric] ?? metric}, ${scenario}`;
}

/** `git:v1.2.0 (9f3c1e2a)`. */
function referenceText({ label, description }: HistoryEntry['reference']): string {
  return description === '' || description === label ? label : `${label} (${description})`;
}

/** What a series is of, in one line. */
export function seriesText(series: AnalysedSeries): string {
  const { entries } = series;
  const [{ reference, load, direction }] = entries as readonly [HistoryEntry];
  const settings = Object.entries(load).map(([name, value]) => `${name}=${value}`);
  return [
    `ratio to ${referenceText(reference)}, ${direction}`,
    ...(settings.length === 0 ? [] : [settings.join(' ')]),
    `${checksText(entries.length)} from ${timeText(entries[0]!.at)} to ${timeText(entries.at(-1)!.at)} UTC`,
  ].join('; ');
}

/** `Now +3.1 % (+2.9 to +3.4 %) against the reference, over the last 12 checks.` */
export function levelText({ levels }: AnalysedSeries): string {
  const { ratio, interval, start, end } = levels.at(-1)!;
  const range =
    interval === null ? '' : ` (${percentRangeText({ low: interval.low - 1, high: interval.high - 1 })})`;
  return `Now ${signedPercentText(ratio - 1)}${range} against the reference, over the last ${checksText(end - start)}.`;
}

export function checksText(count: number): string {
  return count === 1 ? '1 check' : `${count} checks`;
}
