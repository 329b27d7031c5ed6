import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLab } from '../../bench/partitioners/run-lab.ts';
import { reportHtml } from '../../reports/formats/report-html.ts';
import { analyseHistory } from '../../reports/history/analyse-history.ts';
import { historyHtml } from '../../reports/history/history-html.ts';
import { labPage } from '../../reports/lab/lab-page.ts';
import { levelsOf } from '../../reports/levels/levels.ts';
import { histogramsInMemory } from '../../reports/trial-histograms.ts';
import { inventedEntries } from '../../test/reports/history/history-fixture.ts';
import { HOSTILE, hostileResult } from '../../test/reports/hostile-result.ts';
import { measuredRun } from '../../test/reports/lab/measured-run.ts';
import { inRounds, inventedResult } from '../../test/reports/published/experiments.ts';
import { quickFixture } from '../../test/reports/result-fixture.ts';
import type { CheckedPage } from './checked-page.ts';

/** Every kind of page, of invented figures; some with hostile names. */
export async function inventedPages(directory: string): Promise<CheckedPage[]> {
  const pages = [...runReports(), publishedReport(), ...(await labPages(directory)), history()];
  return pages.map(({ name, html, ...page }) => {
    const file = join(directory, `${name}.html`);
    writeFileSync(file, html);
    return { file, ...page };
  });
}

const TIMEOUT = 'partitioner.availability.timeout.ms';

type InventedPage = Omit<CheckedPage, 'file'> & { readonly name: string; readonly html: string };

function runReports(): InventedPage[] {
  const results = {
    quick: quickFixture(),
    grid: quickFixture({ design: 'full', records: 2_000 }),
    hostile: hostileResult(),
  };
  return Object.entries(results).map(([name, { result, histograms }]) => ({
    name,
    html: reportHtml(result, histogramsInMemory(histograms)),
    leastCharts: 3,
    views: 'all',
    texts: ['What the figures say', 'records/s', 'p99 ms'],
  }));
}

/** KIP-794's table beside invented figures of the same experiment. */
function publishedReport(): InventedPage {
  const rows = [
    { name: 'adaptive', mean: 40, p99: 150, reached: 2048 },
    { name: 'uniform-sticky', mean: 50, p99: 200, reached: 2048 },
    { name: 'sticky', mean: 4000, p99: 10_000, reached: 1730 },
    { name: 'adaptive', mean: 38, p99: 140, reached: 2048, timeoutMs: '5' },
  ];
  const trials = rows.map(({ name, timeoutMs = '0', ...figures }) => ({
    producer: { 'partitioner.class': name, [TIMEOUT]: timeoutMs },
    rate: 2048,
    ...figures,
    change: { target: { kind: 'embedded', brokers: 3, processingMs: { 1: 20 } } } as const,
  }));
  const factors = [
    { property: 'partitioner.class', levels: ['adaptive', 'uniform-sticky', 'sticky'] },
    { property: TIMEOUT, levels: ['0', '5'] },
  ];
  return {
    name: 'kip-794',
    html: reportHtml(inventedResult('kip-794', inRounds(trials, 3), factors)),
    leastCharts: 3,
    views: 'pairs',
    // Published, then measured.
    texts: ['Reproduced', 'sticky', '10,992', '10,000', '1,730'],
  };
}

async function labPages(directory: string): Promise<InventedPage[]> {
  const keys = join(directory, 'keys');
  mkdirSync(directory, { recursive: true });
  const long = 'k'.repeat(300);
  const hostile = HOSTILE.replace(/[\n\r]/g, '');
  writeFileSync(keys, `${`${hostile}\n`.repeat(5)}${long}\n\nb\nc\nd\n`);
  const common = { recordSizeBytes: 100, modules: [], topic: 't', seed: 1, workingDirectory: directory };
  const distribution = { kind: 'zipf', cardinality: 1000, exponent: 1.1 } as const;
  const lab = await runLab({
    ...common,
    keys: { kind: 'distribution', name: 'zipf:1.1:1000', distribution, records: null },
    partitions: [12, 200],
  });
  const ofFile = await runLab({
    ...common,
    keys: { kind: 'file', path: keys, encoding: 'utf8' },
    partitions: [4],
  });
  const result = measuredRun({
    keyed: { shares: [0.4, 0.3, 0.2, 0.1], p99: 9 },
    adaptive: {},
    'round-robin': { p99: 8, cpuNs: 2400 },
    sticky: { p99: 400, overloaded: true },
    [HOSTILE]: {},
  });
  const measured = labPage(ofFile, { result, table: levelsOf(result) });
  return [
    {
      name: 'lab',
      html: labPage(lab),
      leastCharts: 2,
      views: 'pairs',
      texts: ['Recommendation', 'java-murmur2', 'librdkafka-crc32', 'max/mean', 'user-0', 'keys that move'],
    },
    {
      name: 'lab-measured',
      html: measured,
      leastCharts: 4,
      views: 'pairs',
      texts: [
        'For records that need no order: adaptive',
        'What it does not know',
        'batch fill',
        'Latency of each partition',
        'Records waiting',
        'sarama-fnv1a',
        'overloaded',
      ],
    },
  ];
}

function history(): InventedPage {
  const entries = inventedEntries([
    { checks: 20, change: 0 },
    { checks: 12, change: 0.03 },
  ]);
  return {
    name: 'history',
    html: historyHtml('.tidemark/history.ndjson', analyseHistory(entries)),
    leastCharts: 1,
    views: 'pairs',
    texts: ['change', 'worse', 'most likely since'],
  };
}
