import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ComparisonRow } from '../../../reports/compare/comparison.ts';
import type { Result } from '../../../reports/result.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

/** Two finished runs, a and b. */
async function twoRuns(context: TestContext, ...more: readonly string[]): Promise<FakeCli> {
  const cli = fakeCli(context);
  for (const out of ['a', 'b']) {
    const argv = ['run', 'acks', '--repeats', '3', '--quiet', '--out', out, ...more];
    assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 0, cli.stderr);
  }
  return cli;
}

function edit(cli: FakeCli, run: string, change: (result: Result) => Result): void {
  const path = join(cli.directory, run, 'result.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Result)));
}

test('two runs are compared level by level, every row with interval, p and n', async (t) => {
  const cli = await twoRuns(t);
  assert.equal(await cli.run(['compare', 'a', 'b', '--json']), 0);
  const rows = JSON.parse(cli.stdout) as ComparisonRow[];
  assert.deepEqual(
    [...new Set(rows.map(({ level }) => level))],
    ['base', 'acks=1', 'acks=0', 'max.in.flight.requests.per.connection=1'],
  );
  for (const row of rows) {
    const names = 'metric level base candidate change low high p n significant';
    assert.equal(Object.keys(row).join(' '), names);
    for (const figure of [row.base, row.candidate, row.change, row.low, row.high, row.p]) {
      assert.ok(Number.isFinite(figure), JSON.stringify(row));
    }
    assert.ok(row.n >= 3 && row.low! <= row.high!);
    // Both runs have the same trials.
    assert.deepEqual([row.change, row.significant], [0, false]);
  }
  assert.ok(rows.some(({ metric }) => metric === 'recordsPerSecond'));
  assert.match(cli.stderr, /note: stored runs are the weaker kind of evidence/);
});

test('a difference that the trials show is told, with who differs', async (t) => {
  const cli = await twoRuns(t);
  edit(cli, 'b', (result) => ({
    ...result,
    trials: result.trials.map((trial) => ({
      ...trial,
      throughput: { ...trial.throughput, recordsPerSecond: trial.throughput.recordsPerSecond! / 2 },
    })),
  }));
  assert.equal(await cli.run(['compare', 'a', 'b']), 0);
  assert.match(cli.stdout, /records\/s +base +candidate +change +95 % interval +p +n\nbase .* -50 % /);
  assert.match(cli.stdout, /\ngeomean .* -50 %\n/);
  assert.match(cli.stdout, /\nCPU, ns\/record .*\nbase +900 +900 +~ /);
  assert.match(cli.stdout, /weaker kind of evidence/);
});

test('runs that differ in environment, payload or configuration are refused, each difference on a line', async (t) => {
  const cli = await twoRuns(t);
  edit(cli, 'b', (result) => ({
    ...result,
    environment: { ...result.environment, cpu: 'Another CPU', cores: 64, tidemark: '9.9.9' },
    workload: { ...result.workload!, payload: { kind: 'fixed', sizeBytes: 100, poolSize: 8 } },
    base: { ...result.base, 'batch.size': '65536' },
    trials: result.trials.filter(({ level }) => level !== '1'),
  }));
  assert.equal(await cli.run(['compare', 'a', 'b']), 2);
  for (const line of [
    /environment: CPU: .* against Another CPU\n/,
    /environment: cores: \d+ against 64\n/,
    /payload: \{"kind":"json".*\} against \{"kind":"fixed","sizeBytes":100,"poolSize":8\}\n/,
    /configuration: batch\.size: 16384 against 65536\n/,
    /configuration: level acks=1 is in the base alone\n/,
    /--force compares them all the same/,
  ]) {
    assert.match(cli.stderr, line);
  }
  assert.doesNotMatch(cli.stderr, /9\.9\.9/);
  assert.equal(await cli.run(['compare', 'a', 'b', '--force', '--json']), 0);
  assert.match(cli.stderr, /note: compared by force although they differ in environment: CPU/);
  assert.match(cli.stderr, /note: tidemark: .* against 9\.9\.9/);
  assert.ok(!(JSON.parse(cli.stdout) as ComparisonRow[]).some(({ level }) => level === 'acks=1'));
});

test('a payload file is its content, wherever it lies', async (t) => {
  const cli = fakeCli(t);
  for (const [name, content] of [
    ['one', 'a\nb\n'],
    ['two', 'a\nb\n'],
    ['three', 'a\nc\n'],
  ] as const) {
    writeFileSync(join(cli.directory, `${name}.txt`), content);
    const argv = ['run', 'acks', '--quiet', '--out', name, '--payload-file', `${name}.txt`];
    assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 0, cli.stderr);
  }
  assert.equal(await cli.run(['compare', 'one', 'two', '--json']), 0, cli.stderr);
  assert.equal(await cli.run(['compare', 'one', 'three']), 2);
  assert.match(
    cli.stderr,
    /payload: content of one\.txt \([0-9a-f]{12}\) against three\.txt \([0-9a-f]{12}\)/,
  );
});

test('a result that does not tell what was sent is compared with a note', async (t) => {
  const cli = await twoRuns(t);
  edit(cli, 'a', ({ workload: _, ...result }) => result);
  assert.equal(await cli.run(['compare', 'a', 'b', '--json']), 0);
  assert.match(cli.stderr, /the base was made by tidemark .*whether they are the same is not known/);
});

test('what is no whole run is refused, both sides at once', async (t) => {
  const cli = await twoRuns(t);
  edit(cli, 'a', (result) => ({ ...result, interrupted: true }));
  mkdirSync(join(cli.directory, 'empty'));
  assert.equal(await cli.run(['compare', 'a', 'empty', '--force']), 2);
  assert.match(cli.stderr, /a is not complete: .*tidemark run --resume a\n/);
  assert.match(cli.stderr, /empty\/result\.json: there is no such file; is it a run directory\?/);
  edit(cli, 'b', (result) => ({ ...result, schema: 'tidemark.result/7' as Result['schema'] }));
  assert.equal(await cli.run(['compare', 'b', 'b']), 2);
  assert.match(cli.stderr, /tidemark\.result\/7 was written by a newer tidemark/);
});

test('a run that has no result yet, and what is no run at all, are told as what they are', async (t) => {
  const cli = await twoRuns(t);
  rmSync(join(cli.directory, 'a', 'result.json'));
  mkdirSync(join(cli.directory, 'c'));
  writeFileSync(join(cli.directory, 'c', 'check.json'), '{}');
  assert.equal(await cli.run(['compare', 'a', 'c']), 2);
  assert.match(cli.stderr, /a is not complete: .*finish it with .*tidemark run --resume a\n/);
  assert.match(cli.stderr, /c holds a check and no run: tidemark compare takes two run directories/);
});

test('a result.json stands for the directory that it lies in', async (t) => {
  const cli = await twoRuns(t);
  assert.equal(await cli.run(['compare', 'a/result.json', 'b', '--json']), 0, cli.stderr);
  const rows = JSON.parse(cli.stdout) as ComparisonRow[];
  assert.ok(rows.some(({ metric, p }) => metric === 'recordsPerSecond' && p === 1));
});

test('levels are matched by their configuration, whatever is the base of each run, and by name only after that', async (t) => {
  const cli = fakeCli(t);
  const common = ['--repeats', '3', '--quiet', '--set', 'batch.size=16384,65536'];
  for (const [out, acks] of [
    ['a', 'all,1'],
    ['b', '1,all'],
  ] as const) {
    const argv = ['run', 'acks', ...common, '--set', `acks=${acks}`, '--out', out];
    const base = ['--producer-property', `acks=${acks.split(',')[0]}`];
    assert.equal(await cli.run([...argv, ...base], { openSession: fakeSession().open }), 0, cli.stderr);
  }
  assert.equal(await cli.run(['compare', 'a', 'b']), 2);
  assert.match(cli.stderr, /configuration: acks: all against 1\n/);
  assert.doesNotMatch(cli.stderr, /level (acks=|base)/);
  assert.equal(await cli.run(['compare', 'a', 'b', '--force', '--json']), 0, cli.stderr);
  assert.match(cli.stderr, /note: base: the same configuration is acks=all in the candidate\n/);
  assert.match(cli.stderr, /note: acks=1: the same configuration is base in the candidate\n/);
  assert.match(
    cli.stderr,
    /note: .*batch\.size=65536: compared by name alone, the configurations differ in acks\n/,
  );
});

test('records that went wrong, histograms that are gone and trials that failed are noted; figures of none is an error', async (t) => {
  const cli = await twoRuns(t);
  edit(cli, 'b', (result) => ({
    ...result,
    trials: result.trials.map((trial, index) =>
      index === 0 ? { ...trial, records: { ...trial.records, lost: 3 } } : trial,
    ),
  }));
  assert.equal(await cli.run(['compare', 'a', 'b', '--json']), 0, cli.stderr);
  assert.match(cli.stderr, /note: 1 of \d+ trials of b lost, doubled, reordered or spoilt records/);
  assert.match(
    cli.stderr,
    /note: the histograms of a cannot be read: its percentiles are those of the middle/,
  );
  edit(cli, 'b', (result) => ({
    ...result,
    trials: result.trials.map((trial) => ({ ...trial, status: 'failed' as const, error: 'boom' })),
  }));
  assert.equal(await cli.run(['compare', 'a', 'b']), 2);
  assert.match(cli.stderr, /have no figure in common\n.* (\d+) of \1 trials of b failed/);
  assert.doesNotMatch(cli.stderr, /weaker kind of evidence/);
});

test('a comparison goes to a file, and into the formats of other tools', async (t) => {
  const cli = await twoRuns(t);
  assert.equal(await cli.run(['compare', 'a', 'b', '--out', 'c.txt']), 0);
  assert.equal(cli.stdout, '');
  assert.match(readFileSync(join(cli.directory, 'c.txt'), 'utf8'), /^base: {7}a \(acks, /);
  assert.equal(await cli.run(['compare', 'a', 'b', '--format', 'benchstat']), 0);
  assert.match(cli.stdout, /^BenchmarkTidemark|^Benchmark/m);
  // A line per trial of each side, for benchstat -col /side; their ratio is for benchstat to form.
  assert.equal(cli.stdout.match(/^BenchmarkProduce\/acks=1\/side=base-\d+\t/gm)?.length, 3);
  assert.equal(cli.stdout.match(/^BenchmarkProduce\/acks=1\/side=candidate-\d+\t/gm)?.length, 3);
  assert.doesNotMatch(cli.stdout, /VersusBase/);
  assert.equal(await cli.run(['compare', 'a', 'b', '--format', 'markdown', '--json']), 2);
});
