import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECK_SCHEMA, type CheckResult } from '../../../reports/check/check-result.ts';
import type { Comparison } from '../../../reports/compare/comparison.ts';
import {
  figureSetOfCheck,
  figureSetOfComparison,
  settingsOfLevel,
} from '../../../reports/figures/figure-set.ts';
import { FORMAT_NAMES } from '../../../reports/formats/format-names.ts';
import { checkSource, comparisonSource } from '../../../reports/formats/format-sources.ts';
import { renderFormat } from '../../../reports/formats/registry.ts';
import { smallRun } from '../formats/small-run.ts';

const { environment } = smallRun().result;

const CHECK: CheckResult = {
  schema: CHECK_SCHEMA,
  verdict: 'regression',
  metric: 'cpuNsPerRecord',
  change: 0.08,
  low: 0.06,
  high: 0.1,
  sessions: 8,
  seconds: 71,
  detectable: 0.041,
  tolerance: 0.01,
  margin: 0.05,
  gates: [],
  metrics: [
    {
      metric: 'cpuNsPerRecord',
      direction: 'lower is better',
      margin: 0.05,
      base: 500,
      candidate: 540,
      change: 0.08,
      low: 0.06,
      high: 0.1,
      p: 0.0078,
      sessionLogRatios: [Math.log(1.07), Math.log(1.09)],
    },
  ],
  base: { label: 'git:main', description: 'commit 0123456' },
  candidate: { label: '.', description: 'this directory' },
  environment,
  startedAt: '2026-01-15T09:30:00.000Z',
  seed: 1,
  command: 'tidemark check',
  notes: ['one note'],
};

const COMPARISON: Comparison = {
  base: 'runs/a',
  candidate: 'runs/b',
  evidence: 'stored',
  rows: [
    row('recordsPerSecond', 100, 110, 0.1, true),
    row('latencyP99Ms', 2, 2, 0, false),
    { ...row('latencyP50Ms', 1, 1, 0, false), candidate: null, change: null, low: null, high: null, p: null },
  ],
  notes: [],
};

function row(
  metric: string,
  base: number,
  candidate: number,
  change: number,
  significant: boolean,
): Comparison['rows'][number] {
  const interval = { low: change - 0.02, high: change + 0.02 };
  return { metric, level: 'linger.ms=5', base, candidate, change, ...interval, p: 0.01, n: 3, significant };
}

const CONTEXT = { at: '2026-01-15T09:30:00.000Z', environment };

test('a run: means with intervals over trials, quantiles of the merged histogram, failed trials apart', () => {
  const { figures, failures, levels, commit } = smallRun().figures;
  const base = figures.filter(({ level }) => level === 'base');
  const rate = base.find(({ metric }) => metric === 'recordsPerSecond')!;
  assert.deepEqual(rate.samples, [90_000, 100_000, 110_000]);
  assert.equal(rate.direction, 'higher is better');
  assert.deepEqual(rate.settings, [{ property: 'linger.ms', value: '5' }]);
  const p99 = base.find(({ metric }) => metric === 'latencyP99Ms')!;
  assert.equal(p99.value, 2);
  assert.equal(p99.direction, 'lower is better');
  assert.deepEqual(failures, [
    { name: 'r3-linger.ms-0', level: 'linger.ms=0', reason: 'TIMEOUT: no answer' },
  ]);
  assert.deepEqual(
    levels.map(({ name, isGood }) => [name, isGood]),
    [
      ['base', true],
      ['linger.ms=0', false],
    ],
  );
  assert.equal(commit, '0123456789abcdef0123456789abcdef01234567');
});

test('no bound of a figure lies below 0, however far two trials lie apart', () => {
  const { result } = smallRun();
  const [first, second] = result.trials;
  const rates = [1000, 100_000].map((recordsPerSecond, index) => ({
    ...[first!, second!][index]!,
    throughput: { ...first!.throughput, recordsPerSecond },
  }));
  const { figures } = smallRun({ trials: rates }).figures;
  assert.equal(figures.find(({ metric }) => metric === 'recordsPerSecond')!.low, 0);
});

test('a check: the ratio with one value per session, then both sides', () => {
  const { figures, verdict } = figureSetOfCheck(CHECK);
  assert.match(verdict!, /^regression: CPU per record \+8\.0 % /);
  const [ratio, base, candidate] = figures;
  assert.deepEqual(
    [ratio!.metric, ratio!.value, ratio!.low, ratio!.high, ratio!.direction],
    ['cpuNsPerRecordVersusBase', 1.08, 1.06, 1.1, 'lower is better'],
  );
  assert.deepEqual(
    ratio!.samples.map((sample) => Number(sample.toFixed(6))),
    [1.07, 1.09],
  );
  assert.deepEqual(
    [base!.level, base!.value, candidate!.level, candidate!.value],
    ['base', 500, 'candidate', 540],
  );
});

test('a comparison: what does not exist on a side is left out, never 0', () => {
  const { figures, verdict } = figureSetOfComparison(COMPARISON, CONTEXT);
  assert.equal(verdict, '1 of 3 figures differ significantly');
  const p50 = figures.filter(({ metric }) => metric.startsWith('latencyP50Ms'));
  assert.deepEqual(
    p50.map(({ level, value }) => [level, value]),
    [['linger.ms=5 base', 1]],
  );
});

test("a level's name gives its settings back", () => {
  assert.deepEqual(settingsOfLevel('batch.size=1024 linger.ms=5'), [
    { property: 'batch.size', value: '1024' },
    { property: 'linger.ms', value: '5' },
  ]);
  assert.deepEqual(settingsOfLevel('base'), [{ property: 'level', value: 'base' }]);
  assert.deepEqual(settingsOfLevel(null), []);
});

test('every format but those of a load describes checks and comparisons; those are refused with the reason', async () => {
  for (const source of [checkSource(CHECK), comparisonSource(COMPARISON, CONTEXT)]) {
    for (const name of FORMAT_NAMES) {
      if (name === 'omb' || name === 'perf-test') {
        await assert.rejects(renderFormat(name, source), /describes a run, and this is a (check|comparison)/);
        continue;
      }
      const [{ text }] = await renderFormat(name, source);
      assert.doesNotMatch(text, /NaN|undefined|null/, name);
    }
  }
});

test('the verdict of a check is a case of JUnit, and a table of Markdown as benchstat has it', async () => {
  const [junit] = await renderFormat('junit', checkSource(CHECK));
  assert.match(junit.text, /<testcase name="no regression of CPU per record above 5 %"/);
  assert.match(junit.text, /<failure message="regression: CPU per record \+8\.0 % \(\+6\.0 % to \+10\.0 %\)/);
  const undecided = checkSource({ ...CHECK, verdict: 'inconclusive' });
  const [{ text }] = await renderFormat('junit', undecided);
  assert.match(text, /failures="0"/);
  assert.match(text, /<skipped message="inconclusive: /);
  const [markdown] = await renderFormat('markdown', comparisonSource(COMPARISON, CONTEXT));
  assert.match(
    markdown.text,
    /\| linger\.ms=5 \| records\/s \| 100 \| 110 \| \+10 % \| \+8 % to \+12 % \| 0\.010 \| 3 \|/,
  );
  assert.match(markdown.text, /\| linger\.ms=5 \| p99 latency, ms \| 2\.00 \| 2\.00 \| \\~ \|/);
  const [compared] = await renderFormat('junit', comparisonSource(COMPARISON, CONTEXT));
  assert.match(compared.text, /<testcase name="records\/s \(linger\.ms=5\)"/);
  assert.match(compared.text, />base 100, candidate 110, \+10 % \(\+8 % to \+12 %\), p 0\.010, n 3</);
  const [prometheus] = await renderFormat('prometheus', checkSource(CHECK));
  assert.match(
    prometheus.text,
    /# HELP tidemark_cpu_ns_per_record_versus_base CPU per record, candidate over base\n/,
  );
});
