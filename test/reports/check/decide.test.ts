import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { type Criteria, decide, detectableChange, estimateChange } from '../../../reports/check/decide.ts';
import { LOOKS, looksUntil } from '../../../reports/check/looks.ts';

const CPU: Criteria = { direction: 'lower is better', tolerance: 0.01, margin: 0.05 };
const THROUGHPUT: Criteria = { ...CPU, direction: 'higher is better' };

/** Sessions whose changes spread evenly from `low` to `high`. */
function changes(count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.log1p(low + ((high - low) * index) / (count - 1)));
}

function verdictOf(logRatios: readonly number[], criteria = CPU): string {
  const decision = decide(logRatios, criteria);
  return decision.kind === 'decided' ? decision.verdict : decision.kind;
}

test('wholly below the margin is no regression', () => {
  assert.equal(verdictOf(changes(8, -0.02, 0.049)), 'no regression');
});

test('wholly above the tolerance and reaching the margin is a regression', () => {
  assert.equal(verdictOf(changes(8, 0.011, 0.051)), 'regression');
});

test('wholly between tolerance and margin is a minor slowdown', () => {
  assert.equal(verdictOf(changes(8, 0.011, 0.049)), 'minor slowdown');
});

test('wholly below minus the tolerance is an improvement', () => {
  assert.equal(verdictOf(changes(8, -0.06, -0.011)), 'improvement');
  assert.equal(verdictOf(changes(8, -0.06, -0.009)), 'no regression');
});

test('reaching the margin without leaving the tolerance goes on, and is inconclusive only at the last look', () => {
  assert.equal(verdictOf(changes(8, 0.009, 0.06)), 'go on');
  assert.equal(verdictOf(changes(25, -0.4, 0.6)), 'go on');
  assert.equal(verdictOf(changes(30, -0.4, 0.6)), 'inconclusive');
});

test('between looks it goes on, whatever is seen', () => {
  for (const sessions of [1, 7, 9, 11, 29]) assert.equal(verdictOf(changes(sessions, 0.2, 0.21)), 'go on');
});

test('a check of fewer looks ends at its last one', () => {
  assert.deepEqual(decide(changes(12, -0.4, 0.6), CPU, looksUntil(12)), {
    kind: 'decided',
    verdict: 'inconclusive',
    look: LOOKS[1],
  });
});

test('from 20 sessions on one outlier decides nothing; before, it keeps the check going', () => {
  const calm = changes(19, 0.0, 0.01);
  assert.equal(verdictOf([...calm, Math.log(1.4)]), 'no regression');
  assert.equal(verdictOf([...calm.slice(0, 15), Math.log(1.4)]), 'go on');
});

test('throughput is worse when it is lower, and the margin is that of the change as printed', () => {
  assert.equal(verdictOf(changes(8, -0.051, -0.011), THROUGHPUT), 'regression');
  assert.equal(verdictOf(changes(8, -0.049, -0.011), THROUGHPUT), 'minor slowdown');
  assert.equal(verdictOf(changes(8, -0.049, 0.02), THROUGHPUT), 'no regression');
  assert.equal(verdictOf(changes(8, 0.011, 0.3), THROUGHPUT), 'improvement');
});

test('the margin is that of the user', () => {
  const logRatios = changes(8, 0.011, 0.15);
  assert.equal(verdictOf(logRatios), 'regression');
  assert.equal(verdictOf(logRatios, { ...CPU, margin: 0.2 }), 'minor slowdown');
  assert.equal(verdictOf(logRatios, { ...CPU, margin: 0.2, tolerance: 0.02 }), 'no regression');
});

test('estimate and bounds are told as changes of the metric', () => {
  const { change, low, high } = estimateChange(changes(8, -0.03, 0.05), 0);
  assert.ok(Math.abs(low - -0.03) < 1e-12 && Math.abs(high - 0.05) < 1e-12);
  assert.ok(change > 0.005 && change < 0.015);
});

test('what n sessions with the seen spread could find: 95 % of simulated checks end as more than the tolerance', () => {
  const random = new SeededRandom(5);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  const [look] = LOOKS;
  const spread = 0.0125;
  // Exactly that standard deviation: what is tested is the rule, not the estimate of the spread.
  const seen = Array.from(
    { length: 8 },
    (_, index) => (index % 2 === 0 ? spread : -spread) * Math.sqrt(7 / 8),
  );
  const detectable = detectableChange(seen, CPU, look!);
  assert.ok(Math.abs(detectable - 0.0419) < 0.0002, `${detectable}`);
  const samples = 4000;
  let found = 0;
  for (let sample = 0; sample < samples; sample++) {
    const sessions = Array.from({ length: 8 }, () => Math.log1p(detectable) + spread * normal());
    if (estimateChange(sessions, look!.c).low > CPU.tolerance) found++;
  }
  assert.ok(Math.abs(found / samples - 0.95) < 0.0105, `${found / samples}`);
});

test('for throughput the detectable change is a loss, as a positive share', () => {
  const detectable = detectableChange(changes(8, -0.03, 0.03), THROUGHPUT, LOOKS[0]!);
  assert.ok(detectable > 0.03 && detectable < 0.1, `${detectable}`);
});
