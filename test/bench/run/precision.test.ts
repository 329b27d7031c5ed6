import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Result } from '../../../reports/result.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

// The invented rates lie up to 10 % to either side: 6 % is reached along the way, 1 % in no 20 rounds.
const REACHABLE = ['run', 'acks', '--set', 'max.in.flight.requests.per.connection=5', '--precision', '6%'];
const TRIALS_PER_ROUND = 3;

function resultOf(cli: FakeCli): Result {
  return JSON.parse(readFileSync(join(cli.directory, 'run', 'result.json'), 'utf8')) as Result;
}

test('rounds go on until every comparison is as narrow as asked for, and the result says so', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession();
  assert.equal(await cli.run([...REACHABLE, '--out', 'run'], { openSession: session.open }), 0);
  const { precision, interrupted, trials, levels } = resultOf(cli);
  assert.ok(precision!.isReached && precision!.rounds > 5 && precision!.rounds < 20, `${precision!.rounds}`);
  assert.equal(trials.length, TRIALS_PER_ROUND * precision!.rounds);
  assert.equal(interrupted, false);
  const widths = levels!.filter(({ isBase }) => !isBase).map(({ versusBase }) => versusBase!);
  assert.ok(widths.every(({ low, high }) => Math.log(high! / low!) / 2 <= 0.06));
  assert.match(cli.stderr, /Precision: after 5 rounds the widest comparison with the base is ±\d/);
  assert.match(
    cli.stderr,
    /Precision: after \d+ rounds every comparison with the base is known to ±[\d.]+ %/,
  );
  assert.match(cli.stderr, /at most .* left/);
});

test('after twenty rounds it ends, and says what was reached', async (t) => {
  const cli = fakeCli(t);
  const argv = [...REACHABLE.slice(0, -1), '1%', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 0);
  const { precision, interrupted, trials } = resultOf(cli);
  assert.deepEqual([precision!.rounds, precision!.isReached, interrupted], [20, false, false]);
  assert.ok(precision!.reached! > 0.01);
  assert.equal(trials.length, TRIALS_PER_ROUND * 20);
});

test('a run cut off goes on to the same end, and one that came to it has nothing left', async (t) => {
  const cli = fakeCli(t);
  await cli.run([...REACHABLE, '--out', 'run'], { openSession: fakeSession().open });
  const whole = resultOf(cli).trials.map(({ id }) => id);
  const again = fakeSession();
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: again.open }), 0);
  assert.equal(again.begun.length, 0);
  assert.match(cli.stderr, /run is finished/);
  const journal = join(cli.directory, 'run', 'journal.ndjson');
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, 9);
  writeFileSync(journal, `${lines.join('\n')}\n`);
  const rest = fakeSession();
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: rest.open }), 0);
  assert.equal(rest.begun.length, whole.length - 8);
  assert.deepEqual(
    resultOf(cli).trials.map(({ id }) => id),
    whole,
  );
});

test('a level that fails every time does not keep the others going', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ level }) => (level === '0' ? 'failed' : 'ok') });
  assert.equal(await cli.run([...REACHABLE, '--out', 'run'], { openSession: session.open }), 3);
  assert.equal(resultOf(cli).precision!.isReached, true);
});

test('a level that was never beside the base keeps the rounds going', async (t) => {
  const cli = fakeCli(t);
  // acks=0 goes well in the second round alone, where the base fails.
  const session = fakeSession({
    endOf: ({ id, level }) => {
      const isOdd = id.startsWith('r2-base') || (level === '0' && !id.startsWith('r2-'));
      return isOdd ? 'failed' : 'ok';
    },
  });
  assert.equal(await cli.run([...REACHABLE, '--out', 'run'], { openSession: session.open }), 3);
  const { precision } = resultOf(cli);
  assert.deepEqual([precision!.isReached, precision!.reached, precision!.rounds], [false, null, 20]);
});

test('what cannot be is refused before anything starts', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession();
  const refused = async (...argv: string[]): Promise<string> => {
    assert.equal(await cli.run(['run', ...argv], { openSession: session.open }), 2);
    return cli.stderr;
  };
  assert.match(
    await refused('acks', '--precision', '2'),
    /--precision.*got '2', expected per cent from 0.1% to 50%/s,
  );
  assert.match(await refused('acks', '--precision', '60%'), /got '60%'/);
  assert.match(await refused('acks', '--precision', '2%', '--repeats', '3'), /exclude each other/);
  assert.match(await refused('acks', '--precision', '2%', '--throughput', '1000'), /no saturated phase/);
  writeFileSync(join(cli.directory, 'one.yaml'), 'description: one\n');
  assert.match(await refused('./one.yaml', '--precision', '2%'), /nothing to compare it with/);
  assert.equal(session.begun.length, 0);
});

test('a suite may ask for it, and --repeats on the command line overrules the suite', async (t) => {
  const cli = fakeCli(t);
  const suite = 'description: mine\nfactors:\n  linger.ms: [5, 0]\nprecision: 50%\n';
  writeFileSync(join(cli.directory, 'mine.yaml'), suite);
  const narrow = fakeSession();
  await cli.run(['run', './mine.yaml', '--out', 'run'], { openSession: narrow.open });
  assert.equal(narrow.begun.length, 10, 'five rounds at least');
  const fixed = fakeSession();
  await cli.run(['run', './mine.yaml', '--repeats', '3', '--out', 'other'], { openSession: fixed.open });
  assert.equal(fixed.begun.length, 6);
  writeFileSync(join(cli.directory, 'mine.yaml'), suite.replace('50%', '99%'));
  assert.equal(await cli.run(['run', './mine.yaml'], { openSession: fixed.open }), 2);
  assert.match(cli.stderr, /precision.*expected per cent from 0.1% to 50%/);
});
