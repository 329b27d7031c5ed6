import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { CheckOptions } from '../../../bench/check/check-options.ts';
import { type CheckSeams, SUMMARY_FILE } from '../../../bench/check/execute-check.ts';
import { type ShowOptions, showCheck } from '../../../bench/check/show-check.ts';
import { CliError } from '../../../bench/cli-error.ts';
import type { CliIo } from '../../../bench/commands/cli-io.ts';
import { runSession, type SessionResult } from '../../../bench/duet/session.ts';
import { readHistory } from '../../../bench/history/history-file.ts';
import { DEFAULT_LOAD } from '../../../bench/paired/default-load.ts';
import { SESSIONS_FILE } from '../../../bench/paired/session-journal.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import { CHECK_FILE, readCheck } from '../../../reports/check/read-check.ts';
import { type FakeBehaviour, fakeDuet, fakeSide } from '../duet/fake-duet.ts';

const OPTIONS: CheckOptions = {
  base: 'old',
  candidate: 'new',
  driver: undefined,
  build: undefined,
  metrics: ['cpuNsPerRecord'],
  margin: null,
  tolerance: 0.01,
  maxSessions: 30,
  load: DEFAULT_LOAD,
  partitions: 2,
  producer: { producerProperties: [], producerConfigFile: null },
  bootstrapServers: null,
  gates: [],
  inconclusiveAs: null,
  seed: 42,
  out: null,
};

const OUTPUT: ShowOptions['output'] = { json: false, format: null, quiet: false, color: false };

interface Shown {
  readonly directory: string;
  readonly interrupt: () => void;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly released: () => boolean;
  show(options?: Partial<CheckOptions>, output?: Partial<ShowOptions['output']>): Promise<number>;
}

/** A check of fake sides, each with real sessions over drivers in memory. */
function fakeCheck(
  context: TestContext,
  behaviours: Readonly<Record<string, FakeBehaviour>> = {},
  measured: (result: SessionResult) => void = () => {},
): Shown {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-check-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const written = { stdout: '', stderr: '' };
  let interrupt = (): void => {};
  let isReleased = false;
  const outputTo = (name: 'stdout' | 'stderr'): CliIo['stdout'] => ({
    isTerminal: false,
    columns: 100,
    write: (text) => {
      written[name] += text;
    },
  });
  const io: CliIo = {
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    env: {},
    workingDirectory: directory,
    onInterrupt: (callback) => {
      interrupt = callback;
      return () => {};
    },
    exitNow: () => {},
  };
  const duet = fakeDuet(behaviours);
  const sides = { base: fakeSide('old'), candidate: fakeSide('new') };
  const seams: Partial<CheckSeams> = {
    prepareSides: async () => ({
      ...sides,
      release: async () => {
        isReleased = true;
      },
    }),
    openTarget: async (_sides, options) => ({
      measure: async (number) => {
        const session = { ...options, target: duet.target, start: duet.start, number };
        const result = await runSession(sides.base, sides.candidate, session);
        measured(result);
        return result;
      },
      close: async () => {},
    }),
  };
  return {
    directory,
    interrupt: () => interrupt(),
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    released: () => isReleased,
    show: (options = {}, output = {}) =>
      showCheck({
        io,
        argv: ['check', '--base', 'old', '--candidate', 'new'],
        options: { ...OPTIONS, ...options },
        output: { ...OUTPUT, ...output },
        seams,
      }),
  };
}

/** CPU per record around `mean`, different in every segment. */
function noisy(mean: number, seed: number): FakeBehaviour {
  const random = new SeededRandom(seed);
  return { cpuNsPerRecord: () => mean * (0.98 + 0.04 * random.nextDouble()) };
}

test('equal sides: no regression after 8 sessions, exit 0, told in a sentence, a table and a file', async (context) => {
  const cli = fakeCheck(context, { old: noisy(500, 1), new: noisy(500, 2) });
  assert.equal(await cli.show({ out: 'here' }), 0);
  assert.match(cli.stdout(), /^no regression above 5 % \(95 % power at \d\.?\d* %\), 8 sessions, 0 s\n/);
  assert.match(cli.stdout(), /\* CPU, ns\/record +\d{3} +\d{3} +[+-]?\d\.\d % +.* to .* % +5 % +[\d.]+ +8\n/);
  assert.match(
    cli.stdout(),
    /Base {7}old {2}\(old 1\.0\)\nCandidate {2}new {2}\(new 1\.0\)\nEvidence {3}here\n/,
  );
  assert.match(cli.stdout(), /Repeat {5}tidemark check --base old --candidate new --seed 42\n$/);
  const check = readCheck(join(cli.directory, 'here'))!;
  assert.deepEqual([check.verdict, check.sessions, check.metric], ['no regression', 8, 'cpuNsPerRecord']);
  assert.ok(check.low <= check.change && check.change <= check.high);
  assert.equal(check.metrics[0]!.sessionLogRatios.length, 8);
  assert.ok(cli.released());
  assert.match(
    readFileSync(join(cli.directory, 'here', SUMMARY_FILE), 'utf8'),
    /^### ✅ .*\| metric .*<svg /s,
  );
});

test('a slower candidate is a regression: exit 99', async (context) => {
  const cli = fakeCheck(context, { old: noisy(500, 1), new: noisy(550, 2) });
  assert.equal(await cli.show(), 99);
  assert.match(cli.stdout(), /^regression: CPU per record \+\d+\.\d % \(.*\), margin 5 %, 8 sessions/);
});

test('a candidate slower by 2 % is a minor slowdown, a faster one an improvement: exit 0', async (context) => {
  const slower = fakeCheck(context, { old: noisy(500, 1), new: noisy(511, 2) });
  assert.equal(await slower.show(), 0);
  assert.match(slower.stdout(), /^minor slowdown: /);
  const faster = fakeCheck(context, { old: noisy(500, 1), new: noisy(450, 2) });
  assert.equal(await faster.show(), 0);
  assert.match(faster.stdout(), /^improvement: /);
});

for (const [as, code] of [
  [null, 5],
  ['pass', 0],
  ['fail', 99],
] as const) {
  test(`what cannot be told by the last look is inconclusive: ${as ?? 'neither'} is exit ${code}`, async (context) => {
    let session = 0;
    // Every other session 20 % slower, in between 10 % faster.
    const cpuNsPerRecord = (): number => (session % 2 === 0 ? 600 : 450);
    const cli = fakeCheck(context, { new: { cpuNsPerRecord } }, () => session++);
    assert.equal(await cli.show({ maxSessions: 8, inconclusiveAs: as }), code);
    assert.match(cli.stdout(), /^inconclusive: /);
  });
}

test('sessions are on the disk one by one, with what was checked before them', async (context) => {
  const lines: number[] = [];
  const cli = fakeCheck(context, {}, () => {
    const text = readFileSync(join(cli.directory, 'here', SESSIONS_FILE), 'utf8');
    lines.push(text.trim().split('\n').length);
  });
  await cli.show({ out: 'here' });
  // Within session n there stand the header and the n sessions before it.
  assert.deepEqual(lines, [1, 2, 3, 4, 5, 6, 7, 8]);
  const [header, first] = readFileSync(join(cli.directory, 'here', SESSIONS_FILE), 'utf8').split('\n');
  assert.equal(JSON.parse(header!).seed, 42);
  assert.equal(JSON.parse(first!).records.base, 35_000);
});

test('a session that fails is no verdict: exit 3, no check.json, what was measured is named', async (context) => {
  let number = 0;
  const behaviour = { cpuNsPerRecord: () => (number < 2 ? 500 : Number.NaN) };
  const cli = fakeCheck(context, { new: behaviour }, () => number++);
  await assert.rejects(cli.show({ out: 'here', inconclusiveAs: 'pass' }), { exitCode: 3 });
  assert.equal(existsSync(join(cli.directory, 'here', CHECK_FILE)), false);
  assert.equal(cli.stdout(), '');
  assert.match(cli.stderr(), /what was measured stands in here\/sessions.ndjson/);
  assert.ok(cli.released());
});

test('--json prints only the result, with the fields that the contract names', async (context) => {
  const cli = fakeCheck(context, { old: noisy(500, 1), new: noisy(502, 2) });
  await cli.show({ gates: ['cpu<+20%', 'cpu<100ns'] }, { json: true });
  const check = JSON.parse(cli.stdout());
  const fields = ['verdict', 'metric', 'change', 'low', 'high', 'sessions', 'seconds', 'detectable', 'gates'];
  for (const field of fields) assert.ok(field in check, field);
  assert.deepEqual(
    check.gates.map((gate: { expression: string; verdict: string }) => [gate.expression, gate.verdict]),
    [
      ['cpu<+20%', 'pass'],
      ['cpu<100ns', 'fail'],
    ],
  );
});

test('a breached gate is exit 99 where the verdict would pass', async (context) => {
  const cli = fakeCheck(context);
  assert.equal(await cli.show({ gates: ['cpu<100ns'] }), 99);
  assert.match(cli.stdout(), /fail {2}cpu<100ns: /);
});

test('a gate on what is not measured is refused before anything is started', async (context) => {
  const cli = fakeCheck(context);
  await assert.rejects(cli.show({ gates: ['p(99)<20ms'] }), { exitCode: 2 });
  assert.equal(cli.released(), false);
});

test('latency decides when asked to, with its own margin', async (context) => {
  const cli = fakeCheck(context, { old: { p99Ms: 4 }, new: { p99Ms: 5.2 } });
  assert.equal(await cli.show({ metrics: ['latencyP99Ms'] }), 99);
  assert.match(cli.stdout(), /^regression: p99 latency \+30\.0 % .*, margin 25 %/);
  assert.match(cli.stdout(), /\* p99 latency, ms[^\n]*\n {2}CPU[^\n]*\n {2}records\/s[^\n]*\n {2}p50/);
});

test('a driver without CPU times is told of after one session, with what to do', async (context) => {
  const behaviours = { old: { cpuNsPerRecord: () => null } };
  await assert.rejects(fakeCheck(context, behaviours).show(), {
    exitCode: 2,
    message: /does not report CPU per record.*--metric throughput/,
  });
  const cli = fakeCheck(context, behaviours);
  assert.equal(await cli.show({ metrics: ['recordsPerSecond'] }), 0);
  assert.doesNotMatch(cli.stdout(), /CPU/);
});

test('a margin within the tolerance is refused', async (context) => {
  await assert.rejects(fakeCheck(context).show({ margin: 0.01 }), { exitCode: 2, message: /margin above/ });
});

test('a format that describes no check is refused before measuring', async (context) => {
  const cli = fakeCheck(context);
  await assert.rejects(cli.show({}, { format: 'perf-test' }), { exitCode: 2, message: /this is a check/ });
  assert.equal(cli.released(), false);
});

test('--format prints that format alone', async (context) => {
  const cli = fakeCheck(context, { old: noisy(500, 1), new: noisy(500, 2) });
  assert.equal(await cli.show({}, { format: 'junit' }), 0);
  assert.match(cli.stdout(), /^<\?xml/);
});

test('Ctrl-C: exit 130, no verdict, everything let go', async (context) => {
  let sessions = 0;
  const cli = fakeCheck(context, {}, () => {
    if (++sessions === 3) cli.interrupt();
  });
  await assert.rejects(
    cli.show(),
    (error) => error instanceof CliError && error.exitCode === 130 && /no verdict/.test(error.message),
  );
  assert.equal(sessions, 3);
  assert.ok(cli.released());
});

test('progress tells of each session and what the last look saw; --quiet tells nothing', async (context) => {
  const cli = fakeCheck(context);
  await cli.show({ metrics: ['recordsPerSecond'] });
  assert.match(
    cli.stderr(),
    /^check: new against old on the embedded cluster; throughput decides, margin 5 %\n/,
  );
  assert.match(cli.stderr(), /\nsession 2 {2}throughput 0\.0 % {2}0\.0 s {2}next look at 8\n/);
  assert.match(cli.stderr(), /\nsession 8 .*look at 8: 0\.0 % \(0\.0 % to 0\.0 %\)/);
  const quiet = fakeCheck(context);
  await quiet.show({}, { quiet: true });
  assert.equal(quiet.stderr(), '');
});

test('--history gets the check; one that cannot be read ends the check before anything is measured', async (context) => {
  const check = fakeCheck(context);
  const history = { file: 'h.ndjson', scenario: 'nightly' };
  assert.equal(await check.show({}, { history }), 0);
  assert.match(check.stderr(), /Added to h\.ndjson\n$/);
  const [entry] = readHistory(join(check.directory, 'h.ndjson'));
  assert.deepEqual([entry?.scenario, entry?.load['partitions']], ['nightly', 2]);
  writeFileSync(join(check.directory, 'bad'), '=======\n');
  const before = check.stderr();
  await assert.rejects(
    check.show({}, { history: { ...history, file: 'bad' } }),
    /^CliError: bad:1: a conflict/,
  );
  assert.equal(check.stderr(), before);
});
