import { percentRangeText, signedPercentText } from '../number-text.ts';
import type { AnalysedSeries, LevelChange } from './analyse-history.ts';
import { historyNotes } from './analyse-history.ts';
import { checksText, commitsText, levelText, seriesText, seriesTitle, timeText } from './history-words.ts';

const HEAD = ['change', '95 % interval', 'since (UTC)', 'commits', 'checks'];

/** Every series with its changes, the latest first: tables that read as they are and as Markdown. */
export function historyMarkdown(file: string, series: readonly AnalysedSeries[]): string {
  const checks = series.reduce((sum, { entries }) => sum + entries.length, 0);
  const heading = `# ${escapeCell(file)}: ${checksText(checks)}, ${series.length === 1 ? '1 series' : `${series.length} series`}`;
  const notes = historyNotes(series).map((note) => `- ${escapeCell(note)}`);
  return `${[heading, ...(notes.length === 0 ? [] : [notes.join('\n')]), ...series.map(section)].join('\n\n')}\n`;
}

function section(series: AnalysedSeries): string {
  const { changes, notes } = series;
  const table =
    changes.length === 0
      ? 'No change of the level found.'
      : tableText([HEAD, ...changes.toReversed().map(row)]);
  const remarks = [...notes, ...changes.toReversed().flatMap(remarksOf)].map(
    (note) => `- ${escapeCell(note)}`,
  );
  return [
    `## ${escapeCell(seriesTitle(series))}`,
    `${escapeCell(seriesText(series))}`,
    levelText(series),
    table,
    ...(remarks.length === 0 ? [] : [remarks.join('\n')]),
  ].join('\n\n');
}

function row(change: LevelChange): readonly string[] {
  return [
    `${signedPercentText(change.change)} ${change.verdict}`,
    percentRangeText(change).slice(0, -2),
    timeText(change.after.at),
    escapeCell(commitsText(change)),
    `${change.checksBefore}+${change.checksAfter}`,
  ];
}

function remarksOf(change: LevelChange): readonly string[] {
  return change.notes.map((note) => `${timeText(change.after.at)}: ${note}`);
}

/** Columns are padded, so that the table reads in a terminal. */
function tableText(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length), 3));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows as readonly [readonly string[], ...(readonly string[])[]];
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join(
    '\n',
  );
}

/** Names come from files and branches: they must not become markup, or move a terminal's cursor. */
function escapeCell(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
      .replace(/[\\`*[\]<>|]/g, '\\$&')
  );
}
