import { html, SafeHtml } from '../html/escape.ts';
import type { Level, LevelTable } from '../levels/levels.ts';
import { countText, figureText } from '../number-text.ts';
import type { TrialResult } from '../result.ts';
import { settingsText } from './partition-figures.ts';

const WIDTH = 320;
const HEIGHT = 120;
const MARGIN = 4;
/** Partitions with lines of their own: those with the longest queues. The rest is in the mean of the table. */
const MOST_LINES = 6;
const MOST_CHARTS = 24;

/** What waited over time, a small chart per level, of its first trial; null where nothing was looked at. */
export function queueCharts(table: LevelTable): SafeHtml | null {
  const charts = table.all.slice(0, MOST_CHARTS).flatMap((level) => {
    const trial = level.trials.find(
      ({ status, queues }) => status === 'ok' && (queues?.atMs.length ?? 0) > 1,
    );
    return trial === undefined ? [] : [chartOf(level, trial)];
  });
  if (charts.length === 0) return null;
  return html`<h3 style="margin-top:20px">Records waiting, by partition, over the paced phase</h3><p class="sub">Each chart has a scale of its own, and lines for the partitions whose queues were longest.</p><div class="grid">${charts}</div>`;
}

function chartOf(level: Level, { queues }: TrialResult): SafeHtml {
  const { atMs, perPartition } = queues!;
  const longest = perPartition
    .map((samples, partition) => ({ partition, samples, peak: Math.max(...samples) }))
    .sort((a, b) => b.peak - a.peak)
    .slice(0, MOST_LINES);
  const top = Math.max(1, longest[0]?.peak ?? 1);
  const endMs = atMs.at(-1)!;
  const point = (records: number, index: number): string => {
    const x = MARGIN + ((WIDTH - 2 * MARGIN) * atMs[index]!) / endMs;
    const y = HEIGHT - MARGIN - ((HEIGHT - 2 * MARGIN) * records) / top;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  // The longest last, so that it lies on top.
  const lines = longest
    .map(
      ({ samples }, rank) =>
        new SafeHtml(
          `<polyline points="${samples.map(point).join(' ')}" fill="none" stroke="var(--s${rank + 1})" stroke-width="1.6" stroke-linejoin="round"/>`,
        ),
    )
    .reverse();
  const peaks = longest.map(
    ({ partition, peak }, rank) =>
      html`<span class="tag" style="color:var(--s${rank + 1})">${partition}: ${countText(peak)}</span>`,
  );
  const name = `${settingsText(level)}: up to ${countText(top)} records over ${figureText(endMs / 1000)} s`;
  return html`<figure class="card"><figcaption><h3>${settingsText(level)}</h3><span class="sub">0 to ${countText(top)} records, ${figureText(endMs / 1000)} s; partition: longest ${peaks}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${name}" style="display:block;width:100%;height:auto"><line x1="0" x2="${WIDTH}" y1="${HEIGHT - MARGIN}" y2="${HEIGHT - MARGIN}" stroke="var(--line)"/>${lines}</svg></figure>`;
}
