import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Result } from '../../../reports/result.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

// The fake session's throughput is 100,000 to 120,000 records/s, p(99) 4 to 8 ms, nothing lost.
function run(cli: FakeCli, ...more: readonly string[]): Promise<number> {
  const session = fakeSession();
  const argv = ['run', 'acks', '--repeats', '3', '--out', 'run', '--quiet', ...more];
  return cli.run(argv, { openSession: session.open });
}

function gatesOf(cli: FakeCli): Result['gates'] {
  return (JSON.parse(readFileSync(join(cli.directory, 'run', 'result.json'), 'utf8')) as Result).gates;
}

test('gates that hold end in 0, and their outcomes stand in the result', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await run(cli, '--gate', 'lost==0', '--gate', 'throughput>10k'), 0);
  assert.deepEqual(
    gatesOf(cli)!.map(({ expression, verdict, low }) => [expression, verdict, low]),
    [
      ['lost==0', 'pass', 0],
      ['throughput>10k', 'pass', gatesOf(cli)![1]!.low],
    ],
  );
  assert.ok(gatesOf(cli)![1]!.low! > 10_000);
});

test('a gate that is breached ends in 99, whatever the others say', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await run(cli, '--gate', 'throughput>1000000000', '--gate', 'p(99.9)<1s'), 99);
});

test('a gate that cannot be decided ends in 5, unless told what it counts as', async (t) => {
  for (const [flags, code] of [
    [[], 5],
    [['--inconclusive', 'pass'], 0],
    [['--inconclusive', 'fail'], 99],
  ] as const) {
    assert.equal(await run(fakeCli(t), '--gate', 'p(99.9)<1s', ...flags), code);
  }
});

test('a trial that failed outranks a gate that is breached', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ level }) => (level === '1' ? 'failed' : 'ok') });
  const argv = ['run', 'acks', '--gate', 'throughput>1000000000', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: session.open }), 3);
});

test('all that is wrong with gates is told before anything runs: exit 2', async (t) => {
  const cli = fakeCli(t);
  const wrong = [
    '--gate',
    'througput>1',
    '--gate',
    'lost==0',
    '--gate',
    'p(99){acks=2}<1',
    '--gate',
    'cpu<+5%',
  ];
  assert.equal(await run(cli, ...wrong), 2);
  assert.match(cli.stderr, /'througput>1': names no metric.*did you mean throughput\?/);
  assert.match(cli.stderr, /names no level: acks is never 2, expected all, 1, 0/);
  assert.match(cli.stderr, /'cpu<\+5%': a run has no base to change from/);
  assert.ok(!existsSync(join(cli.directory, 'run')));
});

test("a suite's gates count as those of the command line, and what is wrong with one is told with its line", async (t) => {
  const cli = fakeCli(t);
  const suite = (gate: string): string => `description: mine\ngates:\n  - lost == 0\n  - ${gate}\n`;
  writeFileSync(join(cli.directory, 'mine.yaml'), suite('throughput > 1G'));
  assert.equal(await cli.run(['run', 'mine.yaml']), 2);
  assert.match(cli.stderr, /mine\.yaml:4: gate 'throughput > 1G': throughput has no unit 'G'/);
  writeFileSync(join(cli.directory, 'mine.yaml'), suite('throughput > 1000M'));
  const argv = ['run', 'mine.yaml', '--out', 'run', '--gate', 'failed==0'];
  assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 99);
  assert.deepEqual(
    gatesOf(cli)!.map(({ expression }) => expression),
    ['lost == 0', 'throughput > 1000M', 'failed==0'],
  );
});

test('a resumed run has the gates of its plan, and may be told anew what inconclusive counts as', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await run(cli, '--gate', 'p(99.9)<1s', '--inconclusive', 'fail'), 99);
  const again = ['run', '--resume', 'run', '--quiet'];
  assert.equal(await cli.run(again, { openSession: fakeSession().open }), 99);
  assert.equal(await cli.run([...again, '--inconclusive', 'pass'], { openSession: fakeSession().open }), 0);
  assert.equal(await cli.run([...again, '--gate', 'lost==0']), 2);
});

test('--help tells the grammar', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run(['run', '--help']), 0);
  assert.match(cli.stdout, /Gates: METRIC\[\{SELECTOR\}\] COMPARATOR NUMBER\[UNIT\]/);
  for (const word of ['p\\(99\\.9\\)', 'corrupted', 'skew', 'docs/gates\\.md'])
    assert.match(cli.stdout, new RegExp(word));
});
