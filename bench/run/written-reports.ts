import { TidemarkError } from '../../core/base/errors.ts';
import { terminalText } from '../../reports/terminal/run-text.ts';
import {
  histogramsInDirectory,
  histogramsInMemory,
  writeTrialHistograms,
} from '../../reports/trial-histograms.ts';
import { renderReportsFromDirectory, writeReports } from '../../reports/write-reports.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { ReportFiles, TextStyle } from './report-files.ts';

/** The reports as they are written for users. */
export const writtenReports: ReportFiles = {
  writeTrialHistograms: (directory, { result, histogram, intervals }) =>
    writeTrialHistograms(directory, {
      trialId: result.id,
      histogram,
      intervals,
      startTimeMs: Date.parse(result.startedAt),
      durationSeconds: result.durationSeconds,
    }),
  writeReports,
  terminalText: (result, histograms, { color, columns }) =>
    terminalText(result, { color, width: columns }, histogramsInMemory(histograms)),
};

/** `tidemark report`: every report of `directory` again; returns the text for the terminal. Exit 2 without a readable result. */
export async function renderAgain(directory: string, { color, columns }: TextStyle): Promise<string> {
  try {
    const result = await renderReportsFromDirectory(directory);
    return terminalText(result, { color, width: columns }, histogramsInDirectory(directory));
  } catch (error) {
    if (error instanceof TidemarkError && error.kind === 'RESULT') throw usageError(error.message);
    throw new CliError(reasonOf(error), EXIT.failed, error);
  }
}
