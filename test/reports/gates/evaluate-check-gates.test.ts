import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateCheckGates } from '../../../reports/gates/evaluate-check-gates.ts';
import { parseGate } from '../../../reports/gates/parse-gate.ts';

const figures = {
  metrics: [{ metric: 'cpuNsPerRecord', candidate: 450, change: 0.03, low: 0.01, high: 0.045 } as const],
  candidateSessions: { cpuNsPerRecord: [400, 450, 500] },
};

function verdictOf(gate: string): unknown {
  const [outcome] = evaluateCheckGates([parseGate(gate)], figures);
  return outcome!.verdict;
}

test("a change is decided by the check's own bounds", () => {
  assert.equal(verdictOf('cpu<+5%'), 'pass');
  assert.equal(verdictOf('cpu<+1%'), 'fail');
  assert.equal(verdictOf('cpu<+4%'), 'inconclusive');
});

test("a figure is decided by the interval of the candidate's sessions", () => {
  // exp(mean of logs -+ 4.302653 * sd / sqrt(3)): 339.6 to 591.4 (scipy)
  assert.equal(verdictOf('cpu<600ns'), 'pass');
  assert.equal(verdictOf('cpu<0.5us'), 'inconclusive');
  assert.equal(verdictOf('cpu<330'), 'fail');
});

test('what was not measured is inconclusive', () => {
  const [outcome] = evaluateCheckGates([parseGate('p(99)<+5%')], figures);
  assert.deepEqual([outcome!.verdict, outcome!.value], ['inconclusive', null]);
});
