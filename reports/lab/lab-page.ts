import { createHash } from 'node:crypto';
import { chartLibrary } from '../html/chart-svg.ts';
import { CLIENT_SCRIPT } from '../html/client-script.ts';
import { html, SafeHtml } from '../html/escape.ts';
import { STYLE } from '../html/style.ts';
import { countText } from '../number-text.ts';
import { adviceSection } from './advice-section.ts';
import { clientsSection } from './clients-section.ts';
import { disagreementSection } from './disagreement-section.ts';
import type { LabResult } from './lab-result.ts';
import { LAB_STYLE } from './lab-style.ts';
import { movedSection } from './moved-section.ts';
import { placementSection } from './placement-section.ts';
import { skewSection } from './skew-section.ts';

/** A part of the page with a heading of its own, which the navigation names. */
export interface LabSection {
  /** Of the heading: `id` attribute and anchor. */
  readonly anchor: string;
  readonly title: string;
  /** Without the heading. */
  readonly body: SafeHtml;
}

/** Numbers the charts of a page from 0; each call is another one. */
export type NextChart = () => number;

/**
 * The page of the partitioner lab: one file that opens offline and loads nothing, its charts SVG that reads without a
 * script. `measured` makes further sections, of what a run under load found; they stand before the list of clients.
 */
export function labPage(
  lab: LabResult,
  measured: (nextChart: NextChart) => readonly LabSection[] = () => [],
): string {
  let charts = 0;
  const nextChart = () => charts++;
  const sections = [
    adviceSection(lab),
    skewSection(lab, nextChart),
    placementSection(lab),
    ...(lab.disagreement.length > 0 ? [disagreementSection(lab)] : []),
    ...(lab.moved.length > 0 ? [movedSection(lab)] : []),
    ...measured(nextChart),
    clientsSection(lab),
  ];
  const library = chartLibrary();
  const title = `Partitioners: ${lab.source.name}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([library, CLIENT_SCRIPT])}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tidemark: ${title}</title>
<style>${new SafeHtml(STYLE + LAB_STYLE)}</style></head>
<body><header><div class="in"><div class="brand">Tidemark</div><h1>${title}</h1>
<p>${countText(lab.records)} records of ${countText(lab.keys)} keys, values of ${countText(lab.recordSizeBytes)} bytes; ${lab.partitions.map((count) => countText(count)).join(', ')} partitions</p>
<nav aria-label="Sections"><ul>${sections.map((one) => html`<li><a href="#${one.anchor}">${one.title}</a></li>`)}</ul></nav></div></header>
<main>
${sections.map((one) => html`<section aria-labelledby="${one.anchor}"><h2 id="${one.anchor}">${one.title}</h2>${one.body}</section>\n`)}
</main>
<footer>Made by Tidemark ${lab.tidemark} from partitioners.json (${lab.schema}).</footer>
<script>${new SafeHtml(library)}</script>
<script>${new SafeHtml(CLIENT_SCRIPT)}</script>
</body></html>
`.text;
}

/** No load from anywhere, and no script but those whose hashes stand here. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src ${hashes.join(' ')}`;
}
