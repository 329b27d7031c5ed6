import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ComparedSession, compareSessions } from '../../../reports/compare/compare-sessions.ts';

const NONE = { recordsPerSecond: null, latencyP50Ms: null, latencyP90Ms: null, latencyP99Ms: null };
const LOG_RATIOS = [0.02, 0.05, -0.005, 0.03, 0.04, 0.06, 0.01, 0.08];

function session(logRatio: number): ComparedSession {
  const figures = (value: number): ComparedSession['base'] => ({ ...NONE, cpuNsPerRecord: value });
  return { base: figures(500), candidate: figures(500 * Math.exp(logRatio)), logRatios: figures(logRatio) };
}

const options = { base: 'a', candidate: 'b', notes: [] };

test('change, bounds and p are those of the exact signed-rank test over sessions', () => {
  const { evidence, rows } = compareSessions({ ...options, sessions: LOG_RATIOS.map(session) });
  const [row] = rows;
  assert.equal(evidence, 'interleaved');
  assert.deepEqual([rows.length, row!.metric, row!.level, row!.n], [1, 'cpuNsPerRecord', null, 8]);
  // numpy: the median of the 36 Walsh averages, and the fourth from either end, as exp(x) - 1; scipy: wilcoxon(exact).
  for (const [name, value] of [
    ['change', 0.035],
    ['low', 0.01],
    ['high', 0.06],
  ] as const) {
    assert.ok(Math.abs(Math.log1p(row![name]!) - value) < 1e-9, `${name}: ${Math.log1p(row![name]!)}`);
  }
  assert.ok(Math.abs(row!.p! - 0.015625) < 1e-12);
  assert.equal(row!.significant, true);
});

test('a metric that one session lacks is left out, and a note says so', () => {
  const sessions = LOG_RATIOS.map(session);
  const without = { ...sessions[0]!, logRatios: { ...sessions[0]!.logRatios, cpuNsPerRecord: null } };
  const { rows, notes } = compareSessions({ ...options, sessions: [without, ...sessions.slice(1)] });
  assert.equal(rows.length, 0);
  assert.match(notes.join(), /CPU, ns\/record was not measured in every session/);
});

test('too few sessions for bounds are refused', () => {
  assert.throws(
    () => compareSessions({ ...options, sessions: LOG_RATIOS.slice(0, 5).map(session) }),
    /5 sessions have no 95 % bounds, expected at least 6/,
  );
});
