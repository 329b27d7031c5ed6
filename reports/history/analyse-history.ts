import type { Interval } from '../statistics/interval.ts';
import { meanInterval } from '../statistics/mean-interval.ts';
import { type ChangePoint, changePoints, type EDivisiveOptions } from './e-divisive.ts';
import { entryId, type HistoryEntry, inOrder, referenceIdentity, seriesKey } from './history-entry.ts';
import { locateChange } from './locate-change.ts';

/**
 * Otava's windows, with a stricter p and at least three checks per level. With Otava's own p of 0.001 there would be several
 * times as many false alarms; with levels of a single check every odd one is an alarm, where sessions have heavy tails above all.
 * Three cost nothing: two say too little for a step of 3 %, and a larger one fails the check itself. What these
 * find, `npm run bench:history` measures: at most 0.1 false alarms in 100 checks.
 */
export const HISTORY_OPTIONS: EDivisiveOptions = { windowLength: 50, maxP: 1e-4, minLength: 3 };

/** Checks of one thing against one reference, in order of time. */
interface HistorySeries {
  readonly key: string;
  readonly entries: readonly HistoryEntry[];
}

/** A change of the level of a series. */
export interface LevelChange {
  readonly verdict: 'worse' | 'better';
  /** Level after / level before - 1, and its interval over all places that the change may have. */
  readonly change: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
  /** Index of the first check with the new level. */
  readonly index: number;
  /** The last check with the old level and the first with the new one, where that is most likely. */
  readonly before: HistoryEntry;
  readonly after: HistoryEntry;
  /** Between the commits of these the change lies with 95 % confidence. */
  readonly lastOld: HistoryEntry;
  readonly firstNew: HistoryEntry;
  readonly checksBefore: number;
  readonly checksAfter: number;
  /** What else changed with it. */
  readonly notes: readonly string[];
}

/** A stretch between two changes: checks start <= i < end, and their mean ratio with its interval. */
export interface Level {
  readonly start: number;
  readonly end: number;
  readonly ratio: number;
  /** null for a single check. */
  readonly interval: Interval | null;
}

export interface AnalysedSeries extends HistorySeries {
  readonly levels: readonly Level[];
  readonly changes: readonly LevelChange[];
  readonly notes: readonly string[];
}

/** Every series of a history with its changes, in order of first appearance. */
export function analyseHistory(entries: readonly HistoryEntry[]): readonly AnalysedSeries[] {
  return seriesOf(entries).map(analyseSeries);
}

function seriesOf(entries: readonly HistoryEntry[]): readonly HistorySeries[] {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of inOrder(entries)) {
    const key = seriesKey(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups].map(([key, group]) => ({ key, entries: group }));
}

function analyseSeries(series: HistorySeries): AnalysedSeries {
  const { entries } = series;
  const logs = entries.map((entry) => Math.log(entry.ratio));
  const points = changePoints(logs, HISTORY_OPTIONS);
  const bounds = [0, ...points.map((point) => point.index), entries.length];
  const levels = bounds.slice(1).map((end, at) => levelOf(logs, bounds[at]!, end));
  return {
    ...series,
    levels,
    changes: points.map((point, at) =>
      changeAt(series, logs, {
        point,
        start: bounds[at]!,
        end: bounds[at + 2]!,
      }),
    ),
    notes: notesOf(entries),
  };
}

function changeAt(
  { entries }: HistorySeries,
  logs: readonly number[],
  place: { readonly point: ChangePoint; readonly start: number; readonly end: number },
): LevelChange {
  const { point, start, end } = place;
  const { index, p } = point;
  const { size, interval, earliest, latest } = locateChange(logs, { start, index, end });
  const before = entries[index - 1]!;
  const after = entries[index]!;
  const isMore = size > 0;
  return {
    verdict: isMore === (after.direction === 'lower is better') ? 'worse' : 'better',
    change: Math.expm1(size),
    low: Math.expm1(interval.low),
    high: Math.expm1(interval.high),
    p,
    index,
    before,
    after,
    lastOld: entries[earliest - 1]!,
    firstNew: entries[latest]!,
    checksBefore: index - start,
    checksAfter: end - index,
    notes: whatElseChanged(before, after),
  };
}

function levelOf(logs: readonly number[], start: number, end: number): Level {
  const { value, low, high } = meanInterval(logs.slice(start, end))!;
  const interval = low === null || high === null ? null : { low: Math.exp(low), high: Math.exp(high) };
  return { start, end, ratio: Math.exp(value), interval };
}

/** A ratio cancels the machine, but not entirely: what one side does may suit another processor better. */
function whatElseChanged(before: HistoryEntry, after: HistoryEntry): readonly string[] {
  const pairs = [
    ['processor', before.machine.cpu, after.machine.cpu],
    ['cores', before.machine.cores, after.machine.cores],
    ['Node', before.machine.node, after.machine.node],
  ] as const;
  return pairs
    .filter(([, from, to]) => from !== to)
    .map(([name, from, to]) => `${name} changed at the same check: ${from}, then ${to}`);
}

function notesOf(entries: readonly HistoryEntry[]): readonly string[] {
  const branches = [...new Set(entries.map((entry) => entry.branch ?? 'no branch'))];
  const edited = entries.filter((entry) => entry.id !== entryId(entry)).length;
  return [
    ...(branches.length < 2
      ? []
      : [`checks of ${branches.length} branches stand in one row (${listed(branches)}); --branch takes one`]),
    ...(edited === 0
      ? []
      : [
          `${edited === 1 ? 'one line says' : `${edited} lines say`} something else than the check of that id: changed by hand, or made elsewhere`,
        ]),
  ];
}

/** Notes that concern the whole file: a reference that moves makes a new series with each check. */
export function historyNotes(series: readonly AnalysedSeries[]): readonly string[] {
  const meanings = new Map<string, Set<string>>();
  for (const { entries } of series) {
    const [{ reference, metric, scenario }] = entries as readonly [HistoryEntry];
    const name = JSON.stringify([scenario, metric, reference.label]);
    meanings.set(name, (meanings.get(name) ?? new Set()).add(referenceIdentity(reference)));
  }
  return [...meanings].flatMap(([name, { size }]) => {
    const [, metric, label] = JSON.parse(name) as [string, string, string];
    return size < 2
      ? []
      : [
          `${metric}: the reference ${label} stood for ${size} different things, each of which starts a series of its own; pin it to a tag, a commit or a version`,
        ];
  });
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, ...` : names.join(', ');
}
