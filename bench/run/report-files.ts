import type { Result, TrialResult } from '../../reports/result.ts';
import type { TrialOutcome } from '../trial-session.ts';

/** What a run needs of the reports: files in its directory, and text for the terminal. */
export interface ReportFiles {
  /** Writes the latency of one trial; returns the files' names inside the directory, null when there is nothing in it. */
  writeTrialHistograms(
    directory: string,
    outcome: TrialOutcome,
    runStartedAt: string,
  ): TrialResult['histograms'];
  /** Writes every report; `histograms` are encoded, by trial id. */
  writeReports(
    directory: string,
    result: Result,
    histograms: ReadonlyMap<string, Uint8Array>,
  ): void | Promise<void>;
  /** The table, the sentences and the notes. */
  terminalText(result: Result, options: { readonly color: boolean; readonly columns: number }): string;
}
