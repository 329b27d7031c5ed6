import { createHash } from 'node:crypto';
import type { CheckMetricName, CheckResult, CheckVerdict } from '../check/check-result.ts';

export const HISTORY_SCHEMA = 'tidemark.history/1';

/** One check, as a line of a history file. */
export interface HistoryEntry {
  readonly schema: typeof HISTORY_SCHEMA;
  /** Of what was measured, when and of what: the same check has the same id in every copy of the file. */
  readonly id: string;
  /** When the check began, ISO 8601 in UTC. */
  readonly at: string;
  /** Of the candidate; null outside a repository. */
  readonly commit: string | null;
  /** Whether the candidate had changes that no commit holds. */
  readonly dirty: boolean;
  readonly branch: string | null;
  /** The user's name for what is measured. */
  readonly scenario: string;
  readonly metric: CheckMetricName;
  readonly direction: 'lower is better' | 'higher is better';
  /** What decides the figure beside the two sides: driver, record size, partitions, target. */
  readonly load: Readonly<Record<string, HistoryValue>>;
  /** The base that was pinned: as the user named it, and what that was. */
  readonly reference: { readonly label: string; readonly description: string };
  /** candidate / reference, with the check's bounds. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly sessions: number;
  readonly verdict: CheckVerdict;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly node: string };
}

export type HistoryValue = string | number | boolean | null;

/** What a check does not know about itself. */
export interface HistoryContext {
  readonly commit: string | null;
  readonly dirty: boolean;
  readonly branch: string | null;
  readonly scenario: string;
  readonly load: Readonly<Record<string, HistoryValue>>;
}

/** A check's primary metric as a line of its history. */
export function historyEntryOf(check: CheckResult, context: HistoryContext): HistoryEntry {
  const { base, environment, metric, metrics } = check;
  const measured = metrics.find((one) => one.metric === metric);
  const entry = {
    schema: HISTORY_SCHEMA,
    at: new Date(check.startedAt).toISOString(),
    commit: context.commit,
    dirty: context.dirty,
    branch: context.branch,
    scenario: context.scenario,
    metric,
    direction: measured?.direction ?? 'lower is better',
    load: Object.fromEntries(Object.entries(context.load).sort(([a], [b]) => (a < b ? -1 : 1))),
    reference: { label: base.label, description: base.description },
    ratio: rounded(1 + check.change),
    low: rounded(1 + check.low),
    high: rounded(1 + check.high),
    sessions: check.sessions,
    verdict: check.verdict,
    machine: { cpu: environment.cpu, cores: environment.cores, node: environment.node },
  } as const;
  const { schema, ...rest } = entry;
  return { schema, id: entryId(entry), ...rest };
}

/** Over what makes a check that check: fields that later versions add leave it alone. */
export function entryId(entry: Omit<HistoryEntry, 'id'>): string {
  const identity = [
    entry.at,
    entry.commit,
    seriesKey(entry),
    entry.ratio,
    entry.low,
    entry.high,
    entry.sessions,
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16);
}

/**
 * Checks with the same key can be compared over time. Another reference starts another series: its ratios begin near 1
 * again, and a link between the two would carry the noise of whichever check it was taken from into every later one.
 * The machine is left out: both sides ran on it, and the ratio is what remains.
 */
export function seriesKey(entry: Pick<HistoryEntry, 'scenario' | 'metric' | 'load' | 'reference'>): string {
  const load = Object.entries(entry.load).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([entry.scenario, entry.metric, load, referenceIdentity(entry.reference)]);
}

/** A name such as git:main moves; what it stood for does not. */
export function referenceIdentity({ label, description }: HistoryEntry['reference']): string {
  return description === '' ? label : description;
}

/** In order of time, not of lines: a merge of two branches may put lines in any order. */
export function inOrder(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return [...entries].sort(
    (a, b) => compare(a.at, b.at) || compare(a.commit ?? '', b.commit ?? '') || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A line is read by people, too: a millionth is far below what any check can see. */
function rounded(ratio: number): number {
  return Number(ratio.toFixed(6));
}
