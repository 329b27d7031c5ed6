import { precisionSentence } from '../../reports/levels/findings.ts';
import type { TrialResult } from '../../reports/result.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { reasonOf } from '../cli-error.ts';
import { isBaseTrial } from '../sweep/plan.ts';
import { FEWEST_ROUNDS } from '../sweep/precision.ts';
import { isPacedBy } from '../sweep/workload-factors.ts';
import type { TrialOutcome, TrialSession } from '../trial-session.ts';
import type { Journal } from './journal.ts';
import { neededTrials, precisionOf } from './precision-rule.ts';
import type { RunProgress } from './progress.ts';
import type { ReportFiles } from './report-files.ts';
import { watchTarget } from './watch-target.ts';

/** A trial that was told to stop has this long to do so. */
const ABORT_GRACE_MS = 3000;
const NO_ANSWER = 'none of its servers takes a connection any more';

export interface RunTrialsOptions {
  readonly journal: Journal;
  readonly directory: string;
  readonly session: TrialSession;
  readonly progress: RunProgress;
  readonly reports: ReportFiles;
  readonly signal: AbortSignal;
  /** Whether the target still answers; asked while a trial runs, and after one that failed. */
  readonly isTargetThere: () => Promise<boolean>;
  /** How often it is asked. */
  readonly watchEveryMs?: number;
}

/** How the trials ended: all through, told to stop, the target gone, or the session itself broken. */
export type RunTrialsEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string };

/**
 * Runs what the journal does not hold yet, each trial on the disk before the next begins. Throws a CliError when
 * the journal cannot be written.
 */
export async function runTrials(options: RunTrialsOptions): Promise<RunTrialsEnd> {
  const { journal, progress, signal } = options;
  for (;;) {
    if (signal.aborted) return { kind: 'interrupted' };
    const spec = nextTrial(journal);
    if (spec === null) return { kind: 'complete' };
    progress.start(spec);
    const outcome = await runOne(spec, options);
    if ('kind' in outcome) return outcome;
    if (outcome.result.status === 'failed' && !(await options.isTargetThere())) {
      return { kind: 'unreachable', reason: outcome.result.error ?? NO_ANSWER };
    }
    const result = storeHistograms(outcome, options);
    journal.append({
      result,
      histogram: outcome.histogram === null ? null : Buffer.from(outcome.histogram).toString('base64'),
    });
    progress.finish(spec, result);
    tellPrecision(options);
  }
}

type Progress = Pick<Journal, 'header' | 'entries'>;

/** After each whole round from the first that may be the last. */
function tellPrecision({ journal, progress }: RunTrialsOptions): void {
  const precision = precisionOf(journal);
  const { round } = journal.entries.at(-1)!.result;
  if (precision === null || precision.rounds < FEWEST_ROUNDS || precision.rounds !== round) return;
  if (nextTrial(journal)?.round !== round) progress.line(precisionSentence(precision));
}

/** In the plan's order, but what the rate of the next paced phase is a share of goes first, as long as it is not known. */
export function nextTrial({ header, entries }: Progress): TrialSpec | null {
  const finished = new Set(entries.map(({ result }) => result.id));
  const left = neededTrials({ header, entries }).filter(({ id }) => !finished.has(id));
  const [first] = left;
  if (first === undefined) return null;
  const isRateNeeded = first.load.pace.kind === 'share' && first.load.pacedMs > 0;
  if (!isRateNeeded || pacedRateOf(first, { header, entries }) !== null) return first;
  const references = new Set(referencesOf(first, header.plan.trials));
  return left.find((spec) => references.has(spec)) ?? first;
}

/**
 * Records per second of a trial's paced phase: as the suite fixes it, or the share of what the base reached at the same
 * partitions, when it first went well there; null while that is not known. From the journal alone, so that a resumed
 * run has the same.
 */
export function pacedRateOf({ load, ...spec }: TrialSpec, { header, entries }: Progress): number | null {
  if (load.pacedMs === 0) return null;
  if (load.pace.kind === 'rate') return load.pace.recordsPerSecond;
  const references = new Map(
    referencesOf({ ...spec, load }, header.plan.trials).map((reference) => [reference.id, reference]),
  );
  for (const { result } of entries) {
    const pace = references.get(result.id)?.load.pace;
    if (pace === undefined || result.status !== 'ok') continue;
    // What that trial was paced at itself, where it is the same share.
    if (pace.kind === 'share' && pace.ofBase === load.pace.ofBase && result.pacedRate !== null)
      return result.pacedRate;
    const reached = result.throughput.recordsPerSecond;
    if (reached !== null) return Math.max(1, Math.round(reached * load.pace.ofBase));
  }
  return null;
}

/** A grid or a sample may lack the base at those partitions: then the base itself has to do. */
function referencesOf(paced: TrialSpec, trials: readonly TrialSpec[]): readonly TrialSpec[] {
  const bases = trials.filter(isBaseTrial);
  const [base] = bases;
  if (base === undefined) return [];
  const references = trials.filter((reference) => isPacedBy(reference, base, paced));
  return references.length === 0 ? bases : references;
}

async function runOne(spec: TrialSpec, options: RunTrialsOptions): Promise<TrialOutcome | RunTrialsEnd> {
  const { session, journal, progress, signal } = options;
  const watch = watchTarget(options.isTargetThere, options.watchEveryMs);
  const stopping = AbortSignal.any([signal, watch.gone]);
  const running = session.runTrial(spec, {
    pacedRate: pacedRateOf(spec, journal),
    onProgress: (update) => {
      if (!stopping.aborted) progress.update(update);
    },
    signal: stopping,
  });
  const stopped = stopAfterGrace(stopping);
  try {
    const outcome = await Promise.race([running, stopped.promise]);
    // A trial that ended while it was told to stop measured less than it should have.
    if (outcome !== null && !stopping.aborted) return outcome;
  } catch (error) {
    if (!stopping.aborted) {
      const isUnreachable = (error as { kind?: string }).kind === 'NETWORK';
      return { kind: isUnreachable ? 'unreachable' : 'broken', reason: reasonOf(error) };
    }
  } finally {
    watch.stop();
    stopped.cancel();
    running.catch(() => {});
  }
  return signal.aborted ? { kind: 'interrupted' } : { kind: 'unreachable', reason: NO_ANSWER };
}

function stopAfterGrace(signal: AbortSignal): { promise: Promise<null>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const promise = new Promise<null>((resolve) => {
    onAbort = () => {
      timer = setTimeout(() => resolve(null), ABORT_GRACE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  return {
    promise,
    cancel: () => {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(timer);
    },
  };
}

function storeHistograms(outcome: TrialOutcome, { directory, reports }: RunTrialsOptions): TrialResult {
  const histograms = reports.writeTrialHistograms(directory, outcome);
  return { ...outcome.result, histograms };
}
