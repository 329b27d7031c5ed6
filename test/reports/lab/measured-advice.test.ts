import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labPage } from '../../../reports/lab/lab-page.ts';
import { adviseFromRun } from '../../../reports/lab/measured-advice.ts';
import { measuredCells } from '../../../reports/lab/measured-cells.ts';
import { levelsOf } from '../../../reports/levels/levels.ts';
import type { Result } from '../../../reports/result.ts';
import { type InventedPartitioner, measuredRun } from './measured-run.ts';
import { placedKeys } from './placed-keys.ts';

type Partitioners = Readonly<Record<string, InventedPartitioner>>;

const cellsOf = (result: Result) => measuredCells(result, levelsOf(result));

function advise(partitioners: Partitioners, { rounds = 5, keyed = ['keyed'] } = {}) {
  const result = measuredRun(partitioners, { rounds });
  return adviseFromRun(result, cellsOf(result), new Set(keyed));
}

describe('the advice of a run under load', () => {
  it("is Kafka's default where nothing is shown to be better", () => {
    const { advice, reasons } = advise({ keyed: {}, adaptive: {}, sticky: {}, random: { cpuNs: 1500 } });
    assert.match(advice, /^For records that need no order: adaptive, Kafka's default\. Nothing else/);
    // Cheaper alone is said and decides nothing.
    assert.match(
      reasons[0]!,
      /against adaptive: random: CPU per record -25 % \(-2\d to -2\d %\)\. ~ keyed, sticky/,
    );
    assert.match(reasons[0]!, /Would have been found: [\d.]+ % in p99, [\d.]+ % in records\/s/);
  });

  it('is another where it was shown to be faster and to lose nothing', () => {
    const { advice } = advise({ keyed: {}, adaptive: { p99: 8 }, sticky: { p99: 6 }, random: { p99: 5 } });
    assert.match(advice, /^For records that need no order: random\. It was shown to be better than adaptive/);
  });

  it('is not one that is faster here and loses there, or could not carry the rate', () => {
    for (const sticky of [
      { p99: 4, cpuNs: 2600 },
      { p99: 4, recordsPerSecond: 200_000 },
      { overloaded: true },
    ]) {
      assert.match(advise({ keyed: {}, adaptive: { p99: 8 }, sticky }).advice, /: adaptive, Kafka's default/);
    }
    const { reasons } = advise({ keyed: {}, adaptive: {}, sticky: { overloaded: true } });
    assert.match(reasons[0]!, /sticky: could not carry the rate/);
  });

  it('is not what keeps keys together', () => {
    const partitioners = { keyed: { p99: 4 }, adaptive: { p99: 8 }, './mine.ts': { p99: 4 } };
    assert.match(advise(partitioners, { keyed: ['keyed', './mine.ts'] }).advice, /: adaptive/);
    assert.match(advise(partitioners).advice, /: \.\/mine\.ts\. It was shown/);
  });

  it('takes no p99 that too few requests stand behind for a figure', () => {
    for (const few of [{ p99: null }, { isThin: true }]) {
      const { advice, reasons } = advise({ keyed: few, adaptive: few, sticky: { ...few, p99: 1 } });
      assert.match(advice, /: adaptive/);
      assert.doesNotMatch(reasons[0]!, /p99/);
    }
  });

  it('of one round shows nothing to differ', () => {
    const { advice, reasons, limits } = advise(
      { keyed: {}, adaptive: { p99: 80 }, sticky: {} },
      { rounds: 1 },
    );
    assert.match(advice, /: adaptive/);
    assert.match(reasons[0]!, /one round has no intervals, so nothing is shown to differ; --repeats 5/);
    assert.match(limits.join('\n'), /^One round, phases of|\nOne round/);
  });

  it('says what the order of keys costs in skew, at each number of partitions', () => {
    const partitioners = { keyed: { shares: [0.5, 0.25, 0.125, 0.125] }, adaptive: {} };
    const { reasons } = advise(partitioners);
    assert.match(
      reasons.at(-1)!,
      /took at 4 partitions 2\.00 times the mean with keyed, 1\.00 with adaptive/,
    );
  });
});

describe('the cells of a run under load', () => {
  it('compare partitioners where partitions and rate are the same', () => {
    const result = measuredRun({ keyed: {}, adaptive: {}, sticky: {} }, { partitions: [4, 8] });
    const cells = cellsOf(result);
    assert.deepEqual(
      cells.map(({ partitions, levels }) => [partitions, ...levels.map(({ label }) => label)]),
      [
        [4, 'keyed', 'adaptive', 'sticky'],
        [8, 'keyed', 'adaptive', 'sticky'],
      ],
    );
    for (const { levels } of cells) {
      assert.deepEqual(
        levels.map(({ isBase }) => isBase),
        [true, false, false],
      );
      assert.ok(levels.every(({ trials }) => trials.length === 5));
      assert.equal(levels[1]!.comparisons.latencyP99Ms!.significant, false);
    }
  });
});

describe('the page with a run', () => {
  it('has figures with intervals, partitions, queues and the placement of its keys', async () => {
    const result = measuredRun({
      keyed: { shares: [0.4, 0.3, 0.2, 0.1] },
      adaptive: { p99: 2 },
      '<b>': {},
    });
    const page = labPage(await placedKeys(), { result, table: levelsOf(result) });
    const section = (anchor: string): string => page.split(`<h2 id="${anchor}">`)[1]!.split('</section>')[0]!;
    assert.match(section('measured'), />\d\.\d\d<br><span class="differs">-60 % \(-6\d to -\d\d %\)</);
    assert.match(section('measured'), /<span class="like">~<\/span>/);
    assert.match(section('measured'), /73\.2 %/);
    assert.match(section('partition-latency'), /aria-label="p99 by partition: keyed up to 6\.\d+ ms/);
    assert.match(section('partition-records'), /keyed fullest\/mean 1\.60/);
    assert.match(section('queues'), /<polyline/);
    assert.match(section('skew'), /java-murmur2/);
    assert.doesNotMatch(page, /<b>\(base|tidemark run partitioners/);
    assert.match(page, /&lt;b&gt;/);
  });

  it('of a run without a trial is the page of the keys alone', async () => {
    const result = { ...measuredRun({ keyed: {} }), trials: [] };
    const page = labPage(await placedKeys(), { result, table: levelsOf(result) });
    assert.doesNotMatch(page, /id="measured"/);
    assert.match(page, /id="skew"/);
  });
});
