import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { writtenReports } from '../../../bench/run/written-reports.ts';
import type { LabResult } from '../../../reports/lab/lab-result.ts';
import type { Result } from '../../../reports/result.ts';
import type { TrialSpec } from '../../../workers/trial-spec.ts';
import { type FakeCli, fakeCli } from '../fake-cli.ts';
import { fakeSession } from '../fake-session.ts';

async function run(
  t: TestContext,
  ...argv: string[]
): Promise<{ cli: FakeCli; code: number; result: () => Result }> {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'mine.mjs'), 'export default { partition: () => 0 };\n');
  const all = ['partitioners', '--load', '--repeats', '1', '--out', 'load', ...argv];
  const code = await cli.run(all, { openSession: fakeSession().open });
  const result = () => JSON.parse(readFileSync(join(cli.directory, 'load', 'result.json'), 'utf8')) as Result;
  return { cli, code, result };
}

test('--load runs every partitioner as tidemark run does, one more for each module', async (t) => {
  const { cli, code, result } = await run(t, '--partitioner', 'mine.mjs');
  assert.equal(code, 0, cli.stderr);
  const { factors, design, suite, trials } = result();
  assert.equal(suite, 'partitioners');
  assert.equal(design, 'one-factor');
  assert.deepEqual(factors, [
    {
      property: 'partitioner.class',
      levels: ['keyed', 'sticky', 'uniform-sticky', 'adaptive', 'round-robin', 'random', './mine.mjs'],
    },
  ]);
  // What the suite's levels bring along holds here too.
  const sticky = trials.find(({ level }) => level === 'sticky')!;
  assert.equal(String(sticky.producer['partitioner.ignore.keys']), 'true');
});

test('several partitions and rates make a grid, whose first cell is the base', async (t) => {
  const { code, result } = await run(t, '--partitions', '3,6', '--rates', '20%,500');
  assert.equal(code, 0);
  const { factors, design, baseWorkload, trials } = result();
  assert.equal(design, 'full');
  assert.deepEqual(baseWorkload, { send: 'callback', partitions: '3', rate: '20%' });
  assert.deepEqual(factors.slice(1), [
    { property: 'partitions', levels: ['3', '6'] },
    { property: 'rate', levels: ['20%', '500'] },
  ]);
  assert.equal(
    new Set(
      trials.map(
        ({ producer, topic, workload }) =>
          `${producer['partitioner.class']} ${topic.partitions} ${workload?.rate}`,
      ),
    ).size,
    24,
  );
});

test('one number of partitions is no factor', async (t) => {
  const { result } = await run(t, '--partitions', '5', '--key-distribution', 'uniform:100');
  const { factors, trials } = result();
  assert.equal(factors.length, 1);
  assert.ok(trials.every(({ topic }) => topic.partitions === 5));
});

test('the run directory has where the keys of the load land, and its page says what was measured', async (t) => {
  const cli = fakeCli(t);
  const argv = ['partitioners', '--load', '--repeats', '2', '--partitions', '3,6', '--out', 'load'];
  const code = await cli.run(argv, { openSession: fakeSession().open, reports: writtenReports });
  assert.equal(code, 0, cli.stderr);
  const read = (name: string) => readFileSync(join(cli.directory, 'load', name), 'utf8');
  const lab = JSON.parse(read('partitioners.json')) as LabResult;
  assert.deepEqual([lab.source.name, lab.partitions, lab.keys], ['zipf:0.8:10000', [3, 6], 10_000]);
  const page = read('partitioners.html');
  for (const anchor of ['advice', 'measured', 'partition-records', 'skew', 'placement', 'moved']) {
    assert.ok(page.includes(`<h2 id="${anchor}">`), anchor);
  }
  assert.match(cli.stdout, /\nFor records that need no order: /);
  assert.match(cli.stdout, /\nPage: load\/partitioners\.html\n$/);
});

test('under load keys come from a file, and its content is what the result tells of it', async (t) => {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'keys'), 'a\nb\n\na\n');
  const specs: TrialSpec[] = [];
  const { open } = fakeSession({ onTrial: (spec) => specs.push(spec) });
  const argv = ['partitioners', '--load', '--repeats', '1', '--keys', 'keys', '--out', 'load'];
  assert.equal(await cli.run(argv, { openSession: open }), 0, cli.stderr);
  const sha256 = createHash('sha256').update('a\nb\n\na\n').digest('hex');
  const path = join(cli.directory, 'keys');
  assert.deepEqual(specs[0]!.workload.keys, { kind: 'file', path, encoding: 'utf8', sha256 });
  const result = JSON.parse(readFileSync(join(cli.directory, 'load', 'result.json'), 'utf8')) as Result;
  assert.deepEqual(result.workload?.keys, { kind: 'file', name: 'keys', sha256, encoding: 'utf8' });
});

test('what belongs to placement alone, or to load alone, is refused beside the other', async (t) => {
  const cli = fakeCli(t);
  writeFileSync(join(cli.directory, 'empty'), '');
  writeFileSync(join(cli.directory, 'binary'), Buffer.from([0x61, 0x0a, 0xff, 0x0a]));
  for (const [argv, said] of [
    [['--load', '--records', '5'], /--records: under load as many records are sent as fit/],
    [['--load', '--keys', '-'], /--keys -: every trial reads the keys again/],
    [['--load', '--keys', 'none'], /--keys none cannot be read/],
    [['--load', '--keys', 'empty'], /--keys empty is empty: expected one key per line/],
    [['--load', '--keys', 'binary'], /binary:2: the key is not UTF-8/],
    [['--load', '--keys', 'binary', '--key-encoding', 'hex'], /binary:1: got "a", expected hex/],
    [['--load', '--keys', 'binary', '--key-distribution', 'uniform:5'], /leave one of them out/],
    [['--rates', '5', '--key-distribution', 'uniform:5'], /--rates: only together with --load/],
    [['--load', '--rates', '5,'], /got '5,', expected rates/],
    [['--load', '--key-distribution', 'zipp:1:5'], /--key-distribution: .*did you mean zipf/],
    [
      ['--load', '--partitioner', 'none.mjs'],
      /--partitioner none\.mjs cannot be loaded: there is no such file/,
    ],
  ] as const) {
    assert.equal(await cli.run(['partitioners', ...argv]), 2);
    assert.match(cli.stderr, said);
  }
});
