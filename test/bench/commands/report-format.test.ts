import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { resultJson } from '../../../reports/formats/result-json.ts';
import { smallRun } from '../../reports/formats/small-run.ts';
import { invented } from '../../reports/history/history-fixture.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

function withRun(cli: FakeCli): FakeCli {
  mkdirSync(join(cli.directory, 'run'));
  writeFileSync(join(cli.directory, 'run', 'result.json'), resultJson(smallRun().result));
  return cli;
}

function read(cli: FakeCli, name: string): string {
  return readFileSync(join(cli.directory, name), 'utf8');
}

test('report --format prints nothing but the format', async (t) => {
  const cli = withRun(fakeCli(t));
  assert.equal(await cli.run(['report', 'run', '--format', 'bencher']), 0, cli.stderr);
  assert.equal(JSON.parse(cli.stdout)['small/base'].throughput.value, 100_000);
  assert.equal(cli.stderr, '');
  assert.ok(!existsSync(join(cli.directory, 'run', 'report.html')));
});

test('the result in a run directory may be named in its place', async (t) => {
  const cli = withRun(fakeCli(t));
  assert.equal(await cli.run(['report', 'run/result.json', '--format', 'github-action-benchmark']), 0);
  assert.equal(cli.stdout, read(cli, 'run/benchmark-bigger-is-better.json'));
  assert.match(cli.stderr, /^Written: run\/benchmark-bigger-is-better\.json$/m);
});

test('--out writes it to a file and leaves stdout empty', async (t) => {
  const cli = withRun(fakeCli(t));
  assert.equal(
    await cli.run(['report', 'run', '--format', 'junit', '--out', 'out/junit.xml']),
    0,
    cli.stderr,
  );
  assert.equal(cli.stdout, '');
  assert.match(cli.stderr, /^Written: out\/junit\.xml$/m);
  assert.match(read(cli, 'out/junit.xml'), /^<\?xml /);
});

test('a place that cannot be written to is bad input, and told at once', async (t) => {
  const cli = withRun(fakeCli(t));
  writeFileSync(join(cli.directory, 'file'), '');
  // mkdir -p of Node 24 never ends in /proc.
  const nowhere = process.platform === 'linux' ? ['/proc/tidemark/junit.xml'] : [];
  for (const out of ['run', 'file/junit.xml', ...nowhere]) {
    assert.equal(await cli.run(['report', 'run', '--format', 'junit', '--out', out]), 2, out);
    assert.ok(cli.stderr.includes(`tidemark: --out ${out}: cannot write `), cli.stderr);
    assert.equal(cli.stdout, '');
  }
});

test('both files of github-action-benchmark go into the run directory, the throughput one to stdout', async (t) => {
  const cli = withRun(fakeCli(t));
  assert.equal(await cli.run(['report', 'run', '--format', 'github-action-benchmark']), 0, cli.stderr);
  assert.equal(cli.stdout, read(cli, 'run/benchmark-bigger-is-better.json'));
  assert.match(read(cli, 'run/benchmark-smaller-is-better.json'), /latencyP50Ms/);
});

test('a misspelt format gets the nearest name, and --format with --json is refused', async (t) => {
  const cli = withRun(fakeCli(t));
  assert.equal(await cli.run(['report', 'run', '--format', 'bencstat']), 2);
  assert.match(cli.stderr, /got 'bencstat': did you mean benchstat\? formats are omb, /);
  assert.equal(await cli.run(['run', '--json', '--format', 'omb', '--out', 'new']), 2);
  assert.match(cli.stderr, /--format omb and --json exclude each other/);
  assert.ok(!existsSync(join(cli.directory, 'new')));
  assert.equal(await cli.run(['report', 'run', '--out', 'x']), 2);
  assert.match(cli.stderr, /--out says where a format goes, and there is no --format/);
});

test('--help names every format', async (t) => {
  const cli = fakeCli(t);
  for (const command of ['report', 'run']) {
    assert.equal(await cli.run([command, '--help']), 0);
    assert.match(cli.stdout, /^ {2}github-action-benchmark {2}\S/m);
    assert.match(cli.stdout, /^ {2}perf-test +\S/m);
  }
});

test('a directory without a result, and a damaged check, are refused by name', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run(['report', 'nowhere', '--format', 'omb']), 2);
  assert.match(cli.stderr, /nowhere\/result\.json: there is no such file/);
  mkdirSync(join(cli.directory, 'begun'));
  writeFileSync(join(cli.directory, 'begun', 'journal.ndjson'), '');
  assert.equal(await cli.run(['report', 'begun']), 2);
  assert.match(cli.stderr, /the run was cut off before it had a result; run with --resume goes on with it/);
  mkdirSync(join(cli.directory, 'sessions'));
  writeFileSync(join(cli.directory, 'sessions', 'sessions.ndjson'), '');
  assert.equal(await cli.run(['report', 'sessions', '--format', 'junit']), 2);
  assert.match(cli.stderr, /sessions holds a check or a comparison that was cut off: it came to nothing/);
  mkdirSync(join(cli.directory, 'check'));
  writeFileSync(join(cli.directory, 'check', 'check.json'), '{"schema":');
  assert.equal(await cli.run(['report', 'check', '--format', 'markdown']), 2);
  assert.match(cli.stderr, /check\.json: the check is cut off or not JSON/);
  assert.equal(await cli.run(['report', 'check']), 2);
  assert.match(cli.stderr, /holds a check and no run: name a format/);
});

test('a stored check keeps the commit of its candidate, and one by a metric that nobody knows is refused', async (t) => {
  const cli = fakeCli(t);
  const kept = { commit: '0123456789abcdef', dirty: false, branch: 'main' };
  const check = invented(0.02, { candidateCommit: kept });
  mkdirSync(join(cli.directory, 'check'));
  writeFileSync(join(cli.directory, 'check', 'check.json'), JSON.stringify(check));
  assert.equal(await cli.run(['report', 'check', '--format', 'otava']), 0, cli.stderr);
  assert.match(cli.stdout, /^time,commit,branch,.*\n[^,]+,0123456789abcdef,main,/);
  writeFileSync(join(cli.directory, 'check', 'check.json'), JSON.stringify({ ...check, metric: 'mood' }));
  assert.equal(await cli.run(['report', 'check', '--format', 'junit']), 2);
  assert.match(cli.stderr, /check\.json: not a check of tidemark: metric: /);
});

test('run --format prints the format alone on stdout, progress and the directory on stderr', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession();
  const { writtenReports: reports } = await import('../../../bench/run/written-reports.ts');
  writeFileSync(join(cli.directory, 'one.yaml'), 'description: one configuration\n');
  const argv = ['run', './one.yaml', '--format', 'prometheus', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: session.open, reports }), 0, cli.stderr);
  assert.match(cli.stdout, /^# HELP tidemark_info /);
  assert.doesNotMatch(cli.stdout, /Run directory/);
  assert.match(cli.stderr, /^note: replication factor 1: /m);
  assert.match(cli.stderr, /^Run directory: run$/m);
  const result = JSON.parse(read(cli, 'run/result.json'));
  // The command that repeats it measures the same; where results go is no part of that.
  assert.doesNotMatch(result.command, /--format|prometheus/);
  assert.ok('project' in result);
});
