import type { ReportTable } from '../report-table.ts';
import { html, type SafeHtml } from './escape.ts';

/** A table with its sentences as a section; `more` comes after it. */
export function reportTableSection(
  table: ReportTable | null,
  anchor: string,
  more: SafeHtml | null = null,
): SafeHtml | null {
  if (table === null) return null;
  const { title, columns, rows, sentences } = table;
  const head = columns.map(
    ({ name, isNumber }) => html`<th scope="col"${numberClass(isNumber)}>${name}</th>`,
  );
  const body = rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row"${numberClass(columns[0]!.isNumber)}>${cell}</th>` : html`<td${numberClass(columns[index]!.isNumber)}>${cell}</td>`))}</tr>
`,
  );
  return html`<section aria-labelledby="${anchor}"><h2 id="${anchor}">${title}</h2>
<ul class="says">${sentences.map((text) => html`<li>${text}</li>`)}</ul><div class="table" tabindex="0" role="region" aria-label="${title}">
<table><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div>${more}</section>`;
}

function numberClass(isNumber: boolean): SafeHtml {
  return isNumber ? html` class="n"` : html``;
}
