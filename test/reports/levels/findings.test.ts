import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Findings, findingsOf } from '../../../reports/levels/findings.ts';
import { paretoFront } from '../../../reports/levels/grid-findings.ts';
import { levelsOf } from '../../../reports/levels/levels.ts';
import { tableLegend } from '../../../reports/levels/table-legend.ts';
import type { Result, TrialResult } from '../../../reports/result.ts';
import { histogramsInMemory } from '../../../reports/trial-histograms.ts';
import { quickFixture, roundsFixture, withTrial } from '../result-fixture.ts';

const { result } = quickFixture({ records: 8_000 });

function factorText(findings: Findings, property: string): string {
  const factor = findings.factors.find((one) => one.property === property)!;
  return [...factor.sentences, ...factor.caveats].join('\n');
}

function allText(findings: Findings): string {
  return [
    ...findings.general,
    ...findings.factors.map((factor) => factorText(findings, factor.property)),
    ...findings.grid,
  ].join('\n');
}

function changed(change: (trial: TrialResult) => TrialResult): Result {
  return { ...result, trials: result.trials.map(change) };
}

test('a factor says what it bought: from, to, rate, requests and p99', () => {
  const linger = withTrial(result, 'r1-linger.ms-50', (trial) => ({
    ...trial,
    batches: { ...trial.batches, requestsPerRecord: 0.2 * levelsOf(result).base!.requestsPerRecord!.mean },
    latencyMs: { ...trial.latencyMs, p99: levelsOf(result).base!.latency!.p99! + 45 },
  }));
  assert.match(
    factorText(findingsOf(linger), 'linger.ms'),
    /linger\.ms 5 -> 50 at 120,000\/s: requests -80 %, p99 \+45\.0 ms/,
  );
});

test('a difference inside the spread of the base is no difference', () => {
  const alike = changed((trial) => ({
    ...trial,
    throughput: { ...trial.throughput, recordsPerSecond: trial.id === 'r1-base-1' ? 110 : 100 },
  }));
  const findings = findingsOf(alike);
  for (const { property } of findings.factors) {
    assert.match(factorText(findings, property), /no difference in records\/s seen/);
  }
});

test('what one round shows is said to be that, and what several rounds did not show is not said to differ', () => {
  const once = findingsOf(result);
  assert.match(factorText(once, 'batch.size'), /against 16384 in one round: /);
  assert.match(once.general.join(' '), /One round: differences have no interval/);
  const { result: rounds, histograms } = roundsFixture(3);
  const text = allText(findingsOf(rounds, levelsOf(rounds, histogramsInMemory(histograms))));
  assert.doesNotMatch(text, /one round/i);
  assert.match(text, /linger\.ms at saturation, records\/s against 5: 0 -\d+ %; ~ for 2 others\./);
});

test('where nothing but the base goes well, nothing is said of differences', () => {
  const { result: rounds } = roundsFixture(3);
  const failed: Result = {
    ...rounds,
    precision: { wanted: 0.02, reached: null, rounds: 3, isReached: false },
    trials: rounds.trials.map((trial) =>
      trial.factor === null ? trial : { ...trial, status: 'failed', error: 'boom' },
    ),
  };
  const text = allText(findingsOf(failed));
  assert.match(
    text,
    /after 3 rounds not every comparison with the base has an interval: the 2\.0 % asked for/,
  );
  assert.match(text, /acks: no other level went well/);
  assert.doesNotMatch(text, /one round|~|between them/i);
  assert.doesNotMatch(tableLegend(levelsOf(failed).all).join(' '), /~/);
});

test('with one base run it says that no spread is known', () => {
  const once = quickFixture({ baseRepeats: 1, records: 500 }).result;
  assert.match(findingsOf(once).general.join(' '), /base ran once.*not known/);
});

test('an overloaded level is said to be, and is not compared in latency', () => {
  const smallest = withTrial(result, 'r1-compression.type-gzip', (trial) => ({
    ...trial,
    batches: { ...trial.batches, compressionRatio: 0.01 },
  }));
  const text = factorText(findingsOf(smallest), 'compression.type');
  assert.match(text, /gzip could not carry 120,000\/s/);
  assert.doesNotMatch(text, /-> gzip/);
});

test('acks: replication factor 1 and the local write are said, and the local write is not compared', () => {
  const text = factorText(findingsOf(result), 'acks');
  assert.match(text, /replication factor 1, acks=all waits for no other replica/);
  assert.match(text, /acks=0 latency ends with the local write/);
  assert.doesNotMatch(text, /-> 0 /);
  const replicated = changed((trial) => ({ ...trial, topic: { ...trial.topic, replicationFactor: 3 } }));
  assert.doesNotMatch(factorText(findingsOf(replicated), 'acks'), /no other replica/);
});

test('partitioners say how full the fullest partition is', () => {
  assert.match(
    factorText(findingsOf(result), 'partitioner.class'),
    /fullest partition [\d.]+x the mean \(keyed: 1\.86x\)/,
  );
});

test('failed trials, a failed base and missing figures never print NaN, undefined or null', () => {
  const none = { recordsPerSecond: null, megabytesPerSecond: null, wireBytesPerSecond: null };
  const results: Result[] = [
    withTrial(result, 'r1-acks-1', (trial) => ({ ...trial, status: 'failed', error: 'worker crashed' })),
    changed((trial) => (trial.factor === null ? { ...trial, status: 'failed', error: 'x' } : trial)),
    changed((trial) => ({ ...trial, status: 'failed', error: 'x' })),
    changed((trial) => ({ ...trial, throughput: none, partitions: [], cpuNsPerRecord: null })),
    changed((trial) => ({ ...trial, pacedRate: null, latencyKind: 'service' })),
    changed((trial) => ({
      ...trial,
      latencyMs: {
        count: 0,
        mean: null,
        p50: null,
        p90: null,
        p95: null,
        p99: null,
        p999: null,
        p9999: null,
        max: null,
      },
    })),
    { ...result, trials: [], interrupted: true },
    { ...result, trials: result.trials.slice(0, 1) },
    { ...result, trials: result.trials.slice(3) },
    { ...result, design: 'single', factors: [], trials: result.trials.slice(0, 2) },
    { ...quickFixture({ design: 'full', records: 200 }).result, trials: [] },
  ];
  for (const odd of results) assert.doesNotMatch(allText(findingsOf(odd)), /NaN|undefined|null|Infinity/);
  assert.match(allText(findingsOf(results[0]!)), /1: 1 of 1 trials failed: worker crashed/);
});

test('a factor whose only level is the base is not said to have failed', () => {
  const only = { ...result, trials: result.trials.filter(({ factor }) => factor !== 'acks') };
  assert.match(factorText(findingsOf(only), 'acks'), /^acks: nothing but the base was measured\.$/m);
});

test('why the base failed is said, since no factor tells it', () => {
  const failed = withTrial(result, 'r1-base-2', (trial) => ({
    ...trial,
    status: 'failed',
    error: 'NO_ROOM',
  }));
  assert.match(findingsOf(failed).general.join('\n'), /1 of \d+ trials failed.*\nr1-base-2: NO_ROOM\n/);
  const level = withTrial(result, 'r1-acks-1', (trial) => ({ ...trial, status: 'failed', error: 'NO_ROOM' }));
  assert.doesNotMatch(findingsOf(level).general.join('\n'), /NO_ROOM/);
});

test('a grid names its best cells, its Pareto front and the main effects', () => {
  const grid = quickFixture({ design: 'full', records: 4_000 }).result;
  const text = findingsOf(grid).grid;
  assert.equal(text.filter((line) => line.startsWith('Throughput, ')).length, 5);
  assert.equal(text.filter((line) => line.startsWith('p99, ')).length, 5);
  assert.equal(text.filter((line) => line.includes('geometric mean over the grid')).length, 3);
  const front = paretoFront(levelsOf(grid).all);
  const cells = levelsOf(grid).all.filter((cell) => (cell.latency?.p99 ?? null) !== null);
  assert.ok(cells.length > 20);
  const beats = (a: (typeof cells)[number], b: (typeof cells)[number]): boolean =>
    a.recordsPerSecond!.mean > b.recordsPerSecond!.mean && a.latency!.p99! < b.latency!.p99!;
  assert.ok(front.length > 0 && front.every((cell) => !cells.some((other) => beats(other, cell))));
});
