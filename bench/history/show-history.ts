import { join, resolve } from 'node:path';
import { writeFileAtomically } from '../../reports/atomic-file.ts';
import { type AnalysedSeries, analyseHistory } from '../../reports/history/analyse-history.ts';
import type { HistoryEntry } from '../../reports/history/history-entry.ts';
import { historyHtml } from '../../reports/history/history-html.ts';
import { historyMarkdown } from '../../reports/history/history-markdown.ts';
import { historyReport } from '../../reports/history/history-report.ts';
import { CliError, reasonOf, usageError } from '../cli-error.ts';
import type { CliIo } from '../commands/cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readHistory } from './history-file.ts';

export interface ShowHistoryOptions {
  /** As the user wrote it. */
  readonly file: string;
  readonly branch: string | null;
  readonly isJson: boolean;
  readonly outDirectory: string | null;
  readonly failOnChange: boolean;
}

/** `tidemark history`: 0, or 99 when asked to fail and the latest change of a series is for the worse. */
export function showHistory(io: CliIo, options: ShowHistoryOptions): ExitCode {
  const { file, branch, isJson, outDirectory, failOnChange } = options;
  const all = readHistory(resolve(io.workingDirectory, file), file);
  const series = analyseHistory(chosen(all, file, branch));
  const json = `${JSON.stringify(historyReport(file, series), null, 2)}\n`;
  const markdown = historyMarkdown(file, series);
  io.stdout.write(isJson ? json : markdown);
  if (outDirectory !== null) {
    write(join(outDirectory, 'history.json'), json);
    write(join(outDirectory, 'history.md'), markdown);
    write(join(outDirectory, 'history.html'), historyHtml(file, series));
    io.stderr.write(`History written: ${outDirectory}\n`);
  }
  return failOnChange && series.some(isWorse) ? EXIT.breached : EXIT.ok;
}

function chosen(all: readonly HistoryEntry[], file: string, branch: string | null): readonly HistoryEntry[] {
  if (all.length === 0) {
    throw usageError(
      `${file}: no checks in it, or no such file; tidemark check --base git:TAG --candidate . --history ${file} adds one`,
    );
  }
  const found = branch === null ? all : all.filter((entry) => entry.branch === branch);
  if (found.length > 0) return found;
  const branches = [...new Set(all.map((entry) => entry.branch ?? 'none'))];
  throw usageError(`${file}: no check of branch '${branch}'; it has ${branches.slice(0, 6).join(', ')}`);
}

function isWorse({ changes }: AnalysedSeries): boolean {
  return changes.at(-1)?.verdict === 'worse';
}

function write(path: string, text: string): void {
  try {
    writeFileAtomically(path, text);
  } catch (error) {
    throw new CliError(reasonOf(error), EXIT.failed, error);
  }
}
