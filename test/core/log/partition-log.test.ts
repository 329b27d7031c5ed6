import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import type { LogConfig } from '../../../core/log/log-config.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';
import { PartitionLog } from '../../../core/log/partition-log.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { makeBatch, recordsOf, testConfig } from './log-fixture.ts';

const T0 = 1_700_000_000_000;

function openLog(overrides: Partial<LogConfig> = {}) {
  const storage = new MemoryStorage();
  const clock = new VirtualClock({ wallMs: T0 });
  const config = testConfig(overrides);
  const open = () => PartitionLog.open({ storage, directory: 'events-0', config, clock });
  return { storage, clock, open, log: open() };
}

describe('PartitionLog: append and read', () => {
  it('gives each batch the next offset and the leader epoch, in place, with the CRC still valid', () => {
    const { log } = openLog();
    const first = makeBatch([T0, T0, T0]);
    const second = makeBatch([T0]);
    assert.deepEqual(log.append(first, 7), { baseOffset: 0, logAppendTimeMs: -1, isDuplicate: false });
    assert.deepEqual(log.append(second, 8), { baseOffset: 3, logAppendTimeMs: -1, isDuplicate: false });
    const view = new BatchView(second);
    assert.deepEqual([view.baseOffset, view.partitionLeaderEpoch, view.isCrcValid()], [3, 8, true]);
    assert.deepEqual([log.startOffset, log.endOffset], [0, 4]);
    assert.equal(log.sizeBytes, first.length + second.length);
  });

  it('keeps a copy: the buffer may be used again', () => {
    const { log } = openLog();
    const batch = makeBatch([T0], { tag: 'kept' });
    log.append(batch, 0);
    batch.fill(0);
    assert.equal(recordsOf(log.read(0, 1000))[0]![2].slice(0, 4), 'kept');
  });

  it('reads whole batches from any offset, over segments, at most maxBytes but at least one', () => {
    const { log } = openLog();
    const size = makeBatch([T0, T0 + 1]).length;
    for (let index = 0; index < 40; index++) log.append(makeBatch([T0, T0 + 1], { tag: `b${index}` }), 0);
    assert.ok(log.segmentCount > 3);
    for (let offset = 0; offset < 80; offset++) {
      for (const maxBytes of [0, 1, size - 1, size, size * 3 + 5, 1e6]) {
        const chunks = log.read(offset, maxBytes);
        const records = recordsOf(chunks);
        const expectedBatches = Math.min(
          Math.max(1, Math.floor(maxBytes / size)),
          40 - Math.floor(offset / 2),
        );
        assert.equal(records[0]![0], offset - (offset % 2));
        assert.equal(records.length, expectedBatches * 2, `offset ${offset}, maxBytes ${maxBytes}`);
        assert.ok(records.every((record, index) => record[0] === records[0]![0] + index));
      }
    }
  });

  it('is empty at its end, and says which offsets it holds beyond', () => {
    const { log } = openLog();
    assert.deepEqual(log.read(0, 1000), []);
    log.append(makeBatch([T0]), 0);
    assert.deepEqual(log.read(1, 1000), []);
    for (const offset of [-1, 2]) {
      assert.throws(
        () => log.read(offset, 1000),
        (error) =>
          error instanceof TidemarkError &&
          error.kind === 'OFFSET_OUT_OF_RANGE' &&
          /0 to 1/.test(error.message),
      );
    }
  });

  it('reads large batches of the memory as views, one after the other without a gap', () => {
    const { log } = openLog({ segmentBytes: 1 << 24 });
    const batches = Array.from({ length: 30 }, (_, index) =>
      makeBatch([T0], { valueBytes: 1000 + index * 25_000 }),
    );
    for (const batch of batches) log.append(batch, 0);
    assert.ok(Buffer.concat(log.read(0, 1 << 26)).equals(Buffer.concat(batches)));
    for (const [offset, batch] of batches.entries()) assert.ok(log.read(offset, 1)[0]!.equals(batch));
  });

  it('refuses batches larger than max.message.bytes and than a segment', () => {
    const { log } = openLog({ maxMessageBytes: 2000 });
    const kindOf = (valueBytes: number) => {
      try {
        log.append(makeBatch([T0], { valueBytes }), 0);
        return null;
      } catch (error) {
        return (error as TidemarkError).kind;
      }
    };
    assert.deepEqual(
      [kindOf(3000), kindOf(1500), kindOf(800)],
      ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', null],
    );
    assert.equal(log.endOffset, 1);
  });

  it('stamps batches with the time of the append under LogAppendTime, with a new CRC', () => {
    const { log, clock } = openLog({ messageTimestampType: 'LogAppendTime' });
    const batch = makeBatch([1, 2]);
    assert.deepEqual(log.append(batch, 0), {
      baseOffset: 0,
      logAppendTimeMs: clock.wallMs(),
      isDuplicate: false,
    });
    const view = new BatchView(batch);
    assert.deepEqual([view.timestampType, view.isCrcValid()], ['LogAppendTime', true]);
    assert.deepEqual(
      recordsOf(log.read(0, 1000)).map((record) => record[1]),
      [T0, T0],
    );
    assert.deepEqual(log.offsetForTimestamp(T0), { offset: 0, timestampMs: T0 });
  });

  it('takes nothing after close, and closes twice', () => {
    const { log } = openLog();
    log.close();
    log.close();
    assert.throws(() => log.append(makeBatch([T0]), 0), /closed/);
  });

  it('opens again where it was closed, records, sizes and timestamps', () => {
    const { log, open } = openLog();
    for (let index = 0; index < 30; index++) log.append(makeBatch([T0 + index], { tag: `b${index}` }), 0);
    const before = recordsOf(log.read(0, 1e6));
    const { sizeBytes, segmentCount } = log;
    log.close();
    const again = open();
    assert.deepEqual(
      [again.damage, again.endOffset, again.sizeBytes, again.segmentCount],
      [null, 30, sizeBytes, segmentCount],
    );
    assert.deepEqual(recordsOf(again.read(0, 1e6)), before);
    assert.deepEqual(again.maxTimestampOffset(), { offset: 29, timestampMs: T0 + 29 });
    again.append(makeBatch([T0 + 30]), 0);
    assert.equal(again.endOffset, 31);
  });

  it('leaves nothing behind when deleted', () => {
    const { log, storage } = openLog();
    log.append(makeBatch([T0]), 0);
    log.delete();
    assert.equal(storage.exists('events-0'), false);
  });
});

describe('PartitionLog: timestamps', () => {
  it('finds the first record at or after a time, inside batches and out of order, compressed or not', () => {
    for (const compression of ['none', 'gzip', 'lz4'] as const) {
      const { log } = openLog();
      const times: number[] = [];
      for (let index = 0; index < 60; index++) {
        // Every fifth batch is late, so the largest time so far is not the last.
        const base = T0 + index * 10 - (index % 5 === 0 ? 200 : 0);
        const batch = [base, base + 4, base + 2];
        times.push(...batch);
        log.append(makeBatch(batch, { compression }), 0);
      }
      for (let target = T0 - 210; target < T0 + 610; target += 3) {
        const offset = times.findIndex((time) => time >= target);
        const expected = offset < 0 ? null : { offset, timestampMs: times[offset] };
        assert.deepEqual(log.offsetForTimestamp(target), expected, `${compression} ${target - T0}`);
      }
      const largest = Math.max(...times);
      assert.deepEqual(log.maxTimestampOffset(), { offset: times.indexOf(largest), timestampMs: largest });
    }
  });

  it('has no largest timestamp without records', () => {
    const { log } = openLog();
    assert.equal(log.maxTimestampOffset(), null);
    assert.equal(log.offsetForTimestamp(0), null);
  });
});

describe('PartitionLog: segments and retention', () => {
  it('rolls by size before the batch that does not fit, never beyond segment.bytes', () => {
    const { log, storage } = openLog();
    const size = makeBatch([T0]).length;
    const perSegment = Math.floor(1000 / size);
    for (let index = 0; index < perSegment * 3; index++) log.append(makeBatch([T0]), 0);
    const names = storage.list('events-0').filter((name) => name.endsWith('.log'));
    assert.deepEqual(
      names,
      [0, 1, 2].map((index) => `${String(index * perSegment).padStart(20, '0')}.log`),
    );
  });

  it('rolls when the records are segment.ms older than the first of the segment', () => {
    const { log } = openLog({ segmentMs: 1000 });
    log.append(makeBatch([T0]), 0);
    log.append(makeBatch([T0 + 1000]), 0);
    assert.equal(log.segmentCount, 1);
    log.append(makeBatch([T0 + 1001]), 0);
    assert.equal(log.segmentCount, 2);
  });

  it('rolls when an index is full', () => {
    const { log } = openLog({ segmentBytes: 1 << 20, indexIntervalBytes: 0, segmentIndexBytes: 24 });
    for (let index = 0; index < 10; index++) log.append(makeBatch([T0 + index]), 0);
    assert.ok(log.segmentCount >= 3);
    assert.equal(recordsOf(log.read(0, 1e6)).length, 10);
  });

  it('writes indexes in the format of Kafka: last offset and position, largest time and its offset', () => {
    const { log, storage } = openLog({ segmentBytes: 1 << 20, indexIntervalBytes: 150 });
    const size = makeBatch([T0]).length;
    // An entry is due once more than 150 bytes came since the last: every second batch of this size.
    for (const time of [5, 9, 7, 8, 12, 11]) log.append(makeBatch([T0 + time]), 0);
    assert.ok(size > 75 && size < 150);
    log.close();
    const index = storage.open(`events-0/${'0'.repeat(20)}.index`).read(0, 100);
    const times = storage.open(`events-0/${'0'.repeat(20)}.timeindex`).read(0, 100);
    assert.deepEqual(
      Array.from({ length: index.length / 8 }, (_, at) => [
        index.readInt32BE(at * 8),
        index.readInt32BE(at * 8 + 4),
      ]),
      [
        [2, 2 * size],
        [4, 4 * size],
      ],
    );
    assert.deepEqual(
      Array.from({ length: times.length / 12 }, (_, at) => [
        Number(times.readBigInt64BE(at * 12)) - T0,
        times.readInt32BE(at * 12 + 8),
      ]),
      [
        [9, 1],
        [12, 4],
      ],
    );
  });

  it('deletes the oldest segments beyond retention.bytes and keeps at least that much', () => {
    const { log } = openLog({ retentionBytes: 2500 });
    for (let index = 0; index < 200; index++) log.append(makeBatch([T0]), 0);
    log.enforceRetention();
    assert.ok(log.sizeBytes >= 2500 && log.sizeBytes < 3500, `${log.sizeBytes}`);
    assert.ok(log.startOffset > 100);
    assert.equal(recordsOf(log.read(log.startOffset, 1e6)).length, 200 - log.startOffset);
    assert.throws(() => log.read(0, 100), /OFFSET|holds/);
  });

  it('deletes a segment once what is left is exactly retention.bytes', () => {
    const size = makeBatch([T0]).length;
    const perSegment = Math.floor(1000 / size);
    const { log } = openLog({ retentionBytes: perSegment * size * 2 });
    for (let index = 0; index < perSegment * 3; index++) log.append(makeBatch([T0]), 0);
    log.enforceRetention();
    assert.deepEqual([log.startOffset, log.segmentCount], [perSegment, 2]);
  });

  it('deletes segments older than retention.ms, at last the one that grows, and goes on from the same offset', async () => {
    const { log, clock } = openLog({ retentionMs: 60_000 });
    for (let index = 0; index < 100; index++) log.append(makeBatch([T0 + index * 1000]), 0);
    await clock.advance(100_000);
    log.enforceRetention();
    assert.ok(log.startOffset > 20 && log.startOffset <= 40, `${log.startOffset}`);
    await clock.advance(100_000);
    log.enforceRetention();
    assert.deepEqual([log.startOffset, log.endOffset, log.sizeBytes, log.segmentCount], [100, 100, 0, 1]);
    assert.equal(log.append(makeBatch([T0]), 0).baseOffset, 100);
  });

  it('starts after what retention deleted when it is opened again', () => {
    const { log, open } = openLog({ retentionBytes: 1000 });
    for (let index = 0; index < 50; index++) log.append(makeBatch([T0]), 0);
    log.enforceRetention();
    const { startOffset } = log;
    log.close();
    assert.equal(open().startOffset, startOffset);
    assert.ok(startOffset > 0);
  });
});
