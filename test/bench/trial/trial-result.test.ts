import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measurements } from '../../../bench/trial/measure-trial.ts';
import { trialResult } from '../../../bench/trial/trial-result.ts';
import { LatencyHistogram } from '../../../reports/measure/latency-histogram.ts';
import type { GeneratorReport, SaturatedReport } from '../../../workers/generator-protocol.ts';
import type { TrialSpec } from '../../../workers/trial-spec.ts';

const SPEC: TrialSpec = {
  id: 'r1-base-1',
  round: 1,
  factor: null,
  level: null,
  producer: { acks: 'all' },
  topic: { name: 't', exists: false, partitions: 1, replicationFactor: 1, configs: {} },
  workload: {
    payload: { kind: 'json', poolSize: 1 },
    keys: { kind: 'none' },
    headers: [],
    stamp: 'header',
    send: 'callback',
  },
  load: {
    generators: 2,
    warmupMs: 0,
    saturatedMs: 500,
    pacedMs: 0,
    pace: { kind: 'rate', recordsPerSecond: 1 },
  },
  verify: 'full',
  seed: 1,
};
const FRAME = {
  spec: SPEC,
  topicName: 't-1',
  target: { kind: 'embedded', brokers: 1 },
  startedAt: '2026-01-01T00:00:00.000Z',
} as const;
const CLEAN = { findings: { lost: 0, duplicated: 0, reordered: 0, corrupted: 0 }, notes: [] };

function latencyBytes(): Uint8Array {
  const histogram = new LatencyHistogram();
  histogram.record(1_000_000);
  const bytes = histogram.toBytes();
  histogram.destroy();
  return bytes;
}

function saturated(windowRecords: number): SaturatedReport {
  return {
    work: {
      records: 1000,
      batches: 10,
      requests: 5,
      uncompressedBytes: 200_000,
      compressedBytes: 50_000,
      cpuNs: 500_000,
    },
    bursts: { count: 4, records: 1000, max: 256 },
    latency: latencyBytes(),
    intervals: [],
    windowRecords,
    windowRecordBytes: windowRecords * 100,
    windowWireBytes: windowRecords * 110,
    windowNs: 5e8,
    cutShort: false,
    firstError: null,
  };
}

function generator(failed = 0): GeneratorReport {
  return {
    sent: 1000,
    acknowledged: 1000 - failed,
    failed,
    failedSequences: new Float64Array(failed),
    firstError: failed > 0 ? 'the broker said no' : null,
    partitionRecords: Float64Array.of(1000 - failed),
    partitionBytes: Float64Array.of(100_000),
    retries: 2,
    throttleTimeMs: 0,
  };
}

function measured(windowRecords: number, failed = 0): Measurements {
  return {
    saturated: [saturated(windowRecords), saturated(windowRecords)],
    paced: null,
    pacedRate: null,
    generators: [generator(failed), generator()],
    startNs: 0,
  };
}

test('rates and work of all generators are summed, per record where they are divided', () => {
  const result = trialResult(FRAME, measured(500), CLEAN, 1);
  assert.equal(result.status, 'ok');
  assert.deepEqual(result.throughput, {
    recordsPerSecond: 2000,
    megabytesPerSecond: 0.2,
    wireBytesPerSecond: 220_000,
  });
  assert.equal(result.batches.compressionRatio, 0.25);
  assert.equal(result.batches.meanRecords, 100);
  assert.equal(result.cpuNsPerRecord, 500);
  assert.deepEqual(result.burst, { mean: 250, max: 256 });
  assert.deepEqual(result.partitions, [{ partition: 0, records: 2000, bytes: 200_000 }]);
});

test('a saturated window in which nothing was acknowledged has no throughput, and says so', () => {
  const result = trialResult(FRAME, measured(0), CLEAN, 1);
  assert.deepEqual(result.throughput, {
    recordsPerSecond: null,
    megabytesPerSecond: null,
    wireBytesPerSecond: null,
  });
  assert.match(result.notes.join(), /nothing was acknowledged inside the saturated window/);
});

test('failed sends fail the trial with the first reason', () => {
  const result = trialResult(FRAME, measured(500, 3), CLEAN, 1);
  assert.equal(result.status, 'failed');
  assert.match(result.error ?? '', /^3 records failed, the first with: the broker said no/);
});

test('any finding of the verification fails the trial; what acks=0 lost does not', () => {
  const lost = { findings: { ...CLEAN.findings, lost: 2 }, notes: [] };
  assert.match(trialResult(FRAME, measured(500), lost, 1).error ?? '', /2 lost/);
  const unanswered = { ...FRAME, spec: { ...SPEC, producer: { acks: '0' } } };
  assert.equal(trialResult(unanswered, measured(500), lost, 1).status, 'ok');
  for (const name of ['duplicated', 'reordered', 'corrupted'] as const) {
    const findings = { ...CLEAN.findings, [name]: 1 };
    assert.equal(trialResult(unanswered, measured(500), { findings, notes: [] }, 1).status, 'failed', name);
  }
});
