import { realClock } from '../../core/base/real-clock.ts';
import type { GeneratorReport, PacedReport, SaturatedReport } from '../../workers/generator-protocol.ts';
import type { TrialProgress } from '../../workers/trial-progress.ts';
import type { TrialSpec } from '../../workers/trial-spec.ts';
import type { GeneratorLink } from './generator-link.ts';

/** All generators must have the command before the first may start. */
const START_LEAD_MS = 15;
const PACED_WARMUP_MAX_MS = 200;
const PROGRESS_EVERY_MS = 100;

export interface Measurements {
  readonly saturated: readonly SaturatedReport[] | null;
  readonly paced: readonly PacedReport[] | null;
  /** Records per second over all generators; null without a paced phase. */
  readonly pacedRate: number | null;
  readonly generators: readonly GeneratorReport[];
  /** Of the first measured phase. */
  readonly startNs: number;
}

export interface MeasureOptions {
  readonly spec: TrialSpec;
  readonly links: readonly GeneratorLink[];
  /** null: from this trial's own saturated phase. */
  readonly pacedRate: number | null;
  /** Record bytes after which the saturated phase ends early, so that the log fits where it is kept. */
  readonly maxRecordBytes: number;
  readonly onProgress: (progress: TrialProgress) => void;
}

/** Takes all generators of a trial through its phases, together. Rejects when one of them fails. */
export async function measureTrial(options: MeasureOptions): Promise<Measurements> {
  const { spec, links } = options;
  await Promise.all(links.map((link) => link.next('ready')));
  const startNs = realClock.nowNs();
  const saturated = spec.load.saturatedMs > 0 ? await saturate(options) : null;
  const pacedRate = spec.load.pacedMs > 0 ? rateOf(options, saturated) : null;
  const paced = pacedRate === null ? null : await pace(options, pacedRate);
  for (const link of links) link.send({ type: 'finish' });
  const generators = await Promise.all(links.map((link) => link.done));
  return { saturated, paced, pacedRate, generators, startNs };
}

async function saturate(options: MeasureOptions): Promise<SaturatedReport[]> {
  const { spec, links, maxRecordBytes } = options;
  const command = {
    type: 'saturate',
    startNs: realClock.nowNs() + START_LEAD_MS * 1e6,
    warmupMs: spec.load.warmupMs,
    windowMs: spec.load.saturatedMs,
    maxRecordBytes: maxRecordBytes / links.length,
  } as const;
  const stop = showProgress(options, 'saturated', command.startNs + command.warmupMs * 1e6);
  try {
    for (const link of links) link.send(command);
    return (await Promise.all(links.map((link) => link.next('saturated')))).map((event) => event.report);
  } finally {
    stop();
  }
}

async function pace(options: MeasureOptions, recordsPerSecond: number): Promise<PacedReport[]> {
  const { spec, links } = options;
  const command = {
    type: 'pace',
    startNs: realClock.nowNs() + START_LEAD_MS * 1e6,
    // After a saturated phase everything is warm but the pace itself.
    warmupMs:
      spec.load.saturatedMs > 0 ? Math.min(spec.load.warmupMs, PACED_WARMUP_MAX_MS) : spec.load.warmupMs,
    windowMs: spec.load.pacedMs,
    recordsPerSecond,
    burstRecords: spec.load.burstRecords ?? null,
  } as const;
  const stop = showProgress(options, 'paced', command.startNs + command.warmupMs * 1e6);
  try {
    for (const link of links) link.send(command);
    return (await Promise.all(links.map((link) => link.next('paced')))).map((event) => event.report);
  } finally {
    stop();
  }
}

function rateOf(options: MeasureOptions, saturated: readonly SaturatedReport[] | null): number {
  const { spec, pacedRate } = options;
  if (spec.load.pace.kind === 'rate') return spec.load.pace.recordsPerSecond;
  if (pacedRate !== null) return pacedRate;
  const reached =
    saturated === null ? 0 : sumOf(saturated, (report) => (report.windowRecords * 1e9) / report.windowNs);
  if (reached <= 0) throw new Error(nothingToPaceBy(saturated ?? []));
  return Math.max(1, Math.round(reached * spec.load.pace.ofBase));
}

function nothingToPaceBy(saturated: readonly SaturatedReport[]): string {
  const failure = saturated.find(({ firstError }) => firstError !== null)?.firstError;
  const cause = failure === undefined ? '' : `; the first record that failed: ${failure}`;
  return `nothing was acknowledged at saturation, so there is no rate to pace by${cause}`;
}

/** Sums what the generators tell, ten times a second, until stopped. */
function showProgress(
  options: MeasureOptions,
  phase: 'saturated' | 'paced',
  windowStartNs: number,
): () => void {
  const timer = setInterval(() => {
    const known = options.links.map((link) => link.progress).filter((progress) => progress !== null);
    const p99s = known.map((progress) => progress.p99Ms).filter((p99) => p99 !== null);
    options.onProgress({
      phase: realClock.nowNs() < windowStartNs ? 'warm-up' : phase,
      recordsPerSecond: known.length === 0 ? null : sumOf(known, (progress) => progress.recordsPerSecond),
      p99Ms: p99s.length === 0 ? null : Math.max(...p99s),
    });
  }, PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

export function sumOf<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((sum, item) => sum + figure(item), 0);
}
