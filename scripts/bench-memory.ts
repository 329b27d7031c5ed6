/**
 * `npm run bench:memory`: 60 s of one producer at full rate against the embedded cluster in memory, with 1 GiB of
 * retention in all. Prints the RSS of the whole process (cluster, generator and this thread) every 5 s, and fails when
 * it grew by more than 10 % after the first 10 s, or when the producer ever held more than its buffer.memory.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openTrialSession } from '../bench/trial/session.ts';

const MIB = 1024 * 1024;
const ALLOWED_GROWTH = 1.1;
const SETTLE_SECONDS = 10;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, 'record-size': { type: 'string', default: '100' } },
});
const seconds = Number(values.seconds);
const session = await openTrialSession({
  target: { kind: 'embedded', brokers: 1 },
  runId: 'memory',
  generators: 1,
  existingTopic: null,
  base: {},
  secrets: new Map(),
  onNote() {},
  signal: new AbortController().signal,
});
const samples: { second: number; rssBytes: number }[] = [];
let isDone = false;
const running = session.runTrial(
  {
    id: 'memory',
    round: 1,
    factor: null,
    level: null,
    producer: {
      acks: '1',
      'batch.size': '65536',
      'linger.ms': '5',
      'compression.type': 'none',
      'buffer.memory': '33554432',
      'partitioner.class': 'uniform-sticky',
    },
    topic: { name: 'memory', exists: false, partitions: 3, replicationFactor: 1, configs: {} },
    workload: {
      payload: { kind: 'fixed', sizeBytes: Number(values['record-size']), poolSize: 1024 },
      keys: { kind: 'none' },
      headers: [],
      stamp: 'value',
      send: 'callback',
    },
    load: {
      generators: 1,
      warmupMs: 500,
      saturatedMs: seconds * 1000,
      pacedMs: 0,
      pace: { kind: 'rate', recordsPerSecond: 1 },
    },
    verify: 'offsets',
    seed: 1,
  },
  { pacedRate: null, onProgress() {}, signal: new AbortController().signal },
);
running.finally(() => {
  isDone = true;
});
for (let second = 1; !isDone; second++) {
  await sleep(1000);
  samples.push({ second, rssBytes: process.memoryUsage.rss() });
  if (second % 5 === 0)
    console.log(`${String(second).padStart(4)} s  RSS ${(samples.at(-1)!.rssBytes / MIB).toFixed(0)} MiB`);
}
const { result } = await running;
await session.close();
const settled = samples
  .filter(({ second }) => second >= SETTLE_SECONDS && second <= seconds)
  .map(({ rssBytes }) => rssBytes);
const growth = Math.max(...settled) / settled[0]!;
console.log(
  `${((result.throughput.recordsPerSecond ?? 0) / 1e6).toFixed(2)} M records/s, ${result.throughput.megabytesPerSecond?.toFixed(0)} MB/s; ${result.status} ${result.error ?? ''}`,
);
console.log(
  `RSS after ${SETTLE_SECONDS} s: ${(settled[0]! / MIB).toFixed(0)} MiB, at most ${(Math.max(...settled) / MIB).toFixed(0)} MiB: ${((growth - 1) * 100).toFixed(1)} %`,
);
process.exitCode = growth <= ALLOWED_GROWTH && result.status === 'ok' ? 0 : 1;
