import type { ReportTable } from '../report-table.ts';
import { painter, type TerminalStyle } from './paint.ts';
import { textTable } from './text-table.ts';
import { withoutControls } from './without-controls.ts';
import { wrapText } from './wrap-text.ts';

/** A table with its sentences for the terminal; '' without one. */
export function reportTableText(table: ReportTable | null, { color, width }: TerminalStyle): string {
  if (table === null) return '';
  const columns = table.columns.map(({ name, isNumber, importance }, index) => ({
    title: name,
    text: (row: readonly string[]) => withoutControls(row[index]!),
    isNumber,
    importance,
  }));
  const sentences = table.sentences.flatMap((text) => wrapText(withoutControls(text), width));
  return [
    painter(color)('bold', table.title),
    ...textTable(table.rows, columns, width),
    '',
    ...sentences,
  ].join('\n');
}
