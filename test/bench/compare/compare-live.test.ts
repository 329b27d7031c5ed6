import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CliError } from '../../../bench/cli-error.ts';
import type { CliIo } from '../../../bench/commands/cli-io.ts';
import {
  compareLive,
  type LiveOptions,
  type OpenSessionRunner,
} from '../../../bench/compare/compare-live.ts';
import type { ComparedSession } from '../../../reports/compare/compare-sessions.ts';
import { fakeCli } from '../fake-cli.ts';

const OPTIONS: LiveOptions = {
  base: 'linger.ms=5',
  candidate: 'linger.ms=0',
  sessions: 8,
  latency: false,
  seed: 1,
  bootstrapServers: null,
  driver: undefined,
  build: undefined,
  quiet: false,
};

interface FakeIo {
  readonly io: CliIo;
  said: string;
  interrupt(): void;
}

function fakeIo(): FakeIo {
  const listeners = new Set<() => void>();
  const stream = (write: (text: string) => void) => ({ isTerminal: false, columns: 100, write });
  const fake: FakeIo = {
    said: '',
    interrupt: () => {
      for (const listener of listeners) listener();
    },
    io: {
      stdout: stream(() => {}),
      stderr: stream((text) => {
        fake.said += text;
      }),
      env: {},
      workingDirectory: '/',
      onInterrupt: (callback) => {
        listeners.add(callback);
        return () => listeners.delete(callback);
      },
      exitNow: () => {},
    },
  };
  return fake;
}

function session(number: number): ComparedSession {
  const figures = (cpuNsPerRecord: number): ComparedSession['base'] => ({
    cpuNsPerRecord,
    recordsPerSecond: null,
    latencyP50Ms: null,
    latencyP90Ms: null,
    latencyP99Ms: null,
  });
  const logRatio = 0.1 + number / 1000;
  return { base: figures(500), candidate: figures(500 * Math.exp(logRatio)), logRatios: figures(logRatio) };
}

function runner(run: (number: number) => ComparedSession): { open: OpenSessionRunner; closed: number } {
  const fake = {
    closed: 0,
    open: async () => ({
      run: async (number: number) => run(number),
      close: async () => {
        fake.closed++;
      },
    }),
  };
  return fake;
}

test('each session adds a ratio, progress is told, and what was opened is closed', async () => {
  const fake = fakeIo();
  const sessions = runner(session);
  const { comparison, heading } = await compareLive(fake.io, OPTIONS, sessions.open);
  assert.equal(comparison.evidence, 'interleaved');
  assert.deepEqual(
    comparison.rows.map(({ metric, n, significant }) => [metric, n, significant]),
    [['cpuNsPerRecord', 8, true]],
  );
  assert.match(fake.said, /session 8 of 8: CPU per record \+11 %/);
  assert.match(heading[0]!, /^base: +linger\.ms=5/);
  assert.equal(sessions.closed, 1);
});

test('a side that fails ends the comparison with its exit code, and closes what was opened', async () => {
  const sessions = runner((number) => {
    if (number === 3) throw new CliError('the candidate lied', 3);
    return session(number);
  });
  await assert.rejects(compareLive(fakeIo().io, OPTIONS, sessions.open), {
    exitCode: 3,
    message: 'the candidate lied',
  });
  assert.equal(sessions.closed, 1);
});

test('Ctrl-C ends it in 130', async () => {
  const fake = fakeIo();
  const sessions = runner((number) => {
    if (number === 2) fake.interrupt();
    return session(number);
  });
  await assert.rejects(compareLive(fake.io, OPTIONS, sessions.open), { exitCode: 130 });
  assert.equal(sessions.closed, 1);
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
    [['compare', 'a', 'b', '--no-latency'], /--no-latency: only with --base and --candidate/],
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
