import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PerfLoad } from '../../../bench/perf/perf-load.ts';
import type { Clock } from '../../../core/base/clock.ts';
import type { Producer } from '../../../core/producer/producer.ts';
import type { DeliveryCallback } from '../../../core/producer/types.ts';

const METADATA = { topic: 't', partition: 0, offset: 0, timestamp: 0 };

test('a record that is stuck keeps its latency, however many pass it by', async () => {
  let nowNs = 0;
  const clock = { nowNs: () => nowNs, defer: queueMicrotask, clearTimer: () => {} } as unknown as Clock;
  const taken: [DeliveryCallback, number][] = [];
  const producer = {
    bufferAvailableBytes: 1,
    send(_record: unknown, callback: DeliveryCallback, opaque: number) {
      // A microsecond for every record.
      nowNs += 1000;
      taken.push([callback, opaque]);
      return true;
    },
  } as unknown as Producer;
  const numRecords = (1 << 20) + 10_000;
  const value = Buffer.from('x');
  const load = new PerfLoad({
    ...{ clock, producer, topic: 't', payloads: () => value },
    ...{ numRecords, recordsPerSecond: null, warmupRecords: 0, reserveBytes: 1 },
    onSteadyState: () => {},
    signal: new AbortController().signal,
  });
  const settle = (callback: DeliveryCallback, opaque: number): void => {
    load.noteSettled({ settledNs: nowNs } as Parameters<PerfLoad['noteSettled']>[0]);
    callback(null, METADATA, opaque);
  };
  const running = load.run();
  const [stuck] = taken.splice(0, 1);
  while (load.sent < numRecords) {
    for (const one of taken.splice(0)) settle(...one);
    await null;
  }
  await running;
  for (const one of taken.splice(0)) settle(...one);
  settle(...stuck!);
  const tookMs = nowNs / 1e6;
  assert.equal(load.total.records, numRecords);
  assert.match(load.total.totalLine(nowNs), new RegExp(` ${tookMs.toFixed(2)} ms max latency`));
  load.total.destroy();
});
