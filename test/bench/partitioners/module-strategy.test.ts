import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { partitionForKey } from '../../../core/producer/partitioners/key-hash.ts';
import type { LabResult } from '../../../reports/lab/lab-result.ts';
import { fakeCli } from '../fake-cli.ts';

const EXAMPLE = readFileSync(new URL('../../../docs/examples/partitioner.ts', import.meta.url), 'utf8');

function lab(context: TestContext, modules: Readonly<Record<string, string>>, keys: readonly string[]) {
  const cli = fakeCli(context);
  writeFileSync(join(cli.directory, 'keys'), `${keys.join('\n')}\n`);
  for (const [name, source] of Object.entries(modules)) writeFileSync(join(cli.directory, name), source);
  const args = Object.keys(modules).flatMap((name) => ['--partitioner', `./${name}`]);
  const run = async (partitions = '12'): Promise<LabResult> => {
    const code = await cli.run([
      'partitioners',
      '--keys',
      'keys',
      '--partitions',
      partitions,
      ...args,
      '--json',
    ]);
    assert.equal(code, 0, cli.stderr);
    return JSON.parse(cli.stdout) as LabResult;
  };
  const fails = async (message: RegExp): Promise<void> => {
    assert.equal(await cli.run(['partitioners', '--keys', 'keys', ...args]), 2, cli.stdout);
    assert.match(cli.stderr, message);
    assert.equal(cli.stdout, '');
  };
  return { cli, run, fails };
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `key-${index}`);

describe("a user's module in the lab", () => {
  it('stands beside the others, in TypeScript', async (context) => {
    const orders = Array.from({ length: 3_000 }, (_, index) => `customer-${index % 100}/order-${index}`);
    const found = await lab(context, { 'mine.ts': EXAMPLE }, orders).run('12,16');
    const mine = found.strategies.filter(({ name }) => name === './mine.ts');
    assert.deepEqual(
      mine.map(({ partitions, isKeyed }) => [partitions, isKeyed]),
      [
        [12, true],
        [16, true],
      ],
    );
    assert.equal(mine[0]!.recordsPerPartition[0], 30, 'one customer in a hundred has partition 0');
    assert.equal(found.disagreement.filter(({ a, b }) => [a, b].includes('./mine.ts')).length, 8);
    assert.ok(found.moved.some(({ strategy }) => strategy === './mine.ts'));
  });

  it('that hashes as Java does disagrees with Java on no key', async (context) => {
    const url = new URL('../../../core/producer/partitioners/key-hash.ts', import.meta.url).href;
    const source = `import { partitionForKey } from '${url}';
      export default { partition: (topic, key, value, cluster) => partitionForKey(key, cluster.partitionCount) };`;
    const { run, cli } = lab(context, { 'same.mjs': source }, numbered(500));
    const found = await run();
    const pair = found.disagreement.find(({ a, b }) => a === 'java-murmur2' && b === './same.mjs')!;
    assert.deepEqual([pair.share, pair.shareOfRecords], [0, 0]);
    assert.equal(found.strategies[0]!.hottestKeys[0]!.partition, partitionForKey('key-0', 12));
    await cli.run(['partitioners', '--keys', 'keys', '--partitioner', './same.mjs']);
    assert.match(cli.stdout, /\.\/same\.mjs and your Java service place every key alike\./);
  });

  it('sees topic, key and value as bytes, and the cluster of its own number of partitions', async (context) => {
    const source = `import assert from 'node:assert/strict';
      export default { partition(topic, key, value, cluster) {
        assert.equal(topic, 'topic');
        assert.equal(Buffer.from(key).toString().slice(0, 4), 'key-');
        assert.equal(value.length, 100);
        assert.equal(cluster.availablePartitions.length, cluster.partitionCount);
        assert.equal(cluster.partitionCountForTopic(topic), cluster.partitionCount);
        return cluster.partitionCount - 1;
      } };`;
    const found = await lab(context, { 'seen.mjs': source }, numbered(20)).run('3,5');
    const mine = found.strategies.filter(({ name }) => name === './seen.mjs');
    assert.deepEqual(
      mine.map((one) => [...Array.from(one.recordsPerPartition)]),
      [
        [0, 0, 20],
        [0, 0, 0, 0, 20],
      ],
    );
  });

  it('that counts records has a count for each number of partitions, and keeps no key together', async (context) => {
    const source = 'let next = 0; export default { partition: (t, k, v, c) => next++ % c.partitionCount };';
    const { run, cli } = lab(context, { 'counts.mjs': source }, numbered(48));
    const found = await run('12,16');
    for (const one of found.strategies.filter(({ name }) => name === './counts.mjs')) {
      assert.deepEqual([one.maxOverMean, one.isKeyed], [1, false], String(one.partitions));
    }
    assert.ok(!found.disagreement.some(({ b }) => b === './counts.mjs'));
    assert.match(cli.stderr, /counts\.mjs puts records of one key into several partitions/);
    assert.notEqual(found.recommendation.strategy, './counts.mjs');
  });

  it('counts by itself for each number of partitions as CommonJS, too', async (context) => {
    const source = 'let next = 0; module.exports = { partition: (t, k, v, c) => next++ % c.partitionCount };';
    const found = await lab(context, { 'counts.cjs': source }, numbered(48)).run('12,16');
    const mine = found.strategies.filter(({ name }) => name === './counts.cjs');
    assert.deepEqual(
      mine.map(({ maxOverMean }) => maxOverMean),
      [1, 1],
    );
  });

  it('that writes into the keys it is given changes nothing for the others', async (context) => {
    const plain = await lab(context, {}, numbered(200)).run();
    const source = 'export default { partition(t, key) { key.fill(0); return 0; } };';
    const found = await lab(context, { 'writes.mjs': source }, numbered(200)).run();
    const others = found.strategies.filter(({ name }) => name !== './writes.mjs');
    assert.deepEqual(others, plain.strategies);
  });

  it('is recommended when it is more even by a tenth', async (context) => {
    const source = `export default { partition: (t, key, v, c) => Number(Buffer.from(key).toString().slice(4)) % c.partitionCount };`;
    const found = await lab(context, { 'even.mjs': source }, numbered(120)).run();
    assert.equal(found.recommendation.strategy, './even.mjs');
    assert.match(found.recommendation.reasons[0]!, /max\/mean 1\.00/);
  });

  it('that throws or answers out of range is told with file, line, key and module', async (context) => {
    const at = (answer: string) =>
      `export default { partition(t, key) { if (key[key.length - 1] === 0x37) { ${answer} } return 0; } };`;
    const line = /^tidemark: --partitioner \.\/bad\.mjs: at keys:8, key "key-7", with 12 partitions, it /;
    const fails = (answer: string, message: RegExp) =>
      lab(context, { 'bad.mjs': at(answer) }, numbered(20)).fails(new RegExp(line.source + message.source));
    await fails("throw new Error('no sevens')", /threw: no sevens/);
    await fails('return 12', /returned 12, expected a whole number from 0 to 11/);
  });

  it('that does not load, or has no partition function, says so', async (context) => {
    await lab(context, { 'none.mjs': 'export const a = 1;' }, ['k']).fails(
      /--partitioner \.\/none\.mjs has no partition function: it has no default export, only a/,
    );
    await lab(context, { 'broken.ts': 'export default {' }, ['k']).fails(
      /broken\.ts cannot be loaded: syntax error at .*broken\.ts:1/,
    );
    await lab(context, { 'script.mjs': 'process.exit(0);' }, ['k']).fails(
      /--partitioner \.\/script\.mjs cannot be loaded: it calls process\.exit\(\) when it is loaded/,
    );
    const { cli } = lab(context, {}, ['k']);
    assert.equal(await cli.run(['partitioners', '--keys', 'keys', '--partitioner', 'gone.ts']), 2);
    assert.match(cli.stderr, /--partitioner gone\.ts cannot be loaded: there is no such file/);
    assert.equal(
      await cli.run(['partitioners', '--keys', 'keys', '--partitioner', 'a.ts', '--partitioner', 'a.ts']),
      2,
    );
    assert.match(cli.stderr, /given twice/);
  });
});
