import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RunProgress } from '../../bench/run/progress.ts';
import { findSuite } from '../../bench/suite/find-suite.ts';
import { loadSuite } from '../../bench/suite/load-suite.ts';
import { planRun } from '../../bench/sweep/plan.ts';
import { NO_FLAGS } from '../../bench/sweep/run-flags.ts';
import { fakeResult } from './fake-session.ts';

const { trials } = planRun(loadSuite(findSuite('acks', '.')), NO_FLAGS, '.').plan;
const level = trials.find(({ factor }) => factor !== null)!;

function written(isTerminal: boolean, columns = 120): { text: string; progress: RunProgress } {
  const seen = { text: '', progress: null as unknown as RunProgress };
  const write = (text: string): void => {
    seen.text += text;
  };
  seen.progress = new RunProgress({ isTerminal, columns, write }, { total: 10, done: 2 });
  return seen;
}

test('a terminal has one line, redrawn: trial n of m, what is set, phase, rate, p99, time left', () => {
  const seen = written(true);
  seen.progress.start(level);
  seen.progress.update({ phase: 'paced', recordsPerSecond: 412_345, p99Ms: 12.34 });
  const last = seen.text.split('\r\x1b[2K').at(-1)!;
  assert.match(last, /^\[ 3\/10\] \S+=\S+ {2}paced {2}412,345 records\/s {2}p99 12\.3 ms {2}\d+ s left$/);
  assert.ok(!seen.text.includes('\n'));
  seen.progress.line('kept');
  assert.ok(seen.text.endsWith('\r\x1b[2Kkept\n'));
});

test('a line never grows beyond the terminal', () => {
  const seen = written(true, 30);
  seen.progress.start(level);
  assert.ok(seen.text.split('\r\x1b[2K').at(-1)!.length < 30);
});

test('anything else gets one line per trial, and nothing is redrawn', () => {
  const seen = written(false);
  seen.progress.start(level);
  seen.progress.update({ phase: 'paced', recordsPerSecond: 1, p99Ms: 1 });
  assert.equal(seen.text, '');
  // Fifty requests are enough for a median, and for no more.
  seen.progress.finish(level, fakeResult(level, 1000));
  seen.progress.finish(level, fakeResult(level, 1000, 'failed'));
  assert.ok(!seen.text.includes('\x1b'));
  const [first, second] = seen.text.split('\n');
  assert.match(first!, /^\[ 3\/10\] .* records\/s {2}p50 .* ms {2}at 1,000 records\/s {2}ok {2}\d+ s left$/);
  assert.match(second!, /^\[ 4\/10\] .*FAILED: made to fail {2}\d+ s left$/);
});
