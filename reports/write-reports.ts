import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file.ts';
import { reportMarkdown } from './formats/report-md.ts';
import { resultJson } from './formats/result-json.ts';
import { summaryCsv } from './formats/summary-csv.ts';
import { LAB_PAGE, readLab } from './lab/read-lab.ts';
import { type HistogramSource, levelsOf } from './levels/levels.ts';
import type { Result } from './result.ts';
import { RESULT_FILE, readResult } from './result-schema.ts';
import { histogramsInDirectory, histogramsInMemory, rewriteHgrm } from './trial-histograms.ts';

/**
 * Writes result.json, summary.csv, report.md and report.html, each whole or not at all; beside a partitioners.json, which
 * says where the keys of the run land, partitioners.html too. `histograms` are
 * LatencyHistogram bytes by trial id; without them the .hlog files of the directory are read.
 * Throws TidemarkError `STORAGE` naming the file that could not be written.
 */
export async function writeReports(
  directory: string,
  result: Result,
  histograms?: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const source = histograms === undefined ? histogramsInDirectory(directory) : histogramsInMemory(histograms);
  // The result first: everything else can be made again from it.
  writeFileAtomically(join(directory, RESULT_FILE), resultJson(result));
  await writeDerived(directory, result, source);
}

/** `tidemark report DIR`: every report again, from result.json and the .hlog files alone. Returns what it read. */
export async function renderReportsFromDirectory(directory: string): Promise<Result> {
  const result = readResult(directory);
  const source = histogramsInDirectory(directory);
  for (const trial of result.trials) rewriteHgrm(directory, trial, source);
  await writeDerived(directory, result, source);
  return result;
}

async function writeDerived(directory: string, result: Result, source: HistogramSource): Promise<void> {
  writeFileAtomically(join(directory, 'summary.csv'), summaryCsv(result, source));
  writeFileAtomically(join(directory, 'report.md'), reportMarkdown(result, source));
  // Charts take a library that nothing else needs.
  const { reportHtml } = await import('./formats/report-html.ts');
  writeFileAtomically(join(directory, 'report.html'), reportHtml(result, source));
  const lab = readLab(directory);
  if (lab === null) return;
  const { labPage } = await import('./lab/lab-page.ts');
  writeFileAtomically(join(directory, LAB_PAGE), labPage(lab, { result, table: levelsOf(result, source) }));
}
