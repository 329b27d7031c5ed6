import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckMetric, CheckResult } from '../../../reports/check/check-result.ts';
import { checkTerminalText } from '../../../reports/check/check-terminal.ts';

const CPU: CheckMetric = {
  metric: 'cpuNsPerRecord',
  direction: 'lower is better',
  margin: 0.05,
  base: 512.3,
  candidate: 549.8,
  change: 0.0731,
  low: 0.0512,
  high: 0.0944,
  p: 0.0078,
  sessionLogRatios: [0.05, 0.06, 0.07, 0.07, 0.07, 0.08, 0.09, 0.09],
};
const RATE: CheckMetric = {
  ...CPU,
  metric: 'recordsPerSecond',
  direction: 'higher is better',
  base: 1_634_113,
  candidate: null,
};
const CHECK: CheckResult = {
  schema: 'tidemark.check/1',
  verdict: 'regression',
  metric: 'cpuNsPerRecord',
  change: CPU.change,
  low: CPU.low,
  high: CPU.high,
  sessions: 8,
  seconds: 62,
  detectable: 0.031,
  tolerance: 0.01,
  margin: 0.05,
  gates: [
    {
      expression: 'cpu<500ns',
      value: 549,
      low: 540,
      high: 560,
      level: null,
      verdict: 'fail',
      message: 'cpu 549 ns of the candidate (95 % interval 540 to 560), which is said at some length here',
    },
  ],
  metrics: [CPU, RATE, { ...CPU, metric: 'latencyP99Ms', p: 0.0001 }],
  base: { label: 'git:main', description: 'tidemark 0.1.0 at 95317c0' },
  candidate: { label: '.\u001b[2J', description: '' },
  environment: {} as CheckResult['environment'],
  startedAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  command: 'tidemark check',
  notes: ['a property was left out'],
};

test('the verdict stands first, then the metric that decides, marked', () => {
  const [sentence, , heading, first] = checkTerminalText(CHECK, { color: false, columns: 120 }).split('\n');
  assert.match(sentence!, /^regression: CPU per record \+7\.3 %/);
  assert.match(heading!, /^ {2}metric +base +candidate +change +bounds +margin +p +n$/);
  assert.equal(first, '* CPU, ns/record         512        550  +7.3 %  +5.1 to +9.4 %     5 %   0.008  8');
});

test('nothing is wider than the terminal; margin, p, then both sides give way', () => {
  for (const columns of [60, 80, 100, 120]) {
    const lines = checkTerminalText(CHECK, { color: false, columns }).split('\n');
    for (const line of lines) assert.ok(line.length <= columns, line);
  }
  const heading = (columns: number): string =>
    checkTerminalText(CHECK, { color: false, columns })
      .split('\n')
      .find((line) => line.startsWith('  metric'))!;
  assert.match(heading(80), /bounds +p +n$/);
  assert.match(heading(60), /bounds +n$/);
});

test('a figure that is not there is a dash, a tiny p is below 0.001', () => {
  const text = checkTerminalText(CHECK, { color: false, columns: 120 });
  assert.match(text, /records\/s +1,634,113 +–/);
  assert.match(text, /p99 latency, ms .*<0\.001/);
});

test('it says what it could have seen, notes, gates and both sides', () => {
  const text = checkTerminalText(CHECK, { color: false, columns: 120 });
  assert.match(text, /8 sessions with this spread find CPU per record worse by 3\.1 % in 95 of 100 checks/);
  assert.match(text, /\nNote: a property was left out\n/);
  assert.match(text, /\nfail {2}cpu<500ns: cpu 549 ns/);
  assert.match(text, /\nBase {7}git:main {2}\(tidemark 0\.1\.0 at 95317c0\)\nCandidate {2}\.\?\[2J$/);
});

test('colour is used only where asked for', () => {
  const escapes = (color: boolean): boolean =>
    checkTerminalText(CHECK, { color, columns: 80 }).includes('\u001b[');
  assert.deepEqual([escapes(true), escapes(false)], [true, false]);
});
