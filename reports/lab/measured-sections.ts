import { type ChartOption, latencyOption, throughputOption } from '../html/chart-options.ts';
import { chartSvg } from '../html/chart-svg.ts';
import { html, jsonForScript, SafeHtml } from '../html/escape.ts';
import type { Level } from '../levels/levels.ts';
import { countText, figureText } from '../number-text.ts';
import {
  commonQuantile,
  latencyOfAll,
  middleTrial,
  type PartitionQuantile,
  partitionLatencies,
} from '../partitions/partition-latency.ts';
import { queueCharts } from '../partitions/queue-chart.ts';
import { barFigure } from './bar-rows.ts';
import type { LabSection, NextChart } from './lab-page.ts';
import { hasFigures, type MeasuredCell } from './measured-cells.ts';
import { measuredTable } from './measured-table.ts';

/** Cells that are drawn; the tables have them all. */
const MOST_DRAWN = 4;
const HALF_WIDTH = 540;
/** A partitioner that was overloaded would flatten the others to lines. */
const MOST_ON_ONE_SCALE = 5;
const ROW_HEIGHT = 36;

/** What a run found: figures, latency and records of each partition, queues over time. */
export function measuredSections(cells: readonly MeasuredCell[], nextChart: NextChart): LabSection[] {
  const drawn = cells
    .slice(0, MOST_DRAWN)
    .map((cell) => ({ ...cell, levels: cell.levels.filter(hasFigures) }))
    .filter(({ levels }) => levels.length > 0);
  const sections: (LabSection | null)[] = [
    {
      anchor: 'measured',
      title: 'Under load',
      body: html`${cells.map((cell, index) => html`<div class="cell">${measuredTable(cell)}${index < MOST_DRAWN ? speedCharts(cell, nextChart) : null}</div>`)}`,
    },
    latencySection(drawn, nextChart),
    recordsSection(drawn, nextChart),
    queueSection(drawn),
  ];
  return sections.filter((section) => section !== null);
}

function speedCharts(cell: MeasuredCell, nextChart: NextChart): SafeHtml {
  const group = { property: 'partitioner.class', levels: cell.levels };
  const height = 46 + ROW_HEIGHT * cell.levels.length;
  const figures = cell.levels.map(
    ({ label, recordsPerSecond, latency }) =>
      `${label} ${countText(recordsPerSecond?.mean ?? null)} records/s, p99 ${figureText(latency?.p99 ?? null)} ms`,
  );
  const text = figures.join('; ');
  // One round has none.
  const hasIntervals = cell.levels.some(({ recordsPerSecond }) => recordsPerSecond?.low != null);
  const lines = hasIntervals ? '; dark lines: 95 % intervals' : '';
  return html`<div class="grid">${chart({ title: 'Throughput', sub: `records per second at saturation${lines}`, text, option: throughputOption(group), height, index: nextChart() })}${chart({ title: 'Latency', sub: `milliseconds in the paced phase${lines === '' ? '' : `${lines} of p99`}`, text, option: latencyOption(group), height: height + 26, index: nextChart() })}</div>`;
}

interface Chart {
  readonly title: string;
  readonly sub: string;
  readonly text: string;
  readonly option: ChartOption;
  readonly height: number;
  readonly index: number;
}

function chart({ title, sub, text, option, height, index }: Chart): SafeHtml {
  const svg = new SafeHtml(chartSvg(option, { width: HALF_WIDTH, height }, index));
  return html`<figure class="card"><figcaption><h3>${title}</h3><p class="sub">${sub}</p></figcaption>
<div class="chart" id="chart-${index}" role="img" aria-label="${title}: ${text}" data-height="${height}">${svg}</div>
<script type="application/json" data-chart="chart-${index}">${jsonForScript(option)}</script></figure>`;
}

function latencySection(cells: readonly MeasuredCell[], nextChart: NextChart): LabSection | null {
  const known = cells
    .map(({ title, levels }) => {
      const quantile = commonQuantile(levels);
      return { title, quantile, rows: levels.flatMap((level) => latencyRow(level, quantile)) };
    })
    .filter(({ rows }) => rows.length > 0);
  if (known.length === 0) return null;
  return {
    anchor: 'partition-latency',
    title: 'Latency of each partition',
    body: html`${known.map(({ title, quantile, rows }) => {
      const text = rows.map(({ name, slowest }) => `${name} up to ${figureText(slowest)} ms`).join(', ');
      return html`${barFigure({ title, sub: `${quantile} of each partition's records in the paced phase, of the middle round by p99; dashed: of all its records; no bar: fewer than ten batches lie beyond`, text: `${quantile} by partition: ${text}`, rows, unit: 'ms', index: nextChart(), mostOnOneScale: MOST_ON_ONE_SCALE })}${latencyTable(title, quantile, rows)}`;
    })}`,
  };
}

interface LatencyRow {
  readonly name: string;
  readonly values: readonly number[];
  readonly line: number | null;
  readonly slowest: number;
  readonly slowestPartition: number;
  readonly fastest: number | null;
  /** Partitions with enough records. */
  readonly known: number;
}

function latencyRow(level: Level, quantile: PartitionQuantile): LatencyRow[] {
  const trial = middleTrial(level);
  const own = trial === null ? [] : partitionLatencies(trial, quantile);
  const known = own.filter((value) => value !== null);
  if (trial === null || known.length === 0) return [];
  const slowest = Math.max(...known);
  return [
    {
      name: level.label,
      values: own.map((value) => value ?? 0),
      line: latencyOfAll(trial, quantile),
      slowest,
      slowestPartition: trial.partitions[own.indexOf(slowest)]!.partition,
      fastest: known.length < 2 ? null : Math.min(...known),
      known: known.length,
    },
  ];
}

function latencyTable(title: string, quantile: PartitionQuantile, rows: readonly LatencyRow[]): SafeHtml {
  const body = rows.map(
    (row) =>
      html`<tr><th scope="row" class="name">${row.name}</th><td class="n">${figureText(row.line)}</td><td class="n">${figureText(row.slowest)}</td><td class="n">${countText(row.slowestPartition)}</td><td class="n">${figureText(row.fastest)}</td><td class="n">${figureText(row.fastest === null ? null : row.slowest / row.fastest)}</td><td class="n">${countText(row.known)} of ${countText(row.values.length)}</td></tr>`,
  );
  return html`<div class="table" tabindex="0" role="region" aria-label="Slowest and fastest partitions at ${title}"><table><thead><tr><th scope="col">partitioner</th><th scope="col" class="n">${quantile} ms of all</th><th scope="col" class="n">slowest partition</th><th scope="col" class="n">which</th><th scope="col" class="n">fastest</th><th scope="col" class="n">slowest/fastest</th><th scope="col" class="n">partitions known</th></tr></thead><tbody>${body}</tbody></table></div>`;
}

function recordsSection(cells: readonly MeasuredCell[], nextChart: NextChart): LabSection | null {
  const known = cells
    .map(({ title, levels }) => ({ title, rows: levels.flatMap(recordsRow) }))
    .filter(({ rows }) => rows.length > 0);
  if (known.length === 0) return null;
  return {
    anchor: 'partition-records',
    title: 'Records of each partition',
    body: html`${known.map(({ title, rows }) => {
      const text = rows.map(({ name, skew }) => `${name} fullest/mean ${figureText(skew)}`).join(', ');
      return barFigure({
        title,
        sub: "per cent of the partitioner's records, of all rounds; the even share dashed",
        text: `Records by partition: ${text}`,
        rows,
        unit: 'percent',
        index: nextChart(),
      });
    })}`,
  };
}

function recordsRow({ label, trials, skew }: Level) {
  const sums = new Map<number, number>();
  for (const { status, partitions } of trials) {
    if (status !== 'ok') continue;
    for (const { partition, records } of partitions) {
      sums.set(partition, (sums.get(partition) ?? 0) + records);
    }
  }
  const total = [...sums.values()].reduce((sum, records) => sum + records, 0);
  if (total === 0) return [];
  const inOrder = [...sums].sort(([a], [b]) => a - b);
  const values = inOrder.map(([, records]) => (records / total) * 100);
  return [{ name: label, values, line: 100 / values.length, skew: skew?.mean ?? null }];
}

function queueSection(cells: readonly MeasuredCell[]): LabSection | null {
  const drawn = cells.flatMap(({ title, levels }) => {
    const charts = queueCharts({ base: null, groups: [], all: levels });
    return charts === null ? [] : [html`<div class="cell"><h3>${title}</h3>${charts}</div>`];
  });
  if (drawn.length === 0) return null;
  return { anchor: 'queues', title: 'Queues over time', body: html`${drawn}` };
}
