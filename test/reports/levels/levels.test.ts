import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelsOf } from '../../../reports/levels/levels.ts';
import { isInsideSpread, spreadOf } from '../../../reports/levels/spread.ts';
import { LatencyHistogram, mergeLatencies } from '../../../reports/measure/latency-histogram.ts';
import { histogramsInMemory } from '../../../reports/trial-histograms.ts';
import { QUICK_FACTORS, quickFixture, withTrial } from '../result-fixture.ts';

const { result, histograms } = quickFixture({ records: 2_000 });
const table = levelsOf(result, histogramsInMemory(histograms));

test('the base is the first row of every factor, and levels follow in numeric order', () => {
  assert.deepEqual(
    table.groups.map((group) => group.property),
    QUICK_FACTORS.map((factor) => factor.property),
  );
  assert.ok(
    table.groups.every(({ levels }) => levels[0]!.isBase && levels.slice(1).every((level) => !level.isBase)),
  );
  assert.deepEqual(
    table.groups[0]!.levels.map((level) => level.label),
    ['16384', '1024', '4096', '131072'],
  );
});

test('the order of levels does not depend on the order in which trials ran', () => {
  const factors = result.factors.map((factor) => ({ ...factor, levels: factor.levels.toReversed() }));
  const { groups } = levelsOf({ ...result, factors, trials: result.trials.toReversed() });
  assert.deepEqual(
    groups[1]!.levels.map((level) => level.label),
    ['5', '0', '1', '50'],
  );
  assert.deepEqual(
    groups[2]!.levels.map((level) => level.label),
    ['none', 'zstd', 'lz4', 'snappy', 'gzip'],
  );
});

test('every level stands once in the whole table', () => {
  assert.equal(table.all.length, 17);
  assert.equal(table.all.filter((level) => level.isBase).length, 1);
});

test('repeats are merged: the percentile is that of all samples together, the rate their mean', () => {
  const ids = ['r1-base-1', 'r1-base-2', 'r1-base-3'];
  const merged = mergeLatencies(ids.map((id) => LatencyHistogram.fromBytes(histograms.get(id)!)));
  assert.equal(table.base!.latency!.p99, merged.quantileNs(0.99)! / 1e6);
  assert.equal(table.base!.latency!.count, 600_000);
  assert.equal(table.base!.latencyFrom, 'merged');
  const rates = result.trials.slice(0, 3).map((trial) => trial.throughput.recordsPerSecond!);
  assert.equal(table.base!.recordsPerSecond!.mean, rates.reduce((sum, rate) => sum + rate, 0) / 3);
});

test('without histograms the middle repeat speaks, never an average', () => {
  const { base } = levelsOf(result);
  const p99s = result.trials.slice(0, 3).map((trial) => trial.latencyMs.p99!);
  assert.equal(base!.latency!.p99, p99s.toSorted((a, b) => a - b)[1]);
  assert.equal(base!.latencyFrom, 'middle repeat');
  assert.ok(base!.curve.length >= 4);
});

test('a failed trial gives no figures and is told in the row', () => {
  const failed = withTrial(result, 'r1-linger.ms-50', (trial) => ({
    ...trial,
    status: 'failed',
    error: 'worker crashed',
  }));
  const level = levelsOf(failed).groups[1]!.levels.at(-1)!;
  assert.deepEqual(
    [level.verified, level.failed, level.recordsPerSecond, level.latency],
    ['FAILED', 1, null, null],
  );
});

test('lost records outweigh everything else in the verified column', () => {
  const lossy = withTrial(result, 'r1-acks-1', (trial) => ({
    ...trial,
    records: { ...trial.records, lost: 3 },
  }));
  assert.equal(levelsOf(lossy).all.find((level) => level.factor === 'acks')!.verified, '3 lost');
  assert.equal(table.all.find((level) => level.isLocalWrite)!.verified, 'not known');
});

test('cells of a grid are levels by all their settings, the base among them', () => {
  const grid = levelsOf(quickFixture({ design: 'full', records: 100 }).result);
  assert.equal(grid.all.length, 27);
  assert.equal(grid.base!.trials.length, 3);
  assert.deepEqual(grid.groups, []);
});

test('a difference is inside the spread when it is no larger than the repeats lie apart', () => {
  const base = spreadOf([90, 100, 110])!;
  assert.ok(isInsideSpread(120, base) && isInsideSpread(80, base) && !isInsideSpread(121, base));
  const wide = spreadOf([60, 110, 190])!;
  assert.ok(isInsideSpread(50, wide) && !isInsideSpread(1, wide), 'a hundredth is no repeat of anything');
  assert.ok(!isInsideSpread(100, spreadOf([100])!), 'one repeat knows no spread');
  assert.equal(spreadOf([null, Number.NaN]), null);
});
