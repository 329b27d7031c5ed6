import { type AnalysedSeries, HISTORY_OPTIONS, historyNotes, type LevelChange } from './analyse-history.ts';
import type { HistoryEntry, HistoryValue } from './history-entry.ts';

const HISTORY_REPORT_SCHEMA = 'tidemark.history-report/1';

/** `tidemark history --json`, described in docs/history.md. Changes and ratios are fractions. */
export interface HistoryReport {
  readonly schema: typeof HISTORY_REPORT_SCHEMA;
  readonly file: string;
  readonly checks: number;
  readonly series: readonly SeriesReport[];
  readonly notes: readonly string[];
  readonly method: {
    readonly name: 'e-divisive';
    readonly windowLength: number;
    readonly maxP: number;
    readonly minLength: number;
  };
}

export interface SeriesReport {
  readonly scenario: string;
  readonly metric: string;
  readonly direction: string;
  readonly load: Readonly<Record<string, HistoryValue>>;
  readonly reference: { readonly label: string; readonly description: string };
  readonly checks: number;
  /** Times of the first and the last check. */
  readonly from: string;
  readonly to: string;
  /** The level of the latest checks: mean ratio to the reference; the interval is null for a single check. */
  readonly level: {
    readonly ratio: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly checks: number;
  };
  readonly changes: readonly ChangeReport[];
  readonly notes: readonly string[];
}

export interface ChangeReport {
  readonly verdict: 'worse' | 'better';
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** Time of the first check with the new level. */
  readonly since: string;
  /** The first commit with the new level and the last one with the old, where that is most likely. */
  readonly commit: string | null;
  readonly previousCommit: string | null;
  /**
   * What git log takes: with 95 % confidence the change is one of these commits. null where a commit is not known, or
   * where both are one.
   */
  readonly range: string | null;
  readonly checksBefore: number;
  readonly checksAfter: number;
  readonly notes: readonly string[];
}

/** What `history --json` prints of the series of `file`. */
export function historyReport(file: string, series: readonly AnalysedSeries[]): HistoryReport {
  return {
    schema: HISTORY_REPORT_SCHEMA,
    file,
    checks: series.reduce((sum, { entries }) => sum + entries.length, 0),
    series: series.map(seriesReport),
    notes: historyNotes(series),
    method: { name: 'e-divisive', ...HISTORY_OPTIONS },
  };
}

function seriesReport({ entries, levels, changes, notes }: AnalysedSeries): SeriesReport {
  const [first] = entries as readonly [HistoryEntry];
  const level = levels.at(-1)!;
  return {
    scenario: first.scenario,
    metric: first.metric,
    direction: first.direction,
    load: first.load,
    reference: first.reference,
    checks: entries.length,
    from: first.at,
    to: entries.at(-1)!.at,
    level: {
      ratio: level.ratio,
      low: level.interval?.low ?? null,
      high: level.interval?.high ?? null,
      checks: level.end - level.start,
    },
    changes: changes.map(changeReport),
    notes,
  };
}

function changeReport(change: LevelChange): ChangeReport {
  const { before, after } = change;
  return {
    verdict: change.verdict,
    change: change.change,
    low: change.low,
    high: change.high,
    p: change.p,
    since: after.at,
    commit: after.commit,
    previousCommit: before.commit,
    range: commitRange(change),
    checksBefore: change.checksBefore,
    checksAfter: change.checksAfter,
    notes: change.notes,
  };
}

function commitRange({ lastOld, firstNew }: LevelChange): string | null {
  if (lastOld.commit === null || firstNew.commit === null || lastOld.commit === firstNew.commit) return null;
  return `${lastOld.commit}..${firstNew.commit}`;
}
