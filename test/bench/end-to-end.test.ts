import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Kafka, logLevel } from 'kafkajs';
import type { Result } from '../../reports/result.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAIN = join(ROOT, 'bench', 'main.ts');
const REAL_TEXT = join(ROOT, 'bench', 'payloads', 'browser-compat.ndjson');
const SUITE = `description: small and quick
target: { kind: embedded, brokers: 2 }
topic: { partitions: 3 }
keys: { kind: uniform, cardinality: 50 }
load: { warmup: 20ms, saturated: 60ms, paced: 100ms, pace: { recordsPerSecond: 2000 } }
producer: { partitioner.class: keyed }
factors:
  linger.ms: [5, 0]
  compression.type: [none, zstd]
  acks: [all, 1, 0]
`;
const TRIALS = 7;

let directory = '';
let suite = '';
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-end-to-end-'));
  suite = join(directory, 'suite.yaml');
  writeFileSync(suite, SUITE);
});
after(() => rmSync(directory, { recursive: true, force: true }));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: directory });
}

async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(...args);
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk) => (stdout += chunk));
  child.stderr!.on('data', (chunk) => (stderr += chunk));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

function resultOf(name: string): Result {
  return JSON.parse(readFileSync(join(directory, name, 'result.json'), 'utf8'));
}

function journalOf(name: string): string {
  const path = join(directory, name, 'journal.ndjson');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

async function untilTrialsAreJournalled(name: string, count: number): Promise<void> {
  while (journalOf(name).split('\n').length - 2 < count)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

test('real text against a cluster in another process: every trial verified, every report written, topics gone', async () => {
  const broker = start('broker', '--brokers', '2');
  try {
    const [line] = await once(broker.stdout!, 'data');
    const servers = String(line).split('\n')[0]!;
    const { code, stdout, stderr } = await run(
      'run',
      suite,
      '--bootstrap-server',
      servers,
      '--payload-file',
      REAL_TEXT,
      '--out',
      'remote',
      '--quiet',
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /zstd[\s\S]*Run directory: remote/);
    const { trials } = resultOf('remote');
    assert.equal(trials.length, TRIALS);
    for (const trial of trials) {
      assert.equal(trial.status, 'ok', trial.error ?? '');
      assert.deepEqual(
        [trial.records.duplicated, trial.records.reordered, trial.records.corrupted],
        [0, 0, 0],
      );
      assert.equal(trial.target.kind, 'kafka');
    }
    for (const file of ['summary.csv', 'report.html', 'report.md'])
      assert.ok(existsSync(join(directory, 'remote', file)), file);
    const again = await run(
      'run',
      suite,
      '--bootstrap-server',
      servers,
      '--throughput',
      '1000',
      '--duration',
      '50ms',
      '--json',
      '--quiet',
      '--out',
      'json',
    );
    assert.equal(again.code, 0, again.stderr);
    const paced = JSON.parse(again.stdout) as Result;
    assert.ok(
      paced.trials.every((trial) => trial.pacedRate === 1000 && trial.throughput.recordsPerSecond === null),
    );
    const admin = new Kafka({ brokers: servers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    assert.deepEqual(await admin.listTopics(), []);
    await admin.disconnect();
    broker.kill('SIGTERM');
    assert.deepEqual(await once(broker, 'exit'), [0, null]);
  } finally {
    broker.kill('SIGKILL');
  }
});

test('a run killed with -9 goes on where it was cut, with the same trials', async () => {
  const child = start('run', suite, '--out', 'killed', '--quiet');
  await untilTrialsAreJournalled('killed', 2);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const before = journalOf('killed');
  const finished = before.slice(0, before.lastIndexOf('\n') + 1);
  const { code, stderr } = await run('run', '--resume', 'killed', '--quiet');
  assert.equal(code, 0, stderr);
  assert.ok(journalOf('killed').startsWith(finished), 'what was finished stays byte for byte');
  const ids = resultOf('killed').trials.map(({ id }) => id);
  assert.equal(ids.length, TRIALS);
  assert.equal(new Set(ids).size, TRIALS);
});

test('Ctrl-C ends the running trial, writes what is finished, and says how to resume: exit 130', async () => {
  const child = start('run', suite, '--out', 'interrupted');
  let stderr = '';
  child.stderr!.on('data', (chunk) => (stderr += chunk));
  await untilTrialsAreJournalled('interrupted', 1);
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  assert.equal(code, 130);
  assert.match(stderr, /--resume interrupted/);
  const result = resultOf('interrupted');
  assert.equal(result.interrupted, true);
  assert.ok(result.trials.length >= 1 && result.trials.length < TRIALS);
});
