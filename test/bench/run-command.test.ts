import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { TidemarkError } from '../../core/base/errors.ts';
import type { Result } from '../../reports/result.ts';
import { type FakeCli, fakeCli, tracingReports } from './fake-cli.ts';
import { fakeSession } from './fake-session.ts';

const QUICK_TRIALS = 19;

function resultOf(cli: FakeCli, directory = 'run'): Result {
  return JSON.parse(readFileSync(join(cli.directory, directory, 'result.json'), 'utf8')) as Result;
}

function journalOf(cli: FakeCli): string {
  return readFileSync(join(cli.directory, 'run', 'journal.ndjson'), 'utf8');
}

test('without a command the suite quick is run, into a directory under runs/', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession();
  assert.equal(await cli.run([], { openSession: session.open }), 0);
  const shown = /^Run directory: (runs\/quick-\d{8}-\d{6})$/m.exec(cli.stdout);
  assert.ok(shown, cli.stdout);
  assert.match(cli.stdout, /^table of 19 trials$/m);
  assert.match(cli.stdout, /^Next: tidemark run /m);
  assert.equal(resultOf(cli, shown[1]).trials.length, QUICK_TRIALS);
  assert.equal(session.closed, 1);
});

test('every trial after the first base is paced at the rate that base had', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession();
  await cli.run(['run', 'quick', '--out', 'run'], { openSession: session.open });
  const [first, ...others] = session.begun;
  assert.equal(first!.id, 'r1-base-1');
  assert.equal(first!.pacedRate, null);
  const rate = resultOf(cli).trials.find(({ id }) => id === 'r1-base-1')!.pacedRate;
  assert.ok(rate !== null && rate > 0);
  assert.deepEqual(new Set(others.map(({ pacedRate }) => pacedRate)), new Set([rate]));
});

test('a base that fails hands the rate over to the next base, run at once', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ id }) => (id === 'r1-base-1' ? 'failed' : 'ok') });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 3);
  assert.deepEqual(
    session.begun.slice(0, 3).map(({ id, pacedRate }) => [id, pacedRate === null]),
    [
      ['r1-base-1', true],
      ['r1-base-2', true],
      [session.begun[2]!.id, false],
    ],
  );
  assert.equal(session.begun.length, QUICK_TRIALS);
});

test('a failed trial leaves the sweep running and ends in exit 3', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ factor }) => (factor === 'acks' ? 'failed' : 'ok') });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 3);
  assert.equal(resultOf(cli).trials.length, QUICK_TRIALS);
  assert.match(cli.stderr, /acks=1.*FAILED: made to fail/);
});

test('lost records end in exit 3', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ level }) => (level === 'lz4' ? 'lost' : 'ok') });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 3);
});

test('a target that cannot be reached ends in exit 4 and says how to go on', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({
    openError: new TidemarkError('NETWORK', 'cannot reach 127.0.0.1:1: ECONNREFUSED'),
  });
  const argv = ['run', '--bootstrap-server', '127.0.0.1:1', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: session.open }), 4);
  assert.match(cli.stderr, /cannot reach 127\.0\.0\.1:1: ECONNREFUSED/);
  assert.match(cli.stderr, /run --resume run/);
});

test('a host name that nobody knows ends in exit 4, too', async (t) => {
  const cli = fakeCli(t);
  const cause = Object.assign(new Error('getaddrinfo ENOTFOUND nowhere'), { syscall: 'getaddrinfo' });
  const refusal = new TidemarkError('CONFIG', 'cannot be resolved', { cause });
  const session = fakeSession({ openError: new TidemarkError('CONFIG', 'not of use', { cause: refusal }) });
  const argv = ['run', '--bootstrap-server', 'nowhere:9092', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: session.open }), 4);
  assert.match(cli.stderr, /not of use/);
});

test('a target that goes away ends in exit 4, keeps what is finished, and the cut trial is repeated on resume', async (t) => {
  const cli = fakeCli(t);
  const going = fakeSession({ endOf: ({ level }) => (level === 'snappy' ? 'unreachable' : 'ok') });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: going.open }), 4);
  const { interrupted, trials } = resultOf(cli);
  assert.equal(interrupted, true);
  assert.equal(trials.length, going.begun.length - 1);
  const back = fakeSession();
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: back.open }), 0);
  assert.equal(back.begun[0]!.id, going.begun.at(-1)!.id);
});

test('Ctrl-C ends the running trial, writes what is finished and says how to go on: exit 130', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({
    onTrial: () => {
      if (session.begun.length === 4) setImmediate(cli.interrupt);
    },
    delayMs: 5,
  });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 130);
  assert.equal(session.begun.length, 4);
  assert.equal(resultOf(cli).interrupted, true);
  assert.equal(resultOf(cli).trials.length, 3);
  assert.match(cli.stderr, /16 of 19 trials are left\. Go on with: tidemark run --resume run/);
  assert.equal(session.closed, 1);
});

test('one Ctrl-C that arrives twice at once does not end the process before it has written', async (t) => {
  const cli = fakeCli(t);
  let exits = 0;
  const session = fakeSession({
    onTrial: () =>
      setImmediate(() => {
        cli.interrupt();
        cli.interrupt();
      }),
    delayMs: 5,
  });
  const exitNow = (): number => exits++;
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open, exitNow }), 130);
  assert.equal(exits, 0);
});

test('a run cut at any byte of its journal goes on to the same set of trials, and what was whole stays as it was', async (t) => {
  const whole = fakeCli(t);
  await whole.run(['run', '--out', 'run'], { openSession: fakeSession().open });
  const ids = resultOf(whole).trials.map(({ id }) => id);
  const rate = resultOf(whole).trials[0]!.pacedRate;
  const bytes = Buffer.from(journalOf(whole));
  const headerEnd = bytes.indexOf(10) + 1;
  for (const share of [0, 0.13, 0.5, 0.77, 0.999]) {
    const cut = headerEnd + Math.floor((bytes.length - headerEnd) * share);
    truncateSync(join(whole.directory, 'run', 'journal.ndjson'), 0);
    appendFileSync(join(whole.directory, 'run', 'journal.ndjson'), bytes.subarray(0, cut));
    const session = fakeSession();
    assert.equal(await whole.run(['run', '--resume', 'run'], { openSession: session.open }), 0);
    const result = resultOf(whole);
    assert.deepEqual(
      result.trials.map(({ id }) => id),
      ids,
    );
    assert.equal(result.trials[0]!.pacedRate, rate);
    const kept = bytes.subarray(0, bytes.lastIndexOf(10, cut - 1) + 1);
    assert.deepEqual(Buffer.from(journalOf(whole)).subarray(0, kept.length), kept);
    assert.equal(session.begun.length, ids.length - (kept.toString().split('\n').length - 2));
  }
});

test('a finished run is not measured again, only its reports are written', async (t) => {
  const cli = fakeCli(t);
  await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open });
  const before = journalOf(cli);
  const session = fakeSession();
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: session.open }), 0);
  assert.equal(session.begun.length, 0);
  assert.equal(journalOf(cli), before);
  assert.match(cli.stderr, /run is finished; its reports are written again/);
});

test('a run goes on only with the payloads that it began with', async (t) => {
  const cli = fakeCli(t);
  const payloads = join(cli.directory, 'events.ndjson');
  writeFileSync(payloads, 'one\ntwo\n');
  const argv = ['run', 'acks', '--payload-file', 'events.ndjson', '--out', 'run'];
  assert.equal(await cli.run(argv, { openSession: fakeSession().open }), 0);
  const journal = join(cli.directory, 'run', 'journal.ndjson');
  writeFileSync(journal, `${readFileSync(journal, 'utf8').split('\n').slice(0, 3).join('\n')}\n`);
  writeFileSync(payloads, 'one\nthree\n');
  assert.equal(await cli.run(['run', '--resume', 'run']), 2);
  assert.match(
    cli.stderr,
    /the file of payloads .*events\.ndjson was changed since the run began: put it back/,
  );
  rmSync(payloads);
  assert.equal(await cli.run(['run', '--resume', 'run']), 2);
  assert.match(cli.stderr, /the file of payloads .*events\.ndjson cannot be read any more/);
  writeFileSync(payloads, 'one\ntwo\n');
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: fakeSession().open }), 0);
});

test('resume refuses what would change the plan, and what is no run', async (t) => {
  const cli = fakeCli(t);
  await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open });
  assert.equal(await cli.run(['run', 'full', '--resume', 'run', '--set', 'acks=1']), 2);
  assert.match(cli.stderr, /got suite full, --set too/);
  mkdirSync(join(cli.directory, 'empty'));
  for (const directory of ['empty', 'missing']) {
    assert.equal(await cli.run(['run', '--resume', directory]), 2);
    assert.match(cli.stderr, /holds no run: there is no journal\.ndjson/);
  }
  writeFileSync(join(cli.directory, 'empty', 'journal.ndjson'), 'not json\n');
  assert.equal(await cli.run(['run', '--resume', 'empty']), 2);
});

test('two processes do not write to one run at once', async (t) => {
  const cli = fakeCli(t);
  let second: Promise<number> | null = null;
  const other = fakeCli(t);
  const session = fakeSession({
    onTrial: () => {
      second ??= other.run(['run', '--resume', join(cli.directory, 'run')], {
        openSession: fakeSession().open,
      });
    },
    // Longer in all than the second waits for the first to end.
    delayMs: 400,
  });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 0);
  assert.equal(await second, 2);
  assert.match(other.stderr, /is in use by process \d+/);
});

test('a journal with lines that the plan does not have is refused with the line, and left as it is', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open }), 0);
  const path = join(cli.directory, 'run', 'journal.ndjson');
  const whole = readFileSync(path, 'utf8').trimEnd().split('\n');
  const cases: readonly (readonly [line: number, text: string])[] = [
    [2, '{"type":"trial"}'],
    [3, '{"type":"trial","result":{"id":"r9-other"},"histogram":null}'],
    [3, whole[1]!],
    [3, 'torn'],
    [1, '{"type":"plan","journal":"tidemark.journal/1"}'],
    [1, '{"type":"plan","journal":"tidemark.journal/1","plan":{"trials":[]}}'],
  ];
  for (const [line, text] of cases) {
    const edited = `${whole.with(line - 1, text).join('\n')}\n`;
    writeFileSync(path, edited);
    assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: fakeSession().open }), 2, text);
    assert.match(cli.stderr, new RegExp(`journal\\.ndjson:${line}: this line is damaged, expected`));
    assert.equal(readFileSync(path, 'utf8'), edited);
  }
});

test('an output directory that exists is left alone, naming --resume where it is a run', async (t) => {
  const cli = fakeCli(t);
  await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open });
  const before = journalOf(cli);
  assert.equal(await cli.run(['run', '--out', 'run']), 2);
  assert.match(cli.stderr, /--out run exists already.*--resume run/);
  assert.equal(journalOf(cli), before);
  mkdirSync(join(cli.directory, 'mine'));
  assert.equal(await cli.run(['run', '--out', 'mine']), 2);
  assert.doesNotMatch(cli.stderr, /--resume/);
  writeFileSync(join(cli.directory, 'file'), '');
  assert.equal(await cli.run(['run', '--out', 'file/run']), 2);
  assert.match(cli.stderr, /cannot be made/);
});

test('bad input leaves no directory behind', async (t) => {
  const cli = fakeCli(t);
  assert.equal(await cli.run(['run', '--set', 'acks=2', '--out', 'run']), 2);
  assert.ok(!existsSync(join(cli.directory, 'run')));
});

test('a disk that fills while reports are written keeps the journal, says what to do, and ends in exit 3', async (t) => {
  const cli = fakeCli(t);
  const reports = {
    ...tracingReports,
    writeReports: async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    },
  };
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open, reports }), 3);
  assert.match(cli.stderr, /reports in run cannot be written: ENOSPC.*\n.*run --resume run/);
  const session = fakeSession();
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: session.open }), 0);
  assert.equal(session.begun.length, 0);
  assert.equal(resultOf(cli).trials.length, QUICK_TRIALS);
});

test('--json prints the result alone on stdout; --quiet says nothing on the way', async (t) => {
  const cli = fakeCli(t);
  await cli.run(['run', '--out', 'run', '--json', '--quiet'], { openSession: fakeSession().open });
  assert.equal((JSON.parse(cli.stdout) as Result).schema, 'tidemark.result/1');
  assert.equal(cli.stderr, '');
});

test('the command that repeats a run names its seed, keeps secrets back and leaves --out away', async (t) => {
  const cli = fakeCli(t);
  const argv = ['run', 'acks', '--set', 'linger.ms=0, 5', '--out', 'run', '--json', '--seed', '7'];
  await cli.run(argv, { openSession: fakeSession().open });
  assert.equal(resultOf(cli).command, "tidemark run acks --set 'linger.ms=0, 5' --seed 7");
  assert.equal(resultOf(cli).seed, 7);
});

test('a session that breaks ends the run with its error, and what is finished is reported', async (t) => {
  const cli = fakeCli(t);
  const session = fakeSession({ endOf: ({ level }) => (level === 'gzip' ? 'crash' : 'ok') });
  assert.equal(await cli.run(['run', '--out', 'run'], { openSession: session.open }), 3);
  assert.match(cli.stderr, /a worker crashed/);
  assert.equal(resultOf(cli).interrupted, true);
  assert.equal(resultOf(cli).trials.length, session.begun.length - 1);
});

test('a last line that was cut off is taken away, not written over', async (t) => {
  const cli = fakeCli(t);
  await cli.run(['run', '--out', 'run'], { openSession: fakeSession().open });
  const before = journalOf(cli);
  appendFileSync(join(cli.directory, 'run', 'journal.ndjson'), '{"type":"trial","result":{"id":"r1-');
  assert.equal(await cli.run(['run', '--resume', 'run'], { openSession: fakeSession().open }), 0);
  assert.equal(journalOf(cli), before);
});
