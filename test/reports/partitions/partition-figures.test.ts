import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reportHtml } from '../../../reports/formats/report-html.ts';
import { reportMarkdown } from '../../../reports/formats/report-md.ts';
import { levelsOf } from '../../../reports/levels/levels.ts';
import { partitionFigures } from '../../../reports/partitions/partition-figures.ts';
import { queueCharts } from '../../../reports/partitions/queue-chart.ts';
import type { Result, TrialResult } from '../../../reports/result.ts';
import { terminalText } from '../../../reports/terminal/run-text.ts';
import { inventedResult } from '../published/experiments.ts';
import { quickFixture } from '../result-fixture.ts';

const FACTORS = [
  { property: 'partitioner.class', levels: ['adaptive', 'sticky'] },
  { property: 'partitions', levels: ['3'] },
];

function trial(name: string, change: Partial<TrialResult>, round = 1) {
  const producer = { 'partitioner.class': name, 'batch.size': '1000' };
  return {
    producer,
    rate: 100,
    mean: 5,
    p99: 9,
    batchBytes: 250,
    change: { round, id: `${name}-${round}`, ...change },
  };
}

function partitions(records: readonly number[], p99s: readonly (number | null)[]): TrialResult['partitions'] {
  return records.map((count, partition) => ({
    ...{ partition, records: count, bytes: count * 10 },
    latencyMs: { p50: 1, p99: p99s[partition]! },
  }));
}

const SLOW = {
  partitions: partitions([100, 700, 100], [null, 900, null]),
  queues: {
    atMs: [0, 100],
    perPartition: [
      [0, 0],
      [50, 5000],
      [1, 3],
    ],
  },
};
const EVEN = {
  partitions: partitions([300, 300, 300], [4, 40, 5]),
  queues: {
    atMs: [0, 100],
    perPartition: [
      [0, 2],
      [6, 4],
      [0, 0],
    ],
  },
};

function measured(): Result {
  return inventedResult('kip-794', [trial('adaptive', EVEN), trial('sticky', SLOW)], FACTORS);
}

describe('partitions under load', () => {
  it('tell batches, requests, skew, the slowest partition and the longest queue, level by level', () => {
    const result = measured();
    const { rows, columns } = partitionFigures(result, levelsOf(result))!;
    const shown = rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
    const [adaptive, sticky] = shown;
    assert.equal(adaptive!['level'], 'adaptive / 3 (base)');
    assert.equal(adaptive!['batch fill'], '25.0 %');
    assert.equal(adaptive!['requests/1000'], '100');
    assert.equal(adaptive!['fullest/mean'], '1.00');
    assert.deepEqual([adaptive!['p99 ms slowest'], adaptive!['fastest']], ['40.0', '4.00']);
    assert.deepEqual(
      [adaptive!['queue mean'], adaptive!['longest'], adaptive!['partition']],
      ['6', '6', '1'],
    );
    assert.equal(sticky!['fullest/mean'], '2.33');
    assert.deepEqual([sticky!['p99 ms slowest'], sticky!['fastest']], ['900', '–']);
    assert.deepEqual(
      [sticky!['queue mean'], sticky!['longest'], sticky!['partition']],
      ['2,527', '5,000', '1'],
    );
  });

  it('tell the percentile that every level has, of the middle round: percentiles are not averaged', () => {
    const p90s = (values: readonly number[], p99: number | null): Partial<TrialResult> => ({
      ...EVEN,
      partitions: values.map((p90, partition) => ({
        ...{ partition, records: 300, bytes: 3000 },
        latencyMs: { p50: 1, p90, p99 },
      })),
    });
    const rounds = [10, 20, 900].map((slowest, index) => ({
      ...trial('adaptive', p90s([3, slowest, 5], 1000), index + 1),
      p99: slowest,
    }));
    const result = inventedResult('kip-794', [...rounds, trial('sticky', p90s([7, 8, 9], null))], FACTORS);
    const { rows, columns, sentences } = partitionFigures(result, levelsOf(result))!;
    const at = columns.findIndex(({ name }) => name === 'p90 ms slowest');
    assert.deepEqual(
      rows.map((row) => row.slice(at, at + 2)),
      [
        ['20.0', '3.00'],
        ['9.00', '7.00'],
      ],
    );
    assert.match(sentences[0]!, /of the middle round by p99; ten batches of a partition lie beyond its p90/);
  });

  it('leave a dash for what older results do not have', () => {
    const old = { partitions: [{ partition: 0, records: 5, bytes: 50 }], queues: undefined };
    const result = inventedResult('kip-794', [trial('adaptive', old)], FACTORS);
    const [row] = partitionFigures(result, levelsOf(result))!.rows;
    assert.deepEqual(row!.slice(5), ['–', '–', '–', '–', '–']);
    assert.equal(queueCharts(levelsOf(result)), null);
  });

  it('are of no interest where other things are varied', () => {
    const { result } = quickFixture({ baseRepeats: 1, records: 20 });
    assert.equal(partitionFigures(result, levelsOf(result)), null);
  });

  it('draw what waited, a chart per level, with the scale of its longest queue', () => {
    const { text } = queueCharts(levelsOf(measured()))!;
    assert.equal(text.match(/<svg /g)!.length, 2);
    assert.match(text, /aria-label="sticky \/ 3: up to 5,000 records over 0\.100 s"/);
    // From near the floor to the very top.
    assert.match(text, /points="4\.0,114\.9 316\.0,4\.0" fill="none" stroke="var\(--s1\)"/);
  });

  it('stand in the terminal, in Markdown and in HTML, names escaped', () => {
    const evil = '<img src=x>';
    const result = inventedResult(
      undefined,
      [trial('adaptive', EVEN), trial(evil, SLOW)],
      [{ property: 'partitioner.class', levels: ['adaptive', evil] }],
    );
    const style = { color: false, width: 80, columns: 80 } as Parameters<typeof terminalText>[1];
    const [markdown, page] = [reportMarkdown(result), reportHtml(result)];
    for (const text of [terminalText(result, style), markdown, page]) {
      assert.match(text, /Partitions under load/);
      assert.match(text, /fullest\/mean/);
    }
    for (const text of [markdown, page]) assert.ok(!text.includes(evil));
    assert.match(page, /Records waiting, by partition/);
  });
});
