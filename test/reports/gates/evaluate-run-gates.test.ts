import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateRunGates } from '../../../reports/gates/evaluate-run-gates.ts';
import type { GateOutcome } from '../../../reports/gates/gate-outcome.ts';
import { parseGate } from '../../../reports/gates/parse-gate.ts';
import type { Result, TrialResult } from '../../../reports/result.ts';
import { quickFixture } from '../result-fixture.ts';

const { result: quick } = quickFixture({ records: 2_000 });
const [plainTrial] = quick.trials;

/** A run that varies compression.type: a list of trials' changes per level, the base's first. */
function runOf(levels: Readonly<Record<string, readonly Partial<TrialResult>[]>>): Result {
  const names = Object.keys(levels);
  const trials = names.flatMap((name, level) =>
    levels[name]!.map((change, repeat) => ({
      ...plainTrial!,
      id: `r${repeat + 1}-${name}`,
      factor: level === 0 ? null : 'compression.type',
      level: level === 0 ? null : name,
      producer: { ...plainTrial!.producer, 'compression.type': name },
      ...change,
    })),
  );
  const base = { ...quick.base, 'compression.type': names[0]! };
  return { ...quick, factors: [{ property: 'compression.type', levels: names }], base, trials };
}

function rates(...values: readonly number[]): Partial<TrialResult>[] {
  return values.map((recordsPerSecond) => ({ throughput: { ...plainTrial!.throughput, recordsPerSecond } }));
}

function p99s(...values: readonly number[]): Partial<TrialResult>[] {
  return values.map((p99) => ({ latencyMs: { ...plainTrial!.latencyMs, p99 } }));
}

function lost(...values: readonly (number | null)[]): Partial<TrialResult>[] {
  return values.map((count) => ({ records: { ...plainTrial!.records, lost: count } }));
}

function outcomeOf(gate: string, result: Result): GateOutcome {
  const [outcome] = evaluateRunGates([parseGate(gate)], result);
  return outcome!;
}

// 110 * exp(-+ 4.302653 * sd(ln 100, ln 110, ln 120) / sqrt(3)) = 87.702 to 137.967 (scipy.stats.t.ppf).
const threeRates = runOf({ none: rates(100, 110, 120) });

test('an interval wholly on the good side passes, wholly on the bad side fails, and else nothing is decided', () => {
  assert.equal(outcomeOf('throughput>87.6', threeRates).verdict, 'pass');
  assert.equal(outcomeOf('throughput>138', threeRates).verdict, 'fail');
  assert.equal(outcomeOf('throughput<138', threeRates).verdict, 'pass');
  const open = outcomeOf('throughput>90', threeRates);
  assert.equal(open.verdict, 'inconclusive');
  assert.match(open.message, /95 % interval 87\.7 to 138\).*more --repeats/);
  assert.ok(Math.abs(open.low! - 87.702) < 0.001 && Math.abs(open.high! - 137.967) < 0.001);
  assert.equal(open.value, 110);
});

test('two trials decide no less than one, however far apart they lie', () => {
  assert.equal(outcomeOf('throughput>1', runOf({ none: rates(100_000) })).verdict, 'pass');
  const two = outcomeOf('throughput>1', runOf({ none: rates(100_000, 200_000) }));
  assert.deepEqual([two.verdict, two.value], ['pass', 150_000]);
  assert.ok(two.low! > 1_800 && two.low! < 1_900, `${two.low}`);
});

test('a quantile has the interval of its logarithm over the trials, set around the shown value', () => {
  // 4 * exp(-+ 4.302653 * sd(ln 2, ln 4, ln 16) / sqrt(3)) = 0.2882 to 55.5; without histograms the middle trial is shown.
  const outcome = outcomeOf('p(99)<56', runOf({ none: p99s(2, 4, 16) }));
  assert.equal(outcome.verdict, 'pass');
  assert.equal(outcome.value, 4);
  assert.ok(
    Math.abs(outcome.low! - 0.2882) < 0.001 && Math.abs(outcome.high! - 55.5) < 0.05,
    `${outcome.high}`,
  );
});

test('a gate is as bad as its worst level, and names it', () => {
  const run = runOf({ none: rates(100, 101, 102), gzip: rates(50, 51, 52), lz4: rates(10, 11, 12) });
  const outcome = outcomeOf('throughput>90', run);
  assert.equal(outcome.verdict, 'fail');
  assert.equal(outcome.level, 'compression.type=lz4');
  assert.equal(outcome.value, 11);
  assert.match(outcome.message, /2 of 3 levels breach it/);
  const passed = outcomeOf('throughput>1', run);
  assert.deepEqual([passed.verdict, passed.level], ['pass', 'compression.type=lz4']);
});

test('a selector leaves the other levels out', () => {
  const run = runOf({ none: rates(100, 101, 102), gzip: rates(50, 51, 52) });
  assert.equal(outcomeOf('throughput{base}>90', run).verdict, 'pass');
  assert.equal(outcomeOf('throughput{compression.type=gzip}>90', run).verdict, 'fail');
  assert.equal(outcomeOf('throughput{compression.type=none}>90', run).level, 'base');
});

test('one trial decides only far from the limit, and says why', () => {
  const run = runOf({ none: rates(100) });
  assert.equal(outcomeOf('throughput>49', run).verdict, 'pass');
  assert.equal(outcomeOf('throughput>201', run).verdict, 'fail');
  const near = outcomeOf('throughput>90', run);
  assert.equal(near.verdict, 'inconclusive');
  assert.deepEqual([near.low, near.high], [null, null]);
  assert.match(near.message, /one trial has no interval and decides only beyond 2 times the limit/);
});

test('counts are exact, over all trials of the level, failed ones too', () => {
  assert.equal(outcomeOf('lost==0', runOf({ none: lost(0, 0) })).verdict, 'pass');
  const [good, bad] = lost(0, 2);
  const outcome = outcomeOf('lost==0', runOf({ none: [good!, { ...bad, status: 'failed' }] }));
  assert.deepEqual([outcome.verdict, outcome.value, outcome.low, outcome.high], ['fail', 2, 2, 2]);
});

test('a count that is not known is inconclusive, unless what is known breaches already', () => {
  const none = runOf({ none: lost(null, null) }).trials.map((trial) => ({
    ...trial,
    producer: { acks: '0' },
  }));
  const unknown = outcomeOf('lost==0', { ...runOf({ none: lost(null) }), trials: none });
  assert.deepEqual([unknown.verdict, unknown.value], ['inconclusive', null]);
  assert.match(unknown.message, /not known: with acks=0/);
  assert.equal(outcomeOf('lost==0', runOf({ none: lost(0, null) })).verdict, 'inconclusive');
  assert.equal(outcomeOf('lost==0', runOf({ none: lost(3, null) })).verdict, 'fail');
  assert.equal(outcomeOf('lost<5', runOf({ none: lost(3, null) })).verdict, 'inconclusive');
});

test('a figure that is missing is inconclusive with its reason', () => {
  const noRate = runOf({ none: [{ throughput: { ...plainTrial!.throughput, recordsPerSecond: null } }] });
  assert.match(outcomeOf('throughput>1', noRate).message, /without a saturated phase/);
  const noTail = runOf({ none: [{ latencyMs: { ...plainTrial!.latencyMs, p9999: null } }] });
  assert.match(outcomeOf('p(99.99)<1s', noTail).message, /fewer than ten requests/);
  const failed = outcomeOf('p(99)<1s', runOf({ none: [{ status: 'failed' }] }));
  assert.deepEqual([failed.verdict, failed.value], ['inconclusive', null]);
  assert.match(failed.message, /no trial of it went well/);
});

test('latency of a level that could not carry the rate passes nothing, and may breach', () => {
  const run = runOf({ none: p99s(5, 5, 5).map((change) => ({ ...change, overloaded: true })) });
  assert.equal(outcomeOf('p(99)<20', run).verdict, 'inconclusive');
  assert.equal(outcomeOf('p(99)<2', run).verdict, 'fail');
  assert.equal(outcomeOf('max<3600s', run).verdict, 'inconclusive');
});

test('in a run that was cut off nothing passes, and what is breached stays so', () => {
  const cut = { ...threeRates, interrupted: true };
  assert.match(outcomeOf('throughput>1', cut).message, /not complete: --resume/);
  assert.equal(outcomeOf('throughput>1', cut).verdict, 'inconclusive');
  assert.equal(outcomeOf('throughput>500', cut).verdict, 'fail');
});
