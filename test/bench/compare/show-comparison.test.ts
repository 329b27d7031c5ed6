import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CliError } from '../../../bench/cli-error.ts';
import type { CliIo } from '../../../bench/commands/cli-io.ts';
import type { CompareOptions } from '../../../bench/compare/compare-options.ts';
import { type ShowComparisonOptions, showComparison } from '../../../bench/compare/show-comparison.ts';
import type { SessionResult } from '../../../bench/duet/session.ts';
import { sourceOfDirectory } from '../../../bench/formats/source-of-directory.ts';
import { DEFAULT_LOAD } from '../../../bench/paired/default-load.ts';
import type { PairedTargetOptions } from '../../../bench/paired/paired-target.ts';
import { SESSIONS_FILE } from '../../../bench/paired/session-journal.ts';
import { COMPARISON_FILE, readComparison } from '../../../reports/compare/read-comparison.ts';
import { fakeSide } from '../duet/fake-duet.ts';
import { fakeCli } from '../fake-cli.ts';

const OPTIONS: CompareOptions = {
  base: 'old',
  candidate: 'new',
  driver: undefined,
  build: undefined,
  load: DEFAULT_LOAD,
  partitions: 6,
  producer: { producerProperties: [], producerConfigFile: null },
  bootstrapServers: null,
  seed: 42,
  sessions: 8,
  latency: false,
  out: 'here',
};

interface Shown {
  readonly io: CliIo;
  readonly directory: string;
  stdout: string;
  stderr: string;
  /** What was opened and not closed, prepared and not released. */
  open: number;
  /** What the target was opened with. */
  asked: PairedTargetOptions | null;
  interrupt(): void;
  show(options?: Partial<CompareOptions>, output?: Partial<ShowComparisonOptions['output']>): Promise<void>;
}

/** A comparison of fake sides, whose sessions are what `measure` gives. */
function fakeComparison(context: TestContext, measure: (number: number) => SessionResult = session): Shown {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-compare-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  let interrupt = (): void => {};
  const outputTo = (name: 'stdout' | 'stderr'): CliIo['stdout'] => ({
    isTerminal: false,
    columns: 100,
    write: (text) => {
      shown[name] += text;
    },
  });
  const shown: Shown = {
    directory,
    stdout: '',
    stderr: '',
    open: 0,
    asked: null,
    interrupt: () => interrupt(),
    io: {
      stdout: outputTo('stdout'),
      stderr: outputTo('stderr'),
      env: {},
      workingDirectory: directory,
      onInterrupt: (callback) => {
        interrupt = callback;
        return () => {};
      },
      exitNow: () => {},
    },
    show: (options = {}, output = {}) =>
      showComparison({
        io: shown.io,
        argv: ['compare', '--base', 'old', '--candidate', 'new'],
        options: { ...OPTIONS, ...options },
        output: { json: false, format: null, quiet: false, color: false, ...output },
        seams: {
          prepareSides: async () => {
            shown.open++;
            const release = async (): Promise<void> => void shown.open--;
            return { base: fakeSide('old'), candidate: fakeSide('new'), release };
          },
          openTarget: async (_sides, asked) => {
            shown.open++;
            shown.asked = asked;
            const close = async (): Promise<void> => void shown.open--;
            return { measure: async (number) => measure(number), close };
          },
        },
      }),
  };
  return shown;
}

function session(number: number): SessionResult {
  const figures = (cpuNsPerRecord: number): SessionResult['base'] => ({
    cpuNsPerRecord,
    recordsPerSecond: null,
    latencyP50Ms: null,
    latencyP90Ms: null,
    latencyP99Ms: null,
  });
  const logRatio = 0.1 + number / 1000;
  return {
    base: figures(500),
    candidate: figures(500 * Math.exp(logRatio)),
    logRatios: figures(logRatio),
    seconds: 7,
    records: { base: 1000, candidate: 1000 },
    openRecordsPerSecond: null,
  };
}

test('two sides measured now: a table, what both were, where the evidence is and how to repeat it', async (context) => {
  const cli = fakeComparison(context);
  await cli.show({ partitions: 3, load: { ...DEFAULT_LOAD, recordSizeBytes: 1024 } });
  assert.match(
    cli.stdout,
    /^base: +old \(old 1\.0\)\ncandidate: +new \(new 1\.0\)\nboth: +8 sessions, 56 s; /,
  );
  assert.match(cli.stdout, /\nCPU, ns\/record +500 +555 +\+11 % +\+11 % to \+11 % +0\.008 +8\n/);
  assert.match(
    cli.stdout,
    /\nEvidence {3}here\nRepeat {5}tidemark compare --base old --candidate new --seed 42\n$/,
  );
  assert.match(cli.stderr, /^compare: new against old on the embedded cluster\n/);
  assert.match(cli.stderr, /\nsession 8 of 8 {2}CPU per record \+11 % {2}7\.0 s\n/);
  assert.deepEqual([cli.asked?.partitions, cli.asked?.load.recordSizeBytes, cli.asked?.seed], [3, 1024, 42]);
  assert.equal(cli.open, 0);
});

test('sessions are on the disk one by one, and the comparison can be read back for any format', async (context) => {
  const lines: number[] = [];
  const cli = fakeComparison(context, (number) => {
    const text = readFileSync(join(cli.directory, 'here', SESSIONS_FILE), 'utf8');
    lines.push(text.trim().split('\n').length);
    return session(number);
  });
  await cli.show();
  // Within session n there stand the header and the n sessions before it.
  assert.deepEqual(lines, [1, 2, 3, 4, 5, 6, 7, 8]);
  const result = readComparison(join(cli.directory, 'here'))!;
  assert.deepEqual(
    result.rows.map(({ metric, n, significant }) => [metric, n, significant]),
    [['cpuNsPerRecord', 8, true]],
  );
  assert.deepEqual([result.seed, result.sessions, result.seconds], [42, 8, 56]);
  const source = sourceOfDirectory(cli.io, 'here');
  assert.equal(source.kind, 'comparison');
  assert.equal(source.figures.name, 'new against old');
});

test('--json prints the rows alone, a format the format alone', async (context) => {
  const cli = fakeComparison(context);
  await cli.show({}, { json: true });
  const [row, ...others] = JSON.parse(cli.stdout);
  assert.deepEqual([row.metric, row.level, others.length], ['cpuNsPerRecord', null, 0]);
  assert.match(cli.stderr, /Evidence {3}here\n/);
  const junit = fakeComparison(context);
  await junit.show({}, { format: 'junit' });
  assert.match(junit.stdout, /^<\?xml/);
});

test('a format that describes no comparison is refused before measuring', async (context) => {
  const cli = fakeComparison(context);
  await assert.rejects(cli.show({}, { format: 'perf-test' }), {
    exitCode: 2,
    message: /this is a comparison/,
  });
  assert.equal(cli.asked, null);
});

test('a side that fails ends the comparison with its exit code, and what was measured is named', async (context) => {
  const cli = fakeComparison(context, (number) => {
    if (number === 3) throw new CliError('the candidate lied', 3);
    return session(number);
  });
  await assert.rejects(cli.show(), { exitCode: 3, message: 'the candidate lied' });
  assert.match(cli.stderr, /what was measured stands in here\/sessions\.ndjson/);
  assert.equal(existsSync(join(cli.directory, 'here', COMPARISON_FILE)), false);
  assert.equal(cli.stdout, '');
  assert.equal(cli.open, 0);
});

test('Ctrl-C ends it in 130 after the session it came in', async (context) => {
  let sessions = 0;
  const cli = fakeComparison(context, (number) => {
    if (++sessions === 3) cli.interrupt();
    return session(number);
  });
  await assert.rejects(cli.show(), { exitCode: 130, message: /interrupted: there is no comparison/ });
  assert.match(cli.stderr, /tidemark: stopping/);
  assert.equal(sessions, 3);
  assert.equal(cli.open, 0);
});

test('run directories and sides do not mix, and neither comes alone', async (t) => {
  const cli = fakeCli(t);
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['compare'], /expected two run directories/],
    [['compare', 'a'], /expected two run directories/],
    [['compare', 'a', 'b', '--base', '.'], /got the run directory a and --base or --candidate/],
    [['compare', '--base', '.'], /--candidate is missing/],
    [['compare', '--candidate', '.'], /--base is missing/],
    [['compare', 'a', 'b', '--sessions', '8'], /--sessions: only with --base and --candidate/],
    [['compare', 'a', 'b', '--record-size', '1KiB'], /--record-size: only with --base and --candidate/],
    [
      ['compare', 'a', 'b', '--producer.config', 'p', '--partitions', '3'],
      /--partitions, --producer\.config: only with/,
    ],
    [['compare', 'a', 'b', '--no-latency'], /--no-latency: only with --base and --candidate/],
    [['compare', '--base', '.', '--candidate', '.', '--in-flight', '0'], /--in-flight .*from 1 to/],
    [
      ['compare', '--base', 'acks=1', '--candidate', 'acks=all', '--producer-property', 'liger.ms=5'],
      /--producer-property liger\.ms: .*linger\.ms/,
    ],
    [['compare', '--base', '.', '--candidate', '.', '--force'], /--force is for stored runs/],
    [['compare', '--base', '.', '--candidate', '.', '--sessions', '5'], /expected a whole number from 6/],
    [
      ['compare', '--base', 'nothing', '--candidate', 'linger.ms=0'],
      /--base nothing: there is no such directory/,
    ],
  ];
  for (const [argv, message] of cases) {
    assert.equal(await cli.run(argv), 2, argv.join(' '));
    assert.match(cli.stderr, message);
  }
});
