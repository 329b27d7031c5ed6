import { withoutControls } from '../terminal/without-controls.ts';

/** A row of a GitHub table; every cell is text, never markup. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(markdownText).join(' | ')} |`;
}

/** A table; columns of figures are set to the right. */
export function markdownTable(
  columns: readonly { readonly name: string; readonly isNumber: boolean }[],
  rows: readonly (readonly string[])[],
): string {
  const aligned = columns.map(({ isNumber }) => (isNumber ? '---:' : '---'));
  const head = markdownRow(columns.map(({ name }) => name));
  return [head, `| ${aligned.join(' | ')} |`, ...rows.map(markdownRow)].join('\n');
}

export function markdownList(items: readonly string[]): string {
  return items.map((item) => `- ${markdownText(item)}`).join('\n');
}

/** Text that is no markup: what Markdown, GitHub's HTML and tables would take for their own is escaped. */
export function markdownText(text: string): string {
  return withoutControls(text.replace(/[\t\r\n\u2028\u2029]+/g, ' '))
    .replace(/[\\`*_[\]|~#!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(^|\s)([-+]|\d+\.)(?=\s)/g, '$1\\$2')
    .replace(/:\/\//g, ':&#47;&#47;')
    .replace(/@/g, '&#64;');
}
