import { textTable, wrapText } from '../lab/text-table.ts';
import type { PublishedTable } from './published-table.ts';

const BOLD = 1;

/** The published figures beside the measured ones, for the terminal. */
export function publishedTerminal(
  published: PublishedTable | null,
  { color, width }: { readonly color: boolean; readonly width: number },
): string {
  if (published === null) return '';
  const columns = published.columns.map(({ name, isNumber, importance }, index) => ({
    title: name,
    text: (row: readonly string[]) => row[index]!,
    isNumber,
    importance,
  }));
  const title = color ? `\u001b[${BOLD}m${published.title}\u001b[0m` : published.title;
  return [
    title,
    ...textTable(published.rows, columns, width),
    '',
    ...published.sentences.flatMap((text) => wrapText(text, width)),
    ...wrapText(`Published in: ${published.source}.`, width),
  ].join('\n');
}
