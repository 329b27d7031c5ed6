import type { Result, TrialResult } from '../../reports/result.ts';
import type { TrialOutcome } from '../trial-session.ts';

/** Encoded latency histograms by trial id. */
export type EncodedHistograms = ReadonlyMap<string, Uint8Array>;

/** How text for the terminal looks. */
export interface TextStyle {
  readonly color: boolean;
  readonly columns: number;
}

/** What a run needs of the reports: files in its directory, and text for the terminal. */
export interface ReportFiles {
  /** Writes the latency of one trial; returns the files' names inside the directory, null when there is nothing in it. */
  writeTrialHistograms(directory: string, outcome: TrialOutcome): TrialResult['histograms'];
  /** Writes every report. */
  writeReports(directory: string, result: Result, histograms: EncodedHistograms): Promise<void>;
  /** The table, the sentences and the notes. */
  terminalText(result: Result, histograms: EncodedHistograms, style: TextStyle): string;
}
