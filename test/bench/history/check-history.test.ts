import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { CheckOptions } from '../../../bench/check/check-options.ts';
import { candidateCommit, openCheckHistory } from '../../../bench/history/check-history.ts';
import { readHistory } from '../../../bench/history/history-file.ts';
import { historyLoadOf } from '../../../bench/history/history-load.ts';
import { invented } from '../../reports/history/history-fixture.ts';
import { fakeCli } from '../fake-cli.ts';

function fakeIo(context: TestContext) {
  const { directory } = fakeCli(context);
  const said = { text: '' };
  const stderr = { isTerminal: false, columns: 80, write: (text: string) => (said.text += text) };
  return { env: {} as Record<string, string>, stderr, workingDirectory: directory, said };
}

const SCENARIO = { file: 'h.ndjson', scenario: 'nightly' };
const LOAD = { load: { partitions: 6 } };

describe('the history of a check', () => {
  it('is read before the check, so that a conflict marker costs no measuring', (context) => {
    const io = fakeIo(context);
    writeFileSync(join(io.workingDirectory, 'h.ndjson'), '<<<<<<< HEAD\n');
    assert.throws(() => openCheckHistory(io, SCENARIO), {
      exitCode: 2,
      message: /h\.ndjson:1: a conflict marker/,
    });
  });

  it('gets one line, on stderr, and not a second one for the same check', (context) => {
    const io = fakeIo(context);
    const history = openCheckHistory(io, SCENARIO);
    history.add(invented(0.01, LOAD));
    history.add(invented(0.01, LOAD));
    assert.equal(io.said.text, 'Added to h.ndjson\nh.ndjson has this check already\n');
    const [entry, ...others] = readHistory(join(io.workingDirectory, 'h.ndjson'));
    assert.deepEqual(others, []);
    assert.deepEqual([entry?.scenario, entry?.load, entry?.commit], ['nightly', { partitions: 6 }, null]);
  });

  it('names the commit of the candidate: of a directory, of git:REF, or else of where we stand', (context) => {
    const io = fakeIo(context);
    const git = (...args: readonly string[]): string =>
      execFileSync(
        'git',
        ['-c', 'user.name=n', '-c', 'user.email=e@example.com', '-c', 'commit.gpgsign=false', ...args],
        {
          cwd: io.workingDirectory,
          encoding: 'utf8',
        },
      ).trim();
    git('init', '--quiet', '--initial-branch=main');
    mkdirSync(join(io.workingDirectory, 'inner'));
    writeFileSync(join(io.workingDirectory, 'inner/file'), '1');
    git('add', '.');
    git('commit', '--quiet', '-m', 'one');
    const first = git('rev-parse', 'HEAD');
    git('commit', '--quiet', '--allow-empty', '-m', 'two');
    const head = git('rev-parse', 'HEAD');
    writeFileSync(join(io.workingDirectory, 'inner/file'), '2');
    assert.deepEqual(candidateCommit(io, '.'), { commit: head, branch: 'main', dirty: true });
    assert.deepEqual(candidateCommit(io, 'git:HEAD~1'), { commit: first, branch: 'main', dirty: false });
    assert.equal(candidateCommit(io, 'npm:0.1.0').commit, head);
    assert.equal(candidateCommit(io, 'git:--help').commit, head);
  });
});

describe('the load in a history', () => {
  it('is what decides the figure, a file of properties included, without secrets', (context) => {
    const { directory } = fakeCli(context);
    writeFileSync(
      join(directory, 'common.properties'),
      'linger.ms=7\npartitioner.ignore.keys=true\nssl.key.password=hush\n',
    );
    const options: CheckOptions = {
      base: 'git:v1',
      candidate: '.',
      driver: 'bench/driver.ts',
      build: undefined,
      metrics: ['cpuNsPerRecord'],
      margin: null,
      tolerance: 0.01,
      maxSessions: 30,
      load: { recordSizeBytes: 100, poolSize: 1000, recordsPerSend: 50, inFlight: 2000 },
      partitions: 6,
      producer: {
        producerConfigFile: 'common.properties',
        producerProperties: [
          { name: 'acks', value: 'all' },
          { name: 'sasl.jaas.config', value: 'hush' },
          { name: 'ssl.keystore.password', value: 'hush' },
        ],
      },
      bootstrapServers: null,
      gates: [],
      inconclusiveAs: 'pass',
      seed: 1,
      out: null,
    };
    const load = historyLoadOf(options, directory);
    assert.deepEqual(load, {
      'linger.ms': '7',
      'partitioner.ignore.keys': 'true',
      acks: 'all',
      driver: 'bench/driver.ts',
      recordSizeBytes: 100,
      recordsPerSend: 50,
      inFlight: 2000,
      partitions: 6,
      target: 'embedded',
    });
    const { seed: _, ...rest } = options;
    assert.deepEqual(historyLoadOf({ ...rest, seed: 2, maxSessions: 8 }, directory), load);
  });
});
