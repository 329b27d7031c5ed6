import { createHash } from 'node:crypto';
import { chartLibrary } from '../html/chart-svg.ts';
import { CLIENT_SCRIPT } from '../html/client-script.ts';
import { html, SafeHtml } from '../html/escape.ts';
import { CHARTS_PER_FACTOR, factorSection } from '../html/factor-section.ts';
import { gateSection } from '../html/gate-section.ts';
import { levelTable } from '../html/level-table.ts';
import { reportTableSection } from '../html/report-table-section.ts';
import { runDetails } from '../html/run-details.ts';
import { STYLE } from '../html/style.ts';
import { type Findings, findingsOf } from '../levels/findings.ts';
import { paretoFront } from '../levels/grid-findings.ts';
import { type HistogramSource, type LevelGroup, type LevelTable, levelsOf } from '../levels/levels.ts';
import { brokersText, countText } from '../number-text.ts';
import { partitionFigures } from '../partitions/partition-figures.ts';
import { queueCharts } from '../partitions/queue-chart.ts';
import { publishedTable } from '../published/find-published.ts';
import type { Result } from '../result.ts';

/** A grid has more cells than a chart can show: those on the Pareto front, then the fastest. */
const MOST_CELLS_DRAWN = 10;

/**
 * One file that opens offline and loads nothing: charts are SVG that reads without a script and become
 * interactive when scripts run. Its content security policy allows exactly the scripts written here.
 */
export function reportHtml(result: Result, source?: HistogramSource): string {
  const table = levelsOf(result, source);
  const findings = findingsOf(result, table);
  const groups = drawnGroups(result, table);
  const published = publishedTable(result, source, table);
  const partitions = partitionFigures(result, table);
  const library = chartLibrary();
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([library, CLIENT_SCRIPT])}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tidemark: ${result.suite}</title>
<style>${new SafeHtml(STYLE)}</style></head>
<body>${heading(result, groups)}
<main>
${gateSection(result.gates ?? [])}
${reportTableSection(published, 'published')}
${findingsSection(findings)}
${groups.map((group, index) => factorSection(group, findings.factors[index], { anchor: `factor-${index}`, first: index * CHARTS_PER_FACTOR }))}
${reportTableSection(partitions, 'partitions', partitions === null ? null : queueCharts(table))}
<section aria-labelledby="levels"><h2 id="levels">All levels</h2>${levelTable(table)}</section>
${runDetails(result)}
</main>
<footer>Made by Tidemark ${result.environment.tidemark} from result.json (${result.schema}). 1 MB is 10^6 bytes.</footer>
<script>${new SafeHtml(library)}</script>
<script>${new SafeHtml(CLIENT_SCRIPT)}</script>
</body></html>
`;
  return page.text;
}

/** No load from anywhere, and no script but those whose hashes stand here. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src ${hashes.join(' ')}`;
}

function heading(result: Result, groups: readonly LevelGroup[]): SafeHtml {
  const day = result.startedAt.slice(0, 16).replace('T', ' ');
  const target = result.trials[0]?.target;
  const where =
    target === undefined
      ? ''
      : `, ${target.kind === 'embedded' ? 'embedded cluster' : 'Kafka'} of ${brokersText(target.brokers)}`;
  const gates = (result.gates ?? []).length === 0 ? [] : [html`<li><a href="#gates">Gates</a></li>`];
  const published = result.published === undefined ? [] : [html`<li><a href="#published">Published</a></li>`];
  const links = [
    ...gates,
    ...published,
    ...groups.map(({ property }, index) => html`<li><a href="#factor-${index}">${property}</a></li>`),
    html`<li><a href="#levels">All levels</a></li>`,
    html`<li><a href="#repeat">To repeat it</a></li>`,
  ];
  return html`<header><div class="in"><div class="brand">Tidemark</div><h1>${result.suite}</h1>
<p>${countText(result.trials.length)} trials${where}, ${day} UTC, seed ${result.seed}</p>
<nav aria-label="Sections"><ul>${links}</ul></nav></div></header>`;
}

function findingsSection(findings: Findings): SafeHtml {
  const general = findings.general.map((text) => html`<p class="caveat">${text}</p>`);
  const factors = findings.factors.map(
    ({ property, sentences, caveats }, index) =>
      html`<div class="card"><h3><a href="#factor-${index}">${property}</a></h3><ul>${[
        ...sentences.map((text) => html`<li>${text}</li>`),
        ...caveats.map((text) => html`<li class="caveat">${text}</li>`),
      ]}</ul></div>`,
  );
  const grid =
    findings.grid.length === 0
      ? null
      : html`<div class="card"><ul>${findings.grid.map((text) => html`<li>${text}</li>`)}</ul></div>`;
  return html`<section aria-labelledby="findings"><h2 id="findings">What the figures say</h2>${general}<div class="findings">${factors}${grid}</div></section>`;
}

function drawnGroups(result: Result, table: LevelTable): readonly LevelGroup[] {
  if (table.groups.length > 0) return table.groups;
  if (table.all.length === 0) return [];
  if (result.design !== 'full') return [{ property: result.suite, levels: table.all }];
  const rate = (index: number): number => table.all[index]?.recordsPerSecond?.mean ?? 0;
  const fastest = table.all.map((_, index) => index).sort((a, b) => rate(b) - rate(a));
  const chosen = new Set([
    ...(table.base === null ? [] : [table.base]),
    ...paretoFront(table.all),
    ...fastest.map((index) => table.all[index]!),
  ]);
  return [{ property: 'The best cells of the grid', levels: [...chosen].slice(0, MOST_CELLS_DRAWN) }];
}
