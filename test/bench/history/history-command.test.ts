import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { appendHistory, readHistory } from '../../../bench/history/history-file.ts';
import { historyEntryOf } from '../../../reports/history/history-entry.ts';
import { entryLine } from '../../../reports/history/parse-history.ts';
import { invented, inventedEntries } from '../../reports/history/history-fixture.ts';
import { fakeCli } from '../fake-cli.ts';

const FILE = 'tidemark-history.ndjson';
const stepped = inventedEntries([
  { checks: 20, change: 0 },
  { checks: 10, change: 0.03 },
]);

describe('tidemark history', () => {
  it('prints the changes, and exits 0 although it got slower', async (context) => {
    const cli = fakeCli(context);
    writeFileSync(join(cli.directory, FILE), stepped.map(entryLine).join(''));
    assert.equal(await cli.run(['history']), 0);
    assert.match(cli.stdout, /30 checks, 1 series[\s\S]*% worse/);
    assert.equal(cli.stderr, '');
  });

  it('exits 99 with --fail-on-change, but not when the latest change is for the better', async (context) => {
    const cli = fakeCli(context);
    writeFileSync(join(cli.directory, FILE), stepped.map(entryLine).join(''));
    assert.equal(await cli.run(['history', '--fail-on-change']), 99);
    const faster = inventedEntries([
      { checks: 20, change: 0 },
      { checks: 20, change: 0.06 },
      { checks: 20, change: 0.02 },
    ]);
    writeFileSync(join(cli.directory, FILE), faster.map(entryLine).join(''));
    assert.equal(await cli.run(['history', '--fail-on-change']), 0);
  });

  it('prints only JSON with --json, and writes the page, the table and the JSON with --out', async (context) => {
    const cli = fakeCli(context);
    writeFileSync(join(cli.directory, 'h'), stepped.map(entryLine).join(''));
    assert.equal(await cli.run(['history', '--file', 'h', '--json', '--out', 'out/here']), 0);
    assert.equal(JSON.parse(cli.stdout).series[0].changes[0].checksBefore, 20);
    const out = join(cli.directory, 'out/here');
    assert.deepEqual(readdirSync(out).sort(), ['history.html', 'history.json', 'history.md']);
    assert.equal(readFileSync(join(out, 'history.json'), 'utf8'), cli.stdout);
  });

  it('takes the checks of one branch', async (context) => {
    const cli = fakeCli(context);
    const mixed = stepped.map((entry, index) => ({ ...entry, branch: index < 20 ? 'main' : 'feature' }));
    writeFileSync(join(cli.directory, FILE), mixed.map(entryLine).join(''));
    assert.equal(await cli.run(['history', '--branch', 'feature']), 0);
    assert.match(cli.stdout, /: 10 checks/);
    assert.equal(await cli.run(['history', '--branch', 'fature']), 2);
    assert.match(cli.stderr, /no check of branch 'fature'; it has main, feature/);
  });

  it('exits 2 at a conflict marker, with file, line and the way out', async (context) => {
    const cli = fakeCli(context);
    const [first, second] = stepped.map(entryLine);
    writeFileSync(join(cli.directory, FILE), `<<<<<<< HEAD\n${first}=======\n${second}>>>>>>> other\n`);
    assert.equal(await cli.run(['history']), 2);
    assert.match(cli.stderr, new RegExp(`${FILE}:1: a conflict marker`));
    assert.equal(cli.stdout, '');
    execFileSync('bash', ['-c', /sed -i .*/.exec(cli.stderr)![0]], { cwd: cli.directory });
    assert.equal(await cli.run(['history']), 0);
  });

  it('exits 2 without a file, for an empty one, and for a directory', async (context) => {
    const cli = fakeCli(context);
    assert.equal(await cli.run(['history', '--file', 'nope']), 2);
    assert.match(cli.stderr, /nope: no checks in it, or no such file/);
    writeFileSync(join(cli.directory, 'empty'), '');
    assert.equal(await cli.run(['history', '--file', 'empty']), 2);
    assert.equal(await cli.run(['history', '--file', '.']), 2);
  });
});

describe('tidemark history add', () => {
  it('adds a check once, from its directory or its file', async (context) => {
    const cli = fakeCli(context);
    mkdirSync(join(cli.directory, 'check'));
    writeFileSync(join(cli.directory, 'check/check.json'), JSON.stringify(invented(0.02)));
    assert.equal(await cli.run(['history', 'add', '--check', 'check', '--scenario', 'small']), 0);
    assert.equal(await cli.run(['history', 'add', '--check', 'check/check.json', '--scenario', 'small']), 0);
    assert.match(cli.stdout, /has this check already/);
    const entries = readHistory(join(cli.directory, FILE));
    assert.deepEqual(
      entries.map(({ ratio, scenario }) => [ratio, scenario]),
      [[1.02, 'small']],
    );
  });

  it('is the line that check --history would have added: of the commit and the load that were measured', async (context) => {
    const cli = fakeCli(context);
    const candidateCommit = { commit: 'c'.repeat(40), dirty: true, branch: 'topic' };
    const check = invented(0.02, { candidateCommit, load: { partitions: 6 } });
    writeFileSync(join(cli.directory, 'check.json'), JSON.stringify(check));
    assert.equal(await cli.run(['history', 'add', '--check', 'check.json', '--scenario', 'nightly']), 0);
    const kept = { ...candidateCommit, scenario: 'nightly', load: { partitions: 6 } };
    assert.deepEqual(readHistory(join(cli.directory, FILE)), [historyEntryOf(check, kept)]);
  });

  it('goes into the file that is named, wherever that stands', async (context) => {
    const cli = fakeCli(context);
    writeFileSync(join(cli.directory, 'check.json'), JSON.stringify(invented(0.02)));
    for (const [file, words] of [
      ['a.ndjson', ['add', '--check', 'check.json', '--file', 'a.ndjson']],
      ['b.ndjson', ['add', '--file', 'b.ndjson', '--check', 'check.json']],
      ['c.ndjson', ['--file', 'c.ndjson', 'add', '--check', 'check.json']],
    ] as const) {
      assert.equal(await cli.run(['history', ...words]), 0);
      assert.equal(readHistory(join(cli.directory, file)).length, 1, file);
    }
    assert.equal(existsSync(join(cli.directory, FILE)), false);
  });

  it('says what is no check', async (context) => {
    const cli = fakeCli(context);
    assert.equal(await cli.run(['history', 'add', '--check', 'nope']), 2);
    assert.match(cli.stderr, /nope: no check\.json there/);
    const path = join(cli.directory, 'check.json');
    writeFileSync(path, '{"schema":"tidemark.result/1"}');
    assert.equal(await cli.run(['history', 'add', '--check', '.']), 2);
    assert.match(cli.stderr, /check\.json: not a check of tidemark: schema/);
    writeFileSync(path, '{"schema":"tidemark.che');
    assert.equal(await cli.run(['history', 'add', '--check', '.']), 2);
    writeFileSync(path, JSON.stringify(invented(0, { startedAt: 'yesterday' })));
    assert.equal(await cli.run(['history', 'add', '--check', 'check.json']), 2);
    assert.match(cli.stderr, /check\.json: startedAt: /);
    assert.equal(await cli.run(['history', 'add']), 2);
    assert.match(cli.stderr, /required option '--check/);
  });

  it('leaves a file alone that it cannot read', async (context) => {
    const cli = fakeCli(context);
    writeFileSync(join(cli.directory, 'check.json'), JSON.stringify(invented(0.02)));
    writeFileSync(join(cli.directory, FILE), '=======\n');
    assert.equal(await cli.run(['history', 'add', '--check', 'check.json']), 2);
    assert.equal(readFileSync(join(cli.directory, FILE), 'utf8'), '=======\n');
  });
});

describe('a history file', () => {
  it('is made, grows by whole lines, and keeps what was there', (context) => {
    const path = join(fakeCli(context).directory, 'deep/h.ndjson');
    assert.equal(appendHistory(path, stepped[0]!), true);
    writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
    assert.equal(appendHistory(path, stepped[1]!), true);
    assert.equal(appendHistory(path, stepped[0]!), false);
    assert.equal(readFileSync(path, 'utf8'), stepped.slice(0, 2).map(entryLine).join(''));
  });

  it('stays a link where it is one', (context) => {
    const { directory } = fakeCli(context);
    writeFileSync(join(directory, 'real'), '');
    symlinkSync('real', join(directory, 'link'));
    appendHistory(join(directory, 'link'), stepped[0]!);
    assert.equal(readFileSync(join(directory, 'real'), 'utf8'), entryLine(stepped[0]!));
  });

  it('of two branches is merged by git to the union of both', (context) => {
    const { directory } = fakeCli(context);
    const git = (...args: readonly string[]): void => {
      const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.com', '-c', 'commit.gpgsign=false'];
      execFileSync('git', [...identity, ...args], { cwd: directory, stdio: 'ignore' });
    };
    const path = join(directory, FILE);
    git('init', '--initial-branch=main');
    writeFileSync(join(directory, '.gitattributes'), `${FILE} merge=union\n`);
    appendHistory(path, stepped[0]!);
    git('add', '.');
    git('commit', '-m', 'one');
    git('branch', 'feature');
    // Both have the second check; each has one of its own, the later one merged first.
    appendHistory(path, stepped[1]!);
    appendHistory(path, stepped[3]!);
    git('commit', '-am', 'main');
    git('checkout', 'feature');
    appendHistory(path, stepped[1]!);
    appendHistory(path, stepped[2]!);
    git('commit', '-am', 'feature');
    git('merge', 'main', '-m', 'merge');
    assert.deepEqual(readHistory(path), stepped.slice(0, 4));
  });
});
