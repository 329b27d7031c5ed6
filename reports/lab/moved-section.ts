import { html } from '../html/escape.ts';
import { countText } from '../number-text.ts';
import type { LabSection } from './lab-page.ts';
import type { LabResult, Moved } from './lab-result.ts';
import { fromTo, movedKeySentence } from './placement-sentences.ts';
import { shareText } from './share-text.ts';

/** What another number of partitions does to keys: how many move, and whose order can break. */
export function movedSection(lab: LabResult): LabSection {
  const shares = lab.moved.map(
    (move) =>
      html`<tr><th scope="row">${move.strategy}</th><td>${fromTo(move)}</td><td class="n">${countText(move.keys)}</td><td class="n share" style="--share:${move.share}">${shareText(move.share)}</td><td class="n">${shareText(move.shareOfRecords)}</td></tr>`,
  );
  const advised = lab.moved.filter(({ strategy }) => strategy === lab.recommendation.strategy);
  return {
    anchor: 'moved',
    title: 'What moves with the number of partitions',
    body: html`<p class="says">A key that moves has its records so far in one partition and those to come in another: consumers of the two keep no order between them.</p>
<div class="table" tabindex="0" role="region" aria-label="Keys that move"><table><caption>Keys that move, by strategy</caption><thead><tr><th scope="col">strategy</th><th scope="col">change</th><th scope="col" class="n">keys</th><th scope="col" class="n">of all keys</th><th scope="col" class="n">records of such keys</th></tr></thead><tbody>${shares}</tbody></table></div>
${advised.map(worstExamples)}`,
  };
}

function worstExamples(move: Moved) {
  if (move.examples.length === 0) return null;
  const rows = move.examples.map(
    ({ key, records, before, after }) =>
      html`<tr><th scope="row" class="key">${key}</th><td class="n">${countText(records)}</td><td class="n">${countText(before)}</td><td class="n">${countText(after)}</td></tr>`,
  );
  return html`<div class="table" tabindex="0" role="region" aria-label="Worst examples"><table><caption>${move.strategy}, ${fromTo(move)}: the moved keys with most records. ${movedKeySentence(move.examples[0]!)}</caption><thead><tr><th scope="col">key</th><th scope="col" class="n">records so far</th><th scope="col" class="n">in partition</th><th scope="col" class="n">the next in</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
