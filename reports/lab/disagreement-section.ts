import { html, type SafeHtml } from '../html/escape.ts';
import { partitionsText } from '../number-text.ts';
import type { LabSection } from './lab-page.ts';
import type { LabResult } from './lab-result.ts';
import { disagreementSentence } from './placement-sentences.ts';
import { COMMON_STRATEGY } from './recommendation.ts';
import { shareText } from './share-text.ts';

/** Strategies against strategies: the share of keys that they place differently. */
export function disagreementSection(lab: LabResult): LabSection {
  const first = lab.disagreement.filter(
    ({ partitions, a, b }) =>
      partitions === lab.partitions[0] && (a === COMMON_STRATEGY || b === COMMON_STRATEGY),
  );
  const sentences = first.map((one) => html`<li>${disagreementSentence(lab, one)}</li>`);
  return {
    anchor: 'disagreement',
    title: 'Who disagrees with whom',
    body: html`<ul class="says">${sentences}</ul>${lab.partitions.map((partitions) => matrix(lab, partitions))}`,
  };
}

function matrix(lab: LabResult, partitions: number): SafeHtml {
  const entries = lab.disagreement.filter((one) => one.partitions === partitions);
  const names = [...new Set(entries.flatMap(({ a, b }) => [a, b]))];
  const cell = (row: string, column: string): SafeHtml => {
    if (row === column) return html`<td class="n like">–</td>`;
    const { share, shareOfRecords } = entries.find(
      ({ a, b }) => (a === row && b === column) || (a === column && b === row),
    )!;
    return html`<td class="n share" style="--share:${share}" title="${shareText(shareOfRecords)} of the records">${shareText(share)}</td>`;
  };
  const title = partitionsText(partitions);
  return html`<div class="table" tabindex="0" role="region" aria-label="Disagreement at ${title}"><table><caption>${title}: keys that two strategies place differently</caption><thead><tr><th scope="col"></th>${names.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead><tbody>${names.map((row) => html`<tr><th scope="row">${row}</th>${names.map((column) => cell(row, column))}</tr>`)}</tbody></table></div>`;
}
