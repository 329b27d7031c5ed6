import type { TrialResult } from '../../reports/result.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import { reasonOf } from '../cli-error.ts';
import { isBaseTrial } from '../sweep/plan.ts';
import type { TrialOutcome, TrialSession } from '../trial-session.ts';
import type { Journal } from './journal.ts';
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
  }
}

/** In the plan's order, but a base first as long as none has given the common rate of the paced phases. */
export function nextTrial({ header, entries }: Pick<Journal, 'header' | 'entries'>): TrialSpec | null {
  const finished = new Set(entries.map(({ result }) => result.id));
  const left = header.plan.trials.filter(({ id }) => !finished.has(id));
  const isRateNeeded = left[0]?.load.pace.kind === 'share' && left[0].load.pacedMs > 0;
  const base = isRateNeeded && commonRate({ header, entries }) === null ? left.find(isBaseTrial) : undefined;
  return base ?? left[0] ?? null;
}

/**
 * Records per second of every paced phase: as the suite fixes it, or what the first base that went well was paced
 * at; null while there is none. From the journal alone, so that a resumed run has the same.
 */
export function commonRate({ header, entries }: Pick<Journal, 'header' | 'entries'>): number | null {
  const [first] = header.plan.trials;
  if (first === undefined || first.load.pacedMs === 0) return null;
  if (first.load.pace.kind === 'rate') return first.load.pace.recordsPerSecond;
  const bases = new Set(header.plan.trials.filter(isBaseTrial).map(({ id }) => id));
  const paced = entries.find(
    ({ result }) => bases.has(result.id) && result.status === 'ok' && result.pacedRate !== null,
  );
  return paced?.result.pacedRate ?? null;
}

async function runOne(spec: TrialSpec, options: RunTrialsOptions): Promise<TrialOutcome | RunTrialsEnd> {
  const { session, journal, progress, signal } = options;
  const watch = watchTarget(options.isTargetThere, options.watchEveryMs);
  const stopping = AbortSignal.any([signal, watch.gone]);
  const running = session.runTrial(spec, {
    pacedRate: commonRate(journal),
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
