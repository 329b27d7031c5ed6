import type { CheckResult } from '../check/check-result.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { FigureSet } from '../figures/figures.ts';
import type { HistogramSource } from '../levels/levels.ts';
import type { LatencyHistogram } from '../measure/latency-histogram.ts';
import type { Result, TrialResult } from '../result.ts';

/** What formats are made of. */
export type FormatSource = RunSource | ComparisonSource | CheckSource;

export interface RunSource {
  readonly kind: 'run';
  readonly figures: FigureSet;
  readonly result: Result;
  readonly histograms: HistogramSource;
  readonly intervals: IntervalSource;
}

export interface ComparisonSource {
  readonly kind: 'comparison';
  readonly figures: FigureSet;
  readonly comparison: Comparison;
}

export interface CheckSource {
  readonly kind: 'check';
  readonly figures: FigureSet;
  readonly check: CheckResult;
}

/** Latency of one stretch of a trial; the caller destroys the histogram. */
export interface HistogramInterval {
  readonly lengthSeconds: number;
  readonly histogram: LatencyHistogram;
}

/** A trial's latency cut into intervals, read afresh for each call; empty when it is not at hand. */
export type IntervalSource = (trial: TrialResult) => readonly HistogramInterval[];

export interface RenderedFile {
  /** What the file is called beside the others of a run. */
  readonly fileName: string;
  readonly text: string;
}

export interface Format {
  /** What it can describe; the others are refused. */
  readonly of: readonly FormatSource['kind'][];
  /**
   * The first is what goes to stdout; none where there is nothing that the format could say. The source is of a
   * kind named in `of`.
   */
  readonly render: (source: FormatSource) => readonly RenderedFile[] | Promise<readonly RenderedFile[]>;
}
