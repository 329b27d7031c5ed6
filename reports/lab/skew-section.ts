import { html, type SafeHtml } from '../html/escape.ts';
import { countText, figureText, partitionsText } from '../number-text.ts';
import { barFigure } from './bar-rows.ts';
import type { LabSection, NextChart } from './lab-page.ts';
import { type LabResult, placementsAt, type StrategyPlacement } from './lab-result.ts';
import { shareText } from './share-text.ts';

/** More make a page of pictures; the table has them all. */
const MOST_CHARTS = 4;

/** Records by partition under each strategy, as bars of one scale, with the figures of skew. */
export function skewSection(lab: LabResult, nextChart: NextChart): LabSection {
  const drawn = lab.partitions.slice(0, MOST_CHARTS);
  return {
    anchor: 'skew',
    title: 'How even it is',
    body: html`${drawn.map((partitions) => chart(placementsAt(lab, partitions), nextChart()))}${table(lab)}`,
  };
}

function chart(placements: readonly StrategyPlacement[], index: number): SafeHtml {
  const text = placements
    .map(({ name, maxOverMean }) => `${name} max/mean ${figureText(maxOverMean)}`)
    .join(', ');
  return barFigure({
    title: partitionsText(placements[0]!.partitions),
    sub: 'records by partition, the mean dashed',
    text: `Records by partition: ${text}`,
    rows: placements.map(({ name, recordsPerPartition }) => ({
      name,
      values: recordsPerPartition,
      line: meanOf(recordsPerPartition),
    })),
    unit: 'count',
    index,
  });
}

function meanOf(records: ArrayLike<number>): number {
  let total = 0;
  for (let partition = 0; partition < records.length; partition++) total += records[partition]!;
  return total / records.length;
}

function table({ strategies }: LabResult): SafeHtml {
  const rows = strategies.map((one) => {
    const top = one.hottestPartition.keys[0];
    return html`<tr><th scope="row">${one.name}</th><td class="n">${countText(one.partitions)}</td><td class="n">${figureText(one.maxOverMean)}</td><td class="n">${figureText(one.bytesMaxOverMean)}</td><td class="n">${one.gini.toFixed(3)}</td><td class="n">${one.coefficientOfVariation.toFixed(3)}</td><td class="n">${countText(one.hottestPartition.partition)}</td><td class="n">${shareText(one.hottestPartition.share)}</td><td class="key">${top === undefined ? html`<span class="like">–</span>` : html`${top.key} <span class="like">${shareText(top.share)}</span>`}</td><td class="n">${countText(one.emptyPartitions)}</td></tr>`;
  });
  return html`<p class="says">max/mean: the fullest partition over the mean, 1 is even; Gini: 0 is even; CV: the standard deviation over the mean; all of records unless it says bytes.</p><div class="table" tabindex="0" role="region" aria-label="Figures of skew"><table><thead><tr><th scope="col">strategy</th><th scope="col" class="n">partitions</th><th scope="col" class="n">max/mean</th><th scope="col" class="n">of bytes</th><th scope="col" class="n">Gini</th><th scope="col" class="n">CV</th><th scope="col" class="n">fullest</th><th scope="col" class="n">has</th><th scope="col">its top key, and share of it</th><th scope="col" class="n">empty</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
