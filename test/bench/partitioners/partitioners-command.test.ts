import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { LabResult } from '../../../reports/lab/lab-result.ts';
import { fakeCli } from '../fake-cli.ts';

const USERS = Array.from({ length: 10_000 }, (_, index) => `user-${index + 1}\n`).join('');

function cliWith(context: TestContext, files: Readonly<Record<string, string>>) {
  const cli = fakeCli(context);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cli.directory, name), content);
  const json = async (...args: string[]): Promise<LabResult> => {
    assert.equal(await cli.run(['partitioners', ...args, '--json']), 0, cli.stderr);
    return JSON.parse(cli.stdout) as LabResult;
  };
  return { cli, json };
}

const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);

describe('tidemark partitioners', () => {
  it('keeps the machine-readable contract', async (context) => {
    const { json } = cliWith(context, { keys: USERS });
    const lab = await json('--keys', 'keys', '--partitions', '12,16');
    assert.deepEqual([lab.partitions, lab.keys, lab.records], [[12, 16], 10_000, 10_000]);
    assert.equal(lab.strategies.length, 12);
    for (const one of lab.strategies) {
      assert.equal(one.recordsPerPartition.length, one.partitions);
      assert.equal(sum(one.recordsPerPartition), 10_000, one.name);
      assert.equal(sum(one.bytesPerPartition), lab.bytes, one.name);
      assert.ok(one.maxOverMean >= 1 && one.gini >= 0 && one.gini < 1);
      assert.equal(one.hottestKeys.length, 10);
      assert.equal(one.hottestKeys[0]!.share, 1 / 10_000);
    }
    assert.equal(lab.disagreement.length, 12, 'six pairs of four keyed strategies, twice');
    const shareOf = (a: string, b: string) =>
      lab.disagreement.find((one) => one.a === a && one.b === b && one.partitions === 12)!.share;
    // Eleven keys in twelve by chance; half of the keys have the sign bit that one masks and one does not.
    assert.ok(Math.abs(shareOf('java-murmur2', 'librdkafka-crc32') - 11 / 12) < 0.01);
    assert.ok(Math.abs(shareOf('java-murmur2', 'platformatic-murmur2') - 1 / 2) < 0.02);
    const move = lab.moved.find(({ strategy }) => strategy === 'java-murmur2')!;
    assert.deepEqual([move.from, move.to], [12, 16]);
    // A hash stays where its remainders by 12 and 16 are equal: 12 of 48.
    assert.ok(Math.abs(move.share - 3 / 4) < 0.02);
  });

  it('tells the worst example of a key that moves: most records, before and after', async (context) => {
    const { cli, json } = cliWith(context, { keys: `${'hot\n'.repeat(500)}${USERS}${'warm\n'.repeat(90)}` });
    const lab = await json('--keys', 'keys', '--partitions', '12,16');
    for (const { strategy, examples } of lab.moved) {
      for (const { key, before, after } of examples) {
        assert.notEqual(before, after);
        for (const partitions of [12, 16]) {
          const placed = lab.strategies.find(
            (one) => one.name === strategy && one.partitions === partitions,
          )!;
          const hot = placed.hottestKeys.find((one) => one.key === key);
          if (hot !== undefined) assert.equal(hot.partition, partitions === 12 ? before : after);
        }
      }
      const records = examples.map((one) => one.records);
      assert.deepEqual(
        records,
        records.toSorted((a, b) => b - a),
      );
    }
    const java = lab.moved.find(({ strategy }) => strategy === 'java-murmur2')!.examples[0]!;
    await cli.run(['partitioners', '--keys', 'keys', '--partitions', '12,16']);
    const said = `"${java.key}": its ${java.records} records so far are in partition ${java.before}, the next go to partition ${java.after}`;
    assert.ok(cli.stdout.replace(/\s+/g, ' ').includes(said), said);
  });

  it('says what a hot key is of the records, of its partition, and of the fullest', async (context) => {
    const { json } = cliWith(context, { keys: `${'hot\n'.repeat(10_000)}${USERS}` });
    const lab = await json('--keys', 'keys', '--partitions', '12', '--record-size', '1KiB');
    const java = lab.strategies.find(({ name }) => name === 'java-murmur2')!;
    const [hot] = java.hottestKeys;
    assert.deepEqual([hot!.key, hot!.records, hot!.share], ['hot', 10_000, 0.5]);
    const inPartition = java.recordsPerPartition[hot!.partition!]!;
    assert.equal(hot!.shareOfPartition, 10_000 / inPartition);
    assert.deepEqual(java.hottestPartition.partition, hot!.partition);
    assert.equal(hot!.shareOfHottestPartition, hot!.shareOfPartition);
    assert.equal(java.hottestPartition.keys[0]!.key, 'hot');
    assert.equal(
      java.hottestKeys[1]!.shareOfHottestPartition === 0,
      java.hottestKeys[1]!.partition !== hot!.partition,
    );
    assert.equal(lab.bytes, 10_000 * (3 + 1024) + USERS.length - 10_000 + 10_000 * 1024);
    const spread = lab.strategies.find(({ name }) => name === 'round-robin')!;
    assert.deepEqual([spread.isKeyed, spread.hottestKeys[0]!.partition], [false, null]);
    assert.match(lab.recommendation.reasons.join(' '), /"hot" alone is 50 % of the records/);
  });

  it('tells people the partition of each hot key with its share there, and skew in bytes', async (context) => {
    const { cli } = cliWith(context, { keys: `${'hot\n'.repeat(8)}${'a-much-longer-key\n'}b\n` });
    await cli.run(['partitioners', '--keys', 'keys', '--partitions', '1', '--record-size', '1']);
    assert.match(cli.stdout, /^1 partition$/m);
    assert.match(cli.stdout, /over 1 partition with max\/mean 1\.00/);
    assert.match(cli.stdout, /^ {2}hot +80 % +0 \(80 %\)/m);
    await cli.run(['partitioners', '--keys', 'keys', '--partitions', '2', '--record-size', '1']);
    assert.match(cli.stdout, /max\/mean +of bytes/);
    writeFileSync(join(cli.directory, 'keys'), 'one\none\n');
    await cli.run(['partitioners', '--keys', 'keys']);
    assert.match(cli.stdout, /^2 records of 1 key \(keys\)/m);
    assert.doesNotMatch(cli.stdout, /No key stands out/);
  });

  it('places the keys of a distribution exactly, the same in every run', async (context) => {
    const { json } = cliWith(context, {});
    const args = ['--key-distribution', 'zipf:1.1:1000', '--records', '50000', '--partitions', '7'];
    const lab = await json(...args);
    assert.deepEqual([lab.keys, lab.records, lab.source.name], [1000, 50_000, 'zipf:1.1:1000']);
    for (const one of lab.strategies) assert.equal(sum(one.recordsPerPartition), 50_000);
    assert.deepEqual(await json(...args), lab);
    const otherSeed = await json(...args, '--seed', '2');
    const differing = lab.strategies.filter(
      (one, index) =>
        String(one.recordsPerPartition) !== String(otherSeed.strategies[index]!.recordsPerPartition),
    );
    assert.deepEqual(
      differing.map(({ name }) => name),
      ['random'],
    );
  });

  it('writes page, figures and table where asked to', async (context) => {
    const { cli } = cliWith(context, { keys: `=1+1\n<b>bold</b>\n\u001b[31mred\n${USERS}` });
    assert.equal(await cli.run(['partitioners', '--keys', 'keys', '--partitions', '3', '--out', 'lab']), 0);
    assert.ok(!cli.stdout.includes('\u001b'));
    assert.match(cli.stderr, /Reports written: lab/);
    const file = (name: string) => readFileSync(join(cli.directory, 'lab', name), 'utf8');
    assert.equal((JSON.parse(file('partitioners.json')) as LabResult).keys, 10_003);
    const rows = file('partitioners.csv').trimEnd().split('\n');
    assert.equal(rows[0], 'strategy,partitions,partition,records,bytes');
    assert.equal(rows.length, 1 + 6 * 3);
    const page = file('partitioners.html');
    for (const id of ['advice', 'skew', 'placement', 'disagreement', 'clients']) {
      assert.ok(page.includes(`<h2 id="${id}">`), id);
    }
    assert.ok(page.includes('&lt;b&gt;bold&lt;/b&gt;') && !page.includes('<b>bold</b>'));
  });

  it("shows a module's name without its escape sequences, wherever it is named", async (context) => {
    const name = 'e\u001b[31mvil\u202e.mjs';
    const { cli } = cliWith(context, { keys: USERS, [name]: 'export default { partition: () => 0 };' });
    assert.equal(await cli.run(['partitioners', '--keys', 'keys', '--partitioner', name]), 0, cli.stderr);
    assert.match(cli.stdout, /e\?\[31mvil\?\.mjs and your Java service disagree/);
    for (const hostile of ['\u001b', '\u202e']) assert.ok(!(cli.stdout + cli.stderr).includes(hostile));
  });

  it('fits the terminal, in ASCII where the locale asks for it', async (context) => {
    const { cli } = cliWith(context, { keys: USERS });
    for (const columns of [60, 80, 120]) {
      const stdout = { isTerminal: true, columns, write: (text: string) => (cli.stdout += text) };
      await cli.run(['partitioners', '--keys', 'keys', '--partitions', '12,16,400'], { stdout });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
      const lines = cli.stdout.replace(/\u001b\[\d+m/g, '').split('\n');
      assert.deepEqual(
        lines.filter((line) => line.length > columns),
        [],
      );
      assert.match(cli.stdout, /[▁-█]/);
    }
    await cli.run(['partitioners', '--keys', 'keys'], { env: { LANG: 'C' } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing but ASCII
    assert.match(cli.stdout, /^[\x00-\x7f]+$/);
  });

  it('refuses what makes no question, with exit code 2', async (context) => {
    const { cli } = cliWith(context, { keys: 'a\n', empty: '' });
    const refused = async (args: string, message: RegExp) => {
      assert.equal(
        await cli.run(['partitioners', ...args.split(' ').filter((word) => word !== '')]),
        2,
        args,
      );
      assert.match(cli.stderr, message);
      assert.equal(cli.stdout, '');
    };
    await refused('', /which keys\?/);
    await refused('--keys keys --key-distribution uniform:1', /leave one of them out/);
    await refused('--keys empty', /is empty/);
    await refused('--keys keys --partitions 0', /got '0', expected numbers of partitions from 1 to 1000000/);
    await refused('--keys keys --partitions 12,1000001', /from 1 to 1000000/);
    await refused('--keys keys --partitions 12,12', /different/);
    await refused('--keys keys --partitions 1,2,3,4,5,6,7,8,9,10,11', /at most 10/);
    await refused('--keys keys --records 5', /--records belongs to --key-distribution/);
    await refused('--key-distribution uniform:1 --key-encoding hex', /belongs to --keys/);
    await refused('--key-distribution zip:1:5', /did you mean zipf\?/);
    await refused('--keys keys --key-encoding utf16', /expected utf8, hex or base64/);
  });
});
