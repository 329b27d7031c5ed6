import type { FactorFindings } from '../levels/findings.ts';
import type { Level, LevelGroup } from '../levels/levels.ts';
import { seenFromText } from '../levels/table-legend.ts';
import { countText, figureText } from '../number-text.ts';
import { type ChartOption, curveOption, latencyOption, throughputOption } from './chart-options.ts';
import { type ChartSize, chartSvg } from './chart-svg.ts';
import { html, jsonForScript, SafeHtml } from './escape.ts';

const HALF_WIDTH = 540;
const FULL_WIDTH = 1090;
const ROW_HEIGHT = 36;
const CURVE_HEIGHT = 360;

/** The charts of one factor: throughput, latency, percentile curves, as far as measured. `first` numbers the charts of the page. */
export function factorSection(
  group: LevelGroup,
  findings: FactorFindings | undefined,
  place: { readonly anchor: string; readonly first: number },
): SafeHtml {
  const { levels, property } = group;
  const says =
    findings === undefined
      ? null
      : html`<ul class="says">${findings.sentences.map((text) => html`<li>${text}</li>`)}</ul>`;
  const seen = seenFromText(levels);
  const limit = seen === null ? null : html`<p class="sub">Differences from the base: ${seen}.</p>`;
  const charts = chartsOf(group).map((chart, index) => figure({ ...chart, index: place.first + index }));
  return html`<section aria-labelledby="${place.anchor}"><h2 id="${place.anchor}">${property}</h2>${says}${limit}<div class="grid">
${charts}
</div></section>
`;
}

/** Those that have something to show: a run of one phase has no throughput, or no latency. */
function chartsOf(group: LevelGroup): Omit<Figure, 'index'>[] {
  const { levels } = group;
  const height = 46 + ROW_HEIGHT * levels.length;
  const rate = levels.find((level) => level.pacedRate !== null)?.pacedRate ?? null;
  const at = rate === null ? 'at saturation' : `at ${countText(rate)} records/s`;
  const hasRates = levels.some(({ recordsPerSecond }) => recordsPerSecond !== null);
  const hasLatency = levels.some(({ latency }) => latency !== null);
  const isWide = !(hasRates && hasLatency);
  const width = isWide ? FULL_WIDTH : HALF_WIDTH;
  const throughput = {
    title: 'Throughput',
    sub: `records per second at saturation; band: repeats of the base${lines(levels)}`,
    text: throughputText(levels),
    option: throughputOption(group),
    size: { width, height },
    isWide,
  };
  const latency = {
    title: 'Latency',
    sub: `${at}, milliseconds; band: p99 of the base's repeats${lines(levels)}`,
    text: latencyText(levels),
    option: latencyOption(group),
    size: { width, height: height + 26 },
    isWide,
  };
  const curves = {
    title: 'Percentile curves',
    sub: `latency in milliseconds ${at} over the share of records that were no slower; dashed: overloaded, or the local write`,
    text: latencyText(levels),
    option: curveOption(group),
    size: { width: FULL_WIDTH, height: CURVE_HEIGHT },
    isWide: true,
  };
  return [...(hasRates ? [throughput] : []), ...(hasLatency ? [latency, curves] : [])];
}

/** Where there are intervals, what draws them. */
function lines(levels: readonly Level[]): string {
  return levels.some(
    ({ recordsPerSecond, latencyIntervals }) => (recordsPerSecond?.low ?? latencyIntervals.p99?.low) != null,
  )
    ? '; dark lines: 95 % intervals'
    : '';
}

/** Charts that one factor takes at most. */
export const CHARTS_PER_FACTOR = 3;

interface Figure {
  readonly title: string;
  readonly sub: string;
  /** For those who cannot see the picture. */
  readonly text: string;
  readonly option: ChartOption;
  readonly size: ChartSize;
  readonly index: number;
  readonly isWide: boolean;
}

function figure({ title, sub, text, option, size, index, isWide }: Figure): SafeHtml {
  const id = `chart-${index}`;
  const svg = new SafeHtml(chartSvg(option, size, index));
  return html`<figure class="${isWide ? 'card wide' : 'card'}"><figcaption><h3>${title}</h3><p class="sub">${sub}</p></figcaption>
<div class="chart" id="${id}" role="img" aria-label="${title}: ${text}" data-height="${size.height}">${svg}</div>
<script type="application/json" data-chart="${id}">${jsonForScript(option)}</script></figure>`;
}

function throughputText(levels: readonly Level[]): string {
  return levels
    .map((level) => `${level.label} ${countText(level.recordsPerSecond?.mean ?? null)} records/s`)
    .join(', ');
}

function latencyText(levels: readonly Level[]): string {
  return levels
    .map(
      ({ label, latency }) =>
        `${label} p50 ${figureText(latency?.p50 ?? null)} ms, p99 ${figureText(latency?.p99 ?? null)} ms`,
    )
    .join('; ');
}
