import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSentence } from '../../../reports/check/check-sentence.ts';
import { shortPercentText, signedPercentText } from '../../../reports/number-text.ts';

const CHECK = {
  verdict: 'no regression',
  metric: 'cpuNsPerRecord',
  change: 0.004,
  low: -0.012,
  high: 0.0312,
  sessions: 8,
  seconds: 70.6,
  detectable: 0.0409,
  margin: 0.05,
} as const;

test('no regression says above what, and what could have been seen', () => {
  assert.equal(checkSentence(CHECK), 'no regression above 5 % (95 % power at 4.1 %), 8 sessions, 71 s');
});

test('a metric other than the usual one is named', () => {
  assert.equal(
    checkSentence({ ...CHECK, metric: 'latencyP99Ms', margin: 0.25, detectable: 0.183 }),
    'no regression of p99 latency above 25 % (95 % power at 18 %), 8 sessions, 71 s',
  );
});

test('every other verdict shows the change with its bounds', () => {
  const worse = { ...CHECK, change: 0.0731, low: 0.0512, high: 0.0944 };
  assert.equal(
    checkSentence({ ...worse, verdict: 'regression' }),
    'regression: CPU per record +7.3 % (+5.1 % to +9.4 %), margin 5 %, 8 sessions, 71 s',
  );
  assert.match(
    checkSentence({ ...worse, verdict: 'minor slowdown' }),
    /^minor slowdown: .*below the margin of 5 %/,
  );
  assert.match(
    checkSentence({ ...worse, verdict: 'inconclusive' }),
    /^inconclusive: .*leaves open whether it is 5 % or more for the worse \(95 % power at 4.1 %\)/,
  );
  assert.match(
    checkSentence({ ...CHECK, change: -0.04, low: -0.06, high: -0.02, verdict: 'improvement' }),
    /^improvement: CPU per record -4.0 % \(-6.0 % to -2.0 %\), 8 sessions/,
  );
});

test('per cents are rounded to what they tell, and nought has no sign', () => {
  assert.deepEqual([0.05, 0.041, 0.25, 0.123, 0.0062, 0.001].map(shortPercentText), [
    '5 %',
    '4.1 %',
    '25 %',
    '12 %',
    '0.62 %',
    '0.1 %',
  ]);
  assert.deepEqual([0.0004, -0.0004, 0.0311, -0.2].map(signedPercentText), [
    '0.0 %',
    '0.0 %',
    '+3.1 %',
    '-20.0 %',
  ]);
});
