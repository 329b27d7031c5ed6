import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportHtml } from '../../../reports/formats/report-html.ts';
import { reportMarkdown } from '../../../reports/formats/report-md.ts';
import { summaryCsv } from '../../../reports/formats/summary-csv.ts';
import { levelSummaries } from '../../../reports/levels/level-summaries.ts';
import { compareWithBase } from '../../../reports/statistics/level-family.ts';
import { logMeanInterval, meanInterval } from '../../../reports/statistics/mean-interval.ts';
import { terminalText } from '../../../reports/terminal/run-text.ts';
import { histogramsInMemory } from '../../../reports/trial-histograms.ts';
import { QUICK_FACTORS, quickFixture, roundsFixture } from '../result-fixture.ts';

const { result, histograms } = roundsFixture(3);
const source = histogramsInMemory(histograms);
const levels = levelSummaries(result, source);
const rates = (factor: string | null, level: string | null): { round: number; value: number }[] =>
  result.trials
    .filter((trial) => trial.factor === factor && trial.level === level)
    .map(({ round, throughput }) => ({ round, value: throughput.recordsPerSecond! }));

test('every level is there once, the base in every factor with its own setting as value', () => {
  assert.equal(levels.length, 16 + QUICK_FACTORS.length);
  for (const { property, levels: values } of QUICK_FACTORS) {
    const own = levels.filter(({ factor }) => factor === property);
    assert.deepEqual(new Set(own.map(({ value }) => value)), new Set(values));
    const [base] = own.filter(({ isBase }) => isBase);
    assert.equal(base!.value, values[0]);
    assert.equal(base!.versusBase!.ratio, 1);
    assert.ok(base!.versusBase!.detectable! > 0);
  }
});

test('a figure has the interval of its trials, a ratio that of its factor as a family', () => {
  const lz4 = levels.find(({ value }) => value === 'lz4')!;
  const interval = meanInterval(rates('compression.type', 'lz4').map(({ value }) => value))!;
  assert.deepEqual(lz4.recordsPerSecond, { mean: interval.value, low: interval.low, high: interval.high });
  assert.equal(lz4.n, 3);
  const others = ['gzip', 'snappy', 'lz4', 'zstd'].map((level) => rates('compression.type', level));
  assert.deepEqual(lz4.versusBase, compareWithBase(rates(null, null), others)[2]);
  assert.equal(levels.find(({ value }) => value === 'gzip')!.versusBase!.significant, true);
});

test('a quantile is that of the merged histograms, its interval from the trials', () => {
  const sticky = levels.find(({ value }) => value === 'sticky')!.latencyP99Ms!;
  const p99s = result.trials.filter(({ level }) => level === 'sticky').map((trial) => trial.latencyMs.p99!);
  const spread = logMeanInterval(p99s)!;
  assert.ok(sticky.low! < sticky.value && sticky.value < sticky.high!);
  assert.ok(Math.abs(sticky.high! / sticky.value / (spread.high! / spread.value) - 1) < 1e-12);
  assert.ok(Math.abs(sticky.low! / sticky.value / (spread.low! / spread.value) - 1) < 1e-12);
});

test('what is of another kind is not compared in latency: a local write, a level that fell behind', () => {
  const of = (value: string): (typeof levels)[number] => levels.find((level) => level.value === value)!;
  assert.equal(of('0').factor, 'linger.ms');
  const localWrite = levels.find(({ factor, value }) => factor === 'acks' && value === '0')!;
  assert.equal(localWrite.latencyP99VersusBase, null);
  assert.ok(localWrite.latencyP99Ms!.low! > 0);
  assert.equal(of('gzip').latencyP99VersusBase, null);
  assert.ok(of('1').latencyP99VersusBase !== null);
});

test('with one round there are ratios without intervals, and nothing is said to differ', () => {
  const once = levelSummaries(quickFixture({ records: 2_000 }).result);
  for (const { versusBase, n, recordsPerSecond } of once) {
    assert.deepEqual([versusBase!.low, versusBase!.high, versusBase!.detectable], [null, null, null]);
    assert.equal(versusBase!.significant, false);
    if (n === 1) assert.equal(recordsPerSecond!.low, null);
  }
});

test('cells of a grid are one family against the base cell, without a factor', () => {
  const grid = quickFixture({ design: 'full', records: 100 }).result;
  const again = grid.trials.map((trial) => ({ ...trial, id: trial.id.replace('r1', 'r2'), round: 2 }));
  const cells = levelSummaries({ ...grid, trials: [...grid.trials, ...again] });
  assert.equal(cells.length, 27);
  assert.ok(cells.every(({ factor }) => factor === null));
  assert.equal(cells.filter(({ isBase }) => isBase).length, 1);
  assert.ok(cells.every(({ versusBase }) => versusBase!.low !== null));
});

test('~ stands where a difference was not shown, with what would have been, in every report', () => {
  const like = levels.filter(({ isBase, versusBase }) => !isBase && !versusBase!.significant);
  assert.ok(like.length >= 2);
  for (const width of [80, 120]) {
    const text = terminalText(result, { color: false, width }, source);
    const marked = text.split('\n').filter((line) => /^ {2}\S.* {2}~[\d,]+ /.test(line));
    assert.ok(marked.length >= like.length, text);
    assert.equal(text.match(/\(seen from [\d.]+ % in records\/s, [\d.]+ % in p99\)/g)!.length, 5);
    assert.match(text, /3 rounds, each level compared with the base within them/);
    assert.ok(text.split('\n').every((line) => line.length <= width));
  }
  assert.match(reportMarkdown(result, source), /linger\.ms: seen from [\d.]+ % in records\/s/);
  const page = reportHtml(result, source);
  assert.match(page, /title="95 % interval [\d,]+ to [\d,]+"/);
  assert.match(page, /title="a difference of [\d.]+ % would have been found"/);
  assert.match(page, /dark lines: 95 % intervals/);
});

test('where no level has requests enough for a p99, no difference in it would have been seen', () => {
  const few = {
    ...result,
    trials: result.trials.map((trial) => ({
      ...trial,
      batches: { ...trial.batches, requestsPerRecord: 300 / trial.latencyMs.count },
    })),
  };
  const text = terminalText(few, { color: false, width: 120 });
  assert.equal(text.match(/\(seen from [\d.]+ % in records\/s\)/g)?.length, 5, text);
  assert.doesNotMatch(text, /% in p99/);
});

test('the CSV has what the level of each trial came to', () => {
  const [head, ...rows] = summaryCsv(result, source).trimEnd().split('\n');
  const names = head!.split(',');
  const cell = (trial: string, name: string): string =>
    rows.find((row) => row.startsWith(`${trial},`))!.split(',')[names.indexOf(name)]!;
  assert.equal(cell('r2-compression.type-gzip', 'versus_base'), 'differs');
  assert.equal(cell('r1-base-1', 'versus_base'), 'base');
  const gzip = levels.find(({ value }) => value === 'gzip')!;
  assert.equal(Number(cell('r1-compression.type-gzip', 'versus_base_low')), gzip.versusBase!.low);
  assert.equal(
    Number(cell('r3-compression.type-gzip', 'level_records_per_second_high')),
    gzip.recordsPerSecond!.high,
  );
  assert.equal(Number(cell('r3-compression.type-gzip', 'detectable')), gzip.versusBase!.detectable);
});
