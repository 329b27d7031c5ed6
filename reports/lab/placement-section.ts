import { html } from '../html/escape.ts';
import { countText, partitionsText } from '../number-text.ts';
import type { LabSection } from './lab-page.ts';
import { type LabResult, placementsAt } from './lab-result.ts';
import { shareText } from './share-text.ts';

/** The hottest keys: how hot, which partition each strategy gives them, and what share of it they are. */
export function placementSection(lab: LabResult): LabSection {
  return {
    anchor: 'placement',
    title: 'Where the hottest keys land',
    body: html`<p class="says">The partition of each key, and its share of the records there; bold in the fullest partition.</p>${lab.partitions.map((partitions) => table(lab, partitions))}`,
  };
}

function table(lab: LabResult, partitions: number) {
  const placements = placementsAt(lab, partitions);
  const keyed = placements.filter(({ isKeyed }) => isKeyed);
  const rows = placements[0]!.hottestKeys.map(
    ({ key, records, share }, index) =>
      html`<tr><th scope="row" class="key">${key}</th><td class="n">${countText(records)}</td><td class="n">${shareText(share)}</td>${keyed.map((placement) => cell(placement.hottestKeys[index]!))}</tr>`,
  );
  const title = partitionsText(partitions);
  return html`<div class="table" tabindex="0" role="region" aria-label="Hottest keys at ${title}"><table><caption>${title}</caption><thead><tr><th scope="col">key</th><th scope="col" class="n">records</th><th scope="col" class="n">of all</th>${keyed.map(({ name }) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function cell({
  partition,
  shareOfPartition,
  shareOfHottestPartition,
}: LabResult['strategies'][number]['hottestKeys'][number]) {
  const text = html`<span class="like">${shareText(shareOfPartition ?? 0)}</span>`;
  const name = countText(partition);
  return html`<td class="n share" style="--share:${shareOfPartition ?? 0}">${(shareOfHottestPartition ?? 0) > 0 ? html`<b>${name}</b>` : name} ${text}</td>`;
}
