import { createHash } from 'node:crypto';
import { chartLibrary } from '../html/chart-svg.ts';
import { CLIENT_SCRIPT } from '../html/client-script.ts';
import { html, SafeHtml } from '../html/escape.ts';
import { STYLE } from '../html/style.ts';
import type { LevelTable } from '../levels/levels.ts';
import { brokersText, countText, partitionsText } from '../number-text.ts';
import type { Result } from '../result.ts';
import { adviceSection, measuredAdviceSection } from './advice-section.ts';
import { clientsSection } from './clients-section.ts';
import { disagreementSection } from './disagreement-section.ts';
import type { LabResult } from './lab-result.ts';
import { LAB_STYLE } from './lab-style.ts';
import { adviceOfRun } from './measured-advice.ts';
import { measuredCells } from './measured-cells.ts';
import { measuredSections } from './measured-sections.ts';
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

/** The run under load that the page is also about. */
export interface MeasuredRun {
  readonly result: Result;
  readonly table: LevelTable;
}

/**
 * The page of the partitioner lab: one file that opens offline and loads nothing, its charts SVG that reads without a
 * script. With a run, what was measured stands first, then where its keys land.
 */
export function labPage(lab: LabResult, run: MeasuredRun | null = null): string {
  let charts = 0;
  const nextChart = () => charts++;
  const cells = run === null ? [] : measuredCells(run.result, run.table);
  const isMeasured = run !== null && cells.length > 0;
  const sections = [
    isMeasured ? measuredAdviceSection(lab, adviceOfRun(lab, run.result, cells)) : adviceSection(lab),
    ...(isMeasured ? measuredSections(cells, nextChart) : []),
    skewSection(lab, nextChart),
    placementSection(lab),
    ...(lab.disagreement.length > 0 ? [disagreementSection(lab)] : []),
    ...(lab.moved.length > 0 ? [movedSection(lab)] : []),
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
${isMeasured ? html`<p>${runText(run.result)}</p>` : null}<p>${isMeasured ? 'Keys placed: ' : ''}${countText(lab.records)} records of ${countText(lab.keys)} keys, values of ${countText(lab.recordSizeBytes)} bytes; ${countsText(lab.partitions)}</p>
<nav aria-label="Sections"><ul>${sections.map((one) => html`<li><a href="#${one.anchor}">${one.title}</a></li>`)}</ul></nav></div></header>
<main>
${sections.map((one) => html`<section aria-labelledby="${one.anchor}"><h2 id="${one.anchor}">${one.title}</h2>${one.body}</section>\n`)}
</main>
<footer>Made by Tidemark ${lab.tidemark} from partitioners.json (${lab.schema})${isMeasured ? ` and result.json (${run.result.schema})` : ''}.</footer>
<script>${new SafeHtml(library)}</script>
<script>${new SafeHtml(CLIENT_SCRIPT)}</script>
</body></html>
`.text;
}

/** `12, 16 partitions`. */
function countsText(counts: readonly number[]): string {
  return [...counts.slice(0, -1).map(countText), partitionsText(counts.at(-1)!)].join(', ');
}

/** `21 trials, 3 rounds, embedded cluster of 3 brokers, 2026-01-01 10:00 UTC, seed 1`. */
function runText({ trials, startedAt, seed, interrupted }: Result): string {
  const { target, round } = trials.reduce((last, trial) => (trial.round > last.round ? trial : last));
  const where = `${target.kind === 'embedded' ? 'embedded cluster' : 'Kafka'} of ${brokersText(target.brokers)}`;
  const rounds = round === 1 ? '1 round' : `${countText(round)} rounds`;
  const day = startedAt.slice(0, 16).replace('T', ' ');
  return `${countText(trials.length)} trials in ${rounds}, ${where}, ${day} UTC, seed ${seed}${interrupted ? '; interrupted, so some are missing' : ''}`;
}

/** No load from anywhere, and no script but those whose hashes stand here. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src ${hashes.join(' ')}`;
}
