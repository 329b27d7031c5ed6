import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { TidemarkError } from '../core/base/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { HistogramInterval, IntervalSource } from './formats/format.ts';
import { hgrmText } from './formats/hgrm.ts';
import { hlogText, type LatencyInterval, readHlog } from './formats/hlog.ts';
import { readHlogIntervals } from './formats/hlog-intervals.ts';
import type { HistogramSource } from './levels/levels.ts';
import { LatencyHistogram } from './measure/latency-histogram.ts';
import type { TrialResult } from './result.ts';

const FOLDER = 'trials';

export interface TrialLatency {
  readonly trialId: string;
  /** LatencyHistogram.toBytes() of the whole trial; null when nothing was recorded. */
  readonly histogram: Uint8Array | null;
  /** The same cut into intervals; without any, the whole trial is one. */
  readonly intervals: readonly LatencyInterval[];
  /** Wall-clock start of the measured phases, milliseconds since the epoch. */
  readonly startTimeMs: number;
  readonly durationSeconds: number;
}

/** Writes `trials/<id>.hgrm` and `.hlog`; returns their names inside the directory, null when there is nothing in them. */
export function writeTrialHistograms(directory: string, latency: TrialLatency): TrialResult['histograms'] {
  if (latency.histogram === null) return null;
  const names = histogramNames(latency.trialId);
  const histogram = LatencyHistogram.fromBytes(latency.histogram);
  try {
    if (histogram.count === 0) return null;
    const whole = { startSeconds: 0, lengthSeconds: latency.durationSeconds, bytes: latency.histogram };
    const intervals = latency.intervals.length === 0 ? [whole] : latency.intervals;
    writeFileAtomically(join(directory, names.hgrm), hgrmText(histogram));
    writeFileAtomically(join(directory, names.hlog), hlogText(latency.startTimeMs, intervals));
  } finally {
    histogram.destroy();
  }
  return names;
}

function histogramNames(trialId: string): { hgrm: string; hlog: string } {
  const name = trialId.replace(/[^a-zA-Z0-9._=-]/g, '_').replace(/^\.+/, '_');
  return { hgrm: `${FOLDER}/${name}.hgrm`, hlog: `${FOLDER}/${name}.hlog` };
}

/** Histograms at hand in memory, by trial id (LatencyHistogram bytes). */
export function histogramsInMemory(encoded: ReadonlyMap<string, Uint8Array>): HistogramSource {
  return (trial) => {
    const bytes = encoded.get(trial.id);
    return bytes === undefined ? null : LatencyHistogram.fromBytes(bytes);
  };
}

/** Histograms from the .hlog files of a run directory; null where a file is missing. Throws TidemarkError `RESULT` for a damaged one. */
export function histogramsInDirectory(directory: string): HistogramSource {
  return (trial) => fromHlog(directory, trial, (text) => readHlog(text, trial.latencyMs.max));
}

/** As histogramsInDirectory, interval by interval; empty where a file is missing. */
export function intervalsInDirectory(directory: string): IntervalSource {
  return (trial) => fromHlog<readonly HistogramInterval[]>(directory, trial, readHlogIntervals) ?? [];
}

function fromHlog<T>(directory: string, trial: TrialResult, read: (text: string) => T | null): T | null {
  const path = trial.histograms === null ? null : insideOf(directory, trial.histograms.hlog);
  const text = path === null ? null : readIfThere(path);
  if (text === null) return null;
  try {
    return read(text);
  } catch (error) {
    throw new TidemarkError('RESULT', `${path}: not a readable .hlog: ${(error as Error).message ?? error}`, {
      cause: error,
    });
  }
}

/** A result may come from anywhere: the files it names are read only inside its own directory. */
function insideOf(directory: string, name: string): string | null {
  const path = resolve(directory, name);
  const inside = relative(resolve(directory), path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : path;
}

/** Writes a trial's .hgrm again from its .hlog, where there is one. */
export function rewriteHgrm(directory: string, trial: TrialResult, source: HistogramSource): void {
  const path = trial.histograms === null ? null : insideOf(directory, trial.histograms.hgrm);
  const histogram = path === null ? null : source(trial);
  if (path === null || histogram === null) return;
  writeFileAtomically(path, hgrmText(histogram));
  histogram.destroy();
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new TidemarkError('RESULT', `${path}: ${(error as Error).message}`, { cause: error });
  }
}
