import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Measurements } from '../../../bench/trial/measure-trial.ts';
import { pacedOf, partitionsOf, queuesOf } from '../../../bench/trial/paced-figures.ts';
import { PartitionLatencies } from '../../../reports/measure/partition-latencies.ts';
import type { GeneratorReport, PacedReport } from '../../../workers/generator-protocol.ts';
import type { TrialSpec } from '../../../workers/trial-spec.ts';

const NONE = { windowRecords: 0, windowNs: 0, partitionLatencies: null, queues: [] };

function paced(...parts: Partial<PacedReport>[]): PacedReport[] {
  return parts.map((part) => ({ ...NONE, ...part }) as PacedReport);
}

test('what was acknowledged per second is summed over generators, each over its own window', () => {
  const reports = paced({ windowRecords: 500, windowNs: 1e9 }, { windowRecords: 200, windowNs: 5e8 });
  const measured = { paced: reports, pacedRate: 1000 } as unknown as Measurements;
  assert.deepEqual(pacedOf(measured), { offeredRecordsPerSecond: 1000, achievedRecordsPerSecond: 900 });
});

test('without a window, or without the phase, there is no such figure', () => {
  assert.equal(pacedOf({ paced: null, pacedRate: null } as unknown as Measurements), null);
  assert.equal(pacedOf({ paced: paced({}), pacedRate: 5 } as unknown as Measurements), null);
});

test('latencies by partition are merged over generators; each needs ten batches beyond it', () => {
  const latencies = [0, 1].map(() => new PartitionLatencies(3));
  for (let index = 0; index < 500; index++) for (const one of latencies) one.record(0, 2e6);
  latencies[1]!.record(1, 7e6);
  const generator = {
    partitionRecords: Float64Array.of(1, 2, 3),
    partitionBytes: Float64Array.of(10, 20, 30),
  } as GeneratorReport;
  const reports = paced(...latencies.map(({ counts }) => ({ partitionLatencies: counts })));
  const [first, second, third] = partitionsOf([generator, generator], 3, {
    paced: reports,
    recordsPerBatch: 1,
  });
  assert.deepEqual([first!.records, first!.bytes], [2, 20]);
  assert.ok(Math.abs(first!.latencyMs!.p99! / 2 - 1) < 0.016);
  assert.deepEqual(second!.latencyMs, { p50: null, p90: null, p99: null });
  const [batched] = partitionsOf([generator, generator], 3, { paced: reports, recordsPerBatch: 10 });
  assert.equal(batched!.latencyMs!.p99, null, '100 batches of 10 records');
  assert.ok(Math.abs(batched!.latencyMs!.p90! / 2 - 1) < 0.016);
  assert.equal(third!.latencyMs, null);
  assert.ok(!('latencyMs' in partitionsOf([generator], 3, { paced: null, recordsPerBatch: 1 })[0]!));
});

test('queues are summed over generators, as far as all of them looked', () => {
  const spec = { topic: { partitions: 2 }, load: { pacedMs: 1000 } } as TrialSpec;
  const reports = paced(
    {
      queues: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    },
    {
      queues: [
        [10, 20],
        [30, 40],
      ],
    },
  );
  assert.deepEqual(queuesOf(reports, spec), {
    atMs: [0, 100],
    perPartition: [
      [11, 33],
      [22, 44],
    ],
  });
  assert.equal(queuesOf(null, spec), null);
  assert.equal(queuesOf(paced({}), spec), null);
});
