import { chartSvg } from '../html/chart-svg.ts';
import { html, SafeHtml } from '../html/escape.ts';
import { STYLE } from '../html/style.ts';
import { percentRangeText, signedPercentText } from '../number-text.ts';
import { type AnalysedSeries, HISTORY_OPTIONS, historyNotes, type LevelChange } from './analyse-history.ts';
import { historyOption } from './history-chart.ts';
import { checksText, commitsText, levelText, seriesText, seriesTitle, timeText } from './history-words.ts';

const CHART_SIZE = { width: 1090, height: 340 };
/** Nothing runs and nothing is loaded. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One page without any script: a chart and a table per series. */
export function historyHtml(file: string, series: readonly AnalysedSeries[]): string {
  const checks = series.reduce((sum, { entries }) => sum + entries.length, 0);
  const notes = historyNotes(series);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tidemark: ${file}</title>
<style>${new SafeHtml(STYLE)}</style></head>
<body><header><div class="in"><div class="brand">Tidemark</div><h1>${file}</h1>
<p>${checksText(checks)}, ${series.length === 1 ? '1 series' : `${series.length} series`}</p>
${
  series.length < 2
    ? null
    : html`<nav aria-label="Series"><ul>${series.map((one, index) => html`<li><a href="#series-${index}">${seriesTitle(one)}</a></li>`)}</ul></nav>`
}</div></header>
<main>
${notes.map((note) => html`<p class="caveat">${note}</p>`)}
${series.map(section)}
</main>
<footer>Levels by E-divisive over windows of ${HISTORY_OPTIONS.windowLength} checks, p below ${HISTORY_OPTIONS.maxP}, at least ${HISTORY_OPTIONS.minLength} checks per level. Intervals of checks are those of the checks; of levels and changes, 95 %.</footer>
</body></html>
`;
  return page.text;
}

function section(series: AnalysedSeries, index: number): SafeHtml {
  const title = seriesTitle(series);
  const svg = new SafeHtml(chartSvg(historyOption(series), CHART_SIZE, index));
  return html`<section aria-labelledby="series-${index}"><h2 id="series-${index}">${title}</h2>
<figure class="card wide"><figcaption><h3>${levelText(series)}</h3><p class="sub">${seriesText(series)}</p></figcaption>
<div class="chart" role="img" tabindex="0" aria-label="${title}: ${chartText(series)}">${svg}</div></figure>
${table(series)}
${[...series.notes, ...series.changes.toReversed().flatMap(remarks)].map((note) => html`<p class="caveat">${note}</p>`)}</section>
`;
}

function chartText({ changes, entries }: AnalysedSeries): string {
  if (changes.length === 0) return `${checksText(entries.length)}, no change of the level found`;
  return changes
    .map((change) => `${signedPercentText(change.change)} at check ${change.index + 1} of ${entries.length}`)
    .join(', ');
}

function table({ changes }: AnalysedSeries): SafeHtml {
  if (changes.length === 0) return html`<p>No change of the level found.</p>`;
  return html`<div class="table" tabindex="0" style="margin-top:16px"><table><caption>Changes of the level, the latest first. With 95 % confidence it is one of the commits.</caption>
<thead><tr><th class="n" scope="col">change</th><th scope="col">95 % interval</th><th scope="col">verdict</th><th scope="col">most likely since (UTC)</th><th scope="col">commits</th><th class="n" scope="col">checks before + after</th><th class="n" scope="col">p</th></tr></thead>
<tbody>${changes.toReversed().map(row)}</tbody></table></div>`;
}

function row(change: LevelChange): SafeHtml {
  return html`<tr><td class="n ${change.verdict === 'worse' ? 'bad' : 'good'}">${signedPercentText(change.change)}</td><td>${percentRangeText(change)}</td><td>${change.verdict}</td><td>${timeText(change.after.at)}</td><td><code>${commitsText(change)}</code></td><td class="n">${change.checksBefore} + ${change.checksAfter}</td><td class="n">${change.p.toExponential(0)}</td></tr>
`;
}

function remarks(change: LevelChange): readonly string[] {
  return change.notes.map((note) => `${timeText(change.after.at)}: ${note}`);
}
