import { textTable, wrapText } from '../lab/text-table.ts';
import type { ReportTable } from '../report-table.ts';
import { withoutControls } from './terminal-table.ts';

const BOLD = 1;

/** A table with its sentences for the terminal; '' without one. */
export function reportTableText(
  table: ReportTable | null,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (table === null) return '';
  const columns = table.columns.map(({ name, isNumber, importance }, index) => ({
    title: name,
    text: (row: readonly string[]) => withoutControls(row[index]!),
    isNumber,
    importance,
  }));
  const title = color ? `\u001b[${BOLD}m${table.title}\u001b[0m` : table.title;
  const sentences = table.sentences.flatMap((text) => wrapText(text, width));
  return [title, ...textTable(table.rows, columns, width), '', ...sentences].join('\n');
}
