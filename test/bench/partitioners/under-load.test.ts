import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Result } from '../../../reports/result.ts';
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

test('what belongs to placement alone, or to load alone, is refused beside the other', async (t) => {
  const cli = fakeCli(t);
  for (const [argv, said] of [
    [['--load', '--keys', 'keys'], /--keys: under load keys come from --key-distribution/],
    [['--rates', '5', '--key-distribution', 'uniform:5'], /--rates: only together with --load/],
    [['--load', '--rates', '5,'], /got '5,', expected rates/],
    [['--load', '--key-distribution', 'zipp:1:5'], /--key-distribution: .*did you mean zipf/],
    [['--load', '--partitioner', 'none.mjs'], /the module \.\/none\.mjs does not exist/],
  ] as const) {
    assert.equal(await cli.run(['partitioners', ...argv]), 2);
    assert.match(cli.stderr, said);
  }
});
