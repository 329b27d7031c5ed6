import type { PublishedTable } from '../published/published-table.ts';
import { html, type SafeHtml } from './escape.ts';

/** The published figures beside the measured ones; null where the suite repeats no published experiment. */
export function publishedSection(published: PublishedTable | null): SafeHtml | null {
  if (published === null) return null;
  const { title, source, columns, rows, sentences } = published;
  const head = columns.map(
    ({ name, isNumber }) => html`<th scope="col"${numberAttribute(isNumber)}>${name}</th>`,
  );
  const body = rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td${numberAttribute(columns[index]!.isNumber)}>${cell}</td>`))}</tr>
`,
  );
  return html`<section aria-labelledby="published"><h2 id="published">${title}, published and measured</h2>
<ul class="says">${sentences.map((text) => html`<li>${text}</li>`)}</ul><div class="table" tabindex="0" role="region" aria-label="Published and measured">
<table><thead><tr>${head}</tr></thead>
<tbody>${body}</tbody></table></div><p class="sub">Published in: ${source}.</p></section>`;
}

function numberAttribute(isNumber: boolean): SafeHtml {
  return isNumber ? html` class="n"` : html``;
}
