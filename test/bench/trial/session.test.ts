import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openTrialSession } from '../../../bench/trial/session.ts';
import type { TrialOutcome, TrialSession } from '../../../bench/trial-session.ts';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';
import type { TrialProgress } from '../../../workers/trial-progress.ts';
import type { TrialSpec } from '../../../workers/trial-spec.ts';

const SPEC: TrialSpec = {
  id: 'base',
  round: 1,
  factor: null,
  level: null,
  producer: {
    'batch.size': '16384',
    'linger.ms': '5',
    acks: 'all',
    'compression.type': 'none',
    'buffer.memory': '33554432',
    'partitioner.class': 'keyed',
    'max.request.size': '1048576',
  },
  topic: { name: 'session-test', exists: false, partitions: 4, replicationFactor: 1, configs: {} },
  workload: {
    payload: { kind: 'json', poolSize: 256 },
    keys: { kind: 'uniform', cardinality: 100 },
    headers: [],
    stamp: 'header',
    send: 'callback',
  },
  load: {
    generators: 2,
    warmupMs: 20,
    saturatedMs: 60,
    pacedMs: 100,
    pace: { kind: 'rate', recordsPerSecond: 5000 },
  },
  verify: 'full',
  seed: 42,
};
const NO_FINDINGS = { lost: 0, duplicated: 0, reordered: 0, corrupted: 0 };

let session: TrialSession;
let directory = '';
let trials = 0;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-session-'));
  session = await openTrialSession({
    target: { kind: 'embedded', brokers: 2 },
    runId: 'test',
    generators: 2,
    existingTopic: null,
    base: {},
    secrets: new Map(),
    onNote() {},
    signal: new AbortController().signal,
  });
});
after(async () => {
  await session.close();
  rmSync(directory, { recursive: true, force: true });
});

function run(
  change: Partial<TrialSpec>,
  signal = new AbortController().signal,
  onProgress = (_: TrialProgress) => {},
): Promise<TrialOutcome> {
  return session.runTrial(
    { ...SPEC, ...change, id: `t${trials++}` },
    { pacedRate: null, onProgress, signal },
  );
}

test('a trial measures both phases over two generators and finds every record again', async () => {
  const phases = new Set<string>();
  const { result, histogram, intervals } = await run({}, undefined, (progress) => phases.add(progress.phase));
  assert.equal(result.error, null);
  assert.equal(result.status, 'ok');
  const { sent, acknowledged, failed, ...findings } = result.records;
  assert.deepEqual({ failed, ...findings }, { failed: 0, ...NO_FINDINGS });
  assert.ok(sent > 500 && sent === acknowledged);
  assert.equal(
    result.partitions.reduce((sum, { records }) => sum + records, 0),
    acknowledged,
  );
  assert.ok(result.throughput.recordsPerSecond! > 0 && result.throughput.megabytesPerSecond! > 0);
  assert.equal(result.latencyKind, 'response');
  assert.equal(result.latencyMs.count, 500, 'one latency for each of the 500 slots in the window');
  const { p50, p90, p99, max } = result.latencyMs;
  assert.ok(p50! > 0 && p50! <= p90! && p90! <= p99! && p99! <= max!);
  const merged = LatencyHistogram.fromBytes(histogram!);
  assert.equal(merged.count, 500);
  assert.ok(intervals.length > 0);
  assert.ok(
    ['prepare', 'verify'].every((phase) => phases.has(phase)),
    [...phases].join(),
  );
  assert.equal(result.batches.compressionRatio, 1);
  assert.ok(result.cpuNsPerRecord! > 0);
});

test('more partitions than buffer.memory has batches for lose nothing either', async () => {
  const { result } = await run({
    topic: { ...SPEC.topic, name: 'many-partitions', partitions: 100 },
    producer: { ...SPEC.producer, 'buffer.memory': '1048576' },
  });
  assert.equal(result.error, null);
  const { sent, acknowledged, failed, ...findings } = result.records;
  assert.deepEqual({ failed, ...findings }, { failed: 0, ...NO_FINDINGS });
});

for (const send of ['promise', 'sync', 'forget'] as const) {
  test(`send form ${send} loses nothing`, async () => {
    const { result } = await run({
      workload: { ...SPEC.workload, send },
      load: { ...SPEC.load, pace: { kind: 'rate', recordsPerSecond: 500 } },
    });
    assert.equal(result.error, null);
    assert.equal(result.records.sent, result.records.acknowledged);
    assert.deepEqual(
      { ...NO_FINDINGS, ...result.records, sent: 0, acknowledged: 0 },
      { sent: 0, acknowledged: 0, failed: 0, ...NO_FINDINGS },
    );
    assert.equal(result.latencyMs.count, send === 'forget' ? 0 : 50);
  });
}

test('every codec, stamped in the value, reads back intact and shrinks', async () => {
  for (const codec of ['gzip', 'snappy', 'lz4', 'zstd']) {
    const { result } = await run({
      producer: { ...SPEC.producer, 'compression.type': codec },
      workload: { ...SPEC.workload, stamp: 'value' },
    });
    assert.equal(result.error, null, codec);
    assert.ok(result.batches.compressionRatio! < 0.9, `${codec}: ${result.batches.compressionRatio}`);
  }
});

test('acks=0 says what arrived instead of what was acknowledged', async () => {
  const { result } = await run({ producer: { ...SPEC.producer, acks: '0' } });
  assert.equal(result.status, 'ok');
  assert.match(result.notes.join(), /acks=0: no broker answers; \d+ of the \d+ records/);
});

test('records of a file without keys, verified by offsets alone', async () => {
  const path = join(directory, 'lines');
  writeFileSync(path, Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n'));
  const { result } = await run({
    workload: { ...SPEC.workload, payload: { kind: 'file', path, delimiter: '\n' }, keys: { kind: 'none' } },
    verify: 'offsets',
  });
  assert.equal(result.error, null);
  assert.deepEqual([result.records.lost, result.records.duplicated, result.records.reordered], [0, 0, null]);
});

test('a level that cannot carry the rate is overloaded, with latency of the slots before it was full', async () => {
  const { result } = await run({
    producer: { ...SPEC.producer, 'buffer.memory': '65536', 'batch.size': '4096' },
    load: { ...SPEC.load, generators: 1, pace: { kind: 'rate', recordsPerSecond: 20_000_000 } },
  });
  assert.equal(result.error, null);
  assert.equal(result.overloaded, true);
  assert.ok(result.latencyMs.count > 0 && result.latencyMs.count < 2_000_000);
});

test('one saturated phase alone gives service times', async () => {
  const { result } = await run({ load: { ...SPEC.load, pacedMs: 0 } });
  assert.equal(result.latencyKind, 'service');
  assert.equal(result.pacedRate, null);
  assert.ok(result.latencyMs.p99! > 0);
});

test('one paced phase alone has no throughput', async () => {
  const { result } = await run({ load: { ...SPEC.load, saturatedMs: 0 } });
  assert.deepEqual(result.throughput, {
    recordsPerSecond: null,
    megabytesPerSecond: null,
    wireBytesPerSecond: null,
  });
  assert.equal(result.latencyMs.count, 500);
});

test('a trial in which no record arrives names what the first one failed with', async () => {
  const { result } = await run({
    topic: { ...SPEC.topic, configs: { 'max.message.bytes': '100' } },
    load: { ...SPEC.load, pace: { kind: 'share', ofBase: 0.3 } },
  });
  assert.equal(result.status, 'failed');
  assert.match(result.error ?? '', /nothing was acknowledged.*first record that failed: .*MESSAGE_TOO_LARGE/);
});

test('a generator that crashes fails its trial with its error, and the next trial runs', async () => {
  const path = join(directory, 'crash.mjs');
  writeFileSync(path, 'export default { partition() { process.exit(7); } };\n');
  const crashed = await run({ producer: { ...SPEC.producer, 'partitioner.class': path } });
  assert.equal(crashed.result.status, 'failed');
  assert.match(crashed.result.error ?? '', /exit|terminat/i);
  const next = await run({});
  assert.equal(next.result.error, null);
});

test('a trial that is interrupted ends soon, with INTERRUPTED', async () => {
  const controller = new AbortController();
  const running = run({ load: { ...SPEC.load, saturatedMs: 60_000 } }, controller.signal);
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(running, { kind: 'INTERRUPTED' });
  const next = await run({});
  assert.equal(next.result.error, null);
});

test('an unreachable cluster is a NETWORK error that names it', async () => {
  const opening = openTrialSession({
    target: { kind: 'kafka', bootstrapServers: '127.0.0.1:1' },
    runId: 'test',
    generators: 1,
    existingTopic: null,
    base: {},
    secrets: new Map(),
    onNote() {},
    signal: new AbortController().signal,
  });
  await assert.rejects(opening, { kind: 'NETWORK', message: /127\.0\.0\.1:1/ });
});
