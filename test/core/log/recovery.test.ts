import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { SeededRandom } from '../../../core/base/random.ts';
import type { LogConfig } from '../../../core/log/log-config.ts';
import { PartitionLog } from '../../../core/log/partition-log.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FaultyStorage } from './faulty-storage.ts';
import { makeBatch, recordsOf, testConfig } from './log-fixture.ts';

const T0 = 1_700_000_000_000;
const LOG_0 = `t-0/${'0'.repeat(20)}.log`;

function openOn(storage: FaultyStorage, overrides: Partial<LogConfig> = {}, clock = new VirtualClock()) {
  return PartitionLog.open({ storage, directory: 't-0', config: testConfig(overrides), clock });
}

function appendTo(log: PartitionLog, count: number): void {
  for (let index = 0; index < count; index++) {
    const offset = log.endOffset;
    log.append(makeBatch([T0 + offset, T0 + offset + 1], { tag: `r${offset}` }), 0);
  }
}

function isStorageError(error: unknown): boolean {
  return error instanceof TidemarkError && error.kind === 'KAFKA_STORAGE_ERROR' && error.retriable;
}

describe('recovery', () => {
  it('holds after a cut at every byte of the log the whole batches before it', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage);
    appendTo(log, 6);
    const bytes = storage.bytesOf(LOG_0);
    const batchBytes = bytes.length / 6;
    for (let cut = 0; cut <= bytes.length; cut++) {
      for (const tail of [Buffer.alloc(0), Buffer.alloc(70), Buffer.alloc(5, 0x7f)]) {
        const onDisk = Buffer.concat([bytes.subarray(0, cut), tail]);
        const recovered = openOn(storage.withTail(LOG_0, 0, onDisk));
        // A tail of zeros may happen to complete a batch.
        let whole = 6;
        while (!onDisk.subarray(0, whole * batchBytes).equals(bytes.subarray(0, whole * batchBytes))) whole--;
        assert.ok(whole >= Math.floor(cut / batchBytes));
        assert.equal(recovered.endOffset, whole * 2, `cut at ${cut}`);
        assert.equal(recovered.sizeBytes, whole * batchBytes);
        assert.equal(recovered.damage === null, onDisk.length === whole * batchBytes);
        appendTo(recovered, 1);
        assert.equal(recordsOf(recovered.read(0, 1e6)).length, whole * 2 + 2);
      }
    }
  });

  it('ends before a flipped bit anywhere that the CRC or the offsets cover, and drops later segments', () => {
    const storage = new FaultyStorage();
    appendTo(openOn(storage), 30);
    // Without a checkpoint everything is read.
    storage.remove('t-0/log-checkpoint');
    const bytes = storage.bytesOf(LOG_0);
    const batchBytes = makeBatch([T0, T0 + 1], { tag: 'r0' }).length;
    for (let at = batchBytes; at < 3 * batchBytes; at++) {
      // The leader epoch is covered by neither.
      if (at % batchBytes >= 12 && at % batchBytes < 16) continue;
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 0x10;
      const damaged = storage.withTail(LOG_0, 0, flipped);
      const log = openOn(damaged);
      assert.equal(log.endOffset, Math.floor(at / batchBytes) * 2, `byte ${at}`);
      assert.match(log.damage!, /segment 0/);
      assert.deepEqual(
        damaged.list('t-0').filter((name) => name.endsWith('.log')),
        [`${'0'.repeat(20)}.log`],
      );
    }
  });

  it('reads only from the recovery point on, which follows the segments that were synced', () => {
    const storage = new FaultyStorage();
    appendTo(openOn(storage), 30);
    const bytes = Buffer.from(storage.bytesOf(LOG_0));
    bytes[100]! ^= 1;
    // The damage is older than the recovery point, so nobody looks.
    assert.equal(openOn(storage.withTail(LOG_0, 0, bytes)).endOffset, 60);
  });

  it('keeps everything that was flushed when the power fails while closed segments are still on their way', () => {
    const storage = new FaultyStorage();
    storage.holdsBackgroundSyncs = true;
    const log = openOn(storage);
    appendTo(log, 30);
    log.flush();
    appendTo(log, 2);
    const survivor = openOn(
      storage.afterPowerCut({ nextUint32: () => 0, nextDouble: () => 0, nextBelow: () => 0 }),
    );
    assert.equal(survivor.endOffset, 60);
  });

  it('moves the recovery point only over segments that are all synced, in whatever order the syncs end', () => {
    const storage = new FaultyStorage();
    storage.holdsBackgroundSyncs = true;
    const log = openOn(storage);
    appendTo(log, 30);
    // The newest closed segment is on the disk, the older ones are not.
    storage.finishSyncs(3);
    assert.equal(storage.exists('t-0/log-checkpoint'), false);
    storage.finishSyncs();
    const activeBase = Number(
      storage
        .list('t-0')
        .findLast((name) => name.endsWith('.log'))!
        .slice(0, 20),
    );
    assert.equal(storage.bytesOf('t-0/log-checkpoint').toString(), `0\n${activeBase}\n0\nend\n`);
  });

  it('keeps what was flushed when the power fails amid a deletion and brings some segments back', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage, { retentionBytes: 1000 });
    appendTo(log, 60);
    log.flush();
    log.enforceRetention();
    assert.ok(log.startOffset > 60);
    for (let seed = 0; seed < 100; seed++) {
      const survivor = openOn(storage.afterPowerCut(new SeededRandom(seed)));
      assert.equal(survivor.endOffset, 120, `seed ${seed}`);
    }
  });

  it('makes lost or damaged indexes anew, after a clean shutdown too', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage);
    appendTo(log, 30);
    log.close();
    const clean = storage.afterKill();
    const indexPath = LOG_0.replace('.log', '.index');
    const timeIndexPath = LOG_0.replace('.log', '.timeindex');
    const without = (disk: FaultyStorage, path: string) => {
      disk.remove(path);
      return disk;
    };
    const damages: ((disk: FaultyStorage) => FaultyStorage)[] = [
      (disk) => without(disk, indexPath),
      (disk) => without(disk, timeIndexPath),
      (disk) => disk.withTail(indexPath, 3, Buffer.alloc(0)),
      (disk) => disk.withTail(timeIndexPath, 12, Buffer.alloc(24)),
      (disk) => disk.withTail(indexPath, 8, Buffer.from('7fffffff7fffffff', 'hex')),
    ];
    for (const damage of damages) {
      const again = openOn(damage(clean.afterKill()));
      assert.equal(again.endOffset, 60);
      for (let offset = 0; offset < 60; offset++) {
        assert.equal(recordsOf(again.read(offset, 1))[offset % 2]![0], offset);
        assert.equal(again.offsetForTimestamp(T0 + offset)!.timestampMs, T0 + offset);
      }
    }
  });

  it('does not trust the marker of a clean shutdown that does not fit the log', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage);
    appendTo(log, 4);
    log.close();
    const again = openOn(storage.withTail(LOG_0, storage.bytesOf(LOG_0).length - 1, Buffer.alloc(0)));
    assert.equal(again.endOffset, 6);
    assert.ok(again.damage !== null);
  });

  it('clears away indexes without a log', () => {
    const storage = new FaultyStorage();
    openOn(storage).close();
    storage.open('t-0/00000000000000000777.index').append(Buffer.alloc(8));
    openOn(storage);
    assert.equal(storage.exists('t-0/00000000000000000777.index'), false);
  });
});

describe('a disk that refuses', () => {
  it('leaves no part of a batch behind when the disk is full, keeps the rest readable, and goes on with room', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage);
    appendTo(log, 3);
    storage.capacityBytes = 0;
    assert.throws(() => appendTo(log, 1), isStorageError);
    assert.deepEqual([log.endOffset, recordsOf(log.read(0, 1e6)).length], [6, 6]);
    assert.equal(openOn(storage.afterKill()).endOffset, 6);
    storage.capacityBytes = 1e9;
    appendTo(log, 1);
    assert.deepEqual(
      recordsOf(log.read(0, 1e6)).map((record) => record[0]),
      [0, 1, 2, 3, 4, 5, 6, 7],
    );
  });

  it('fails the append, and nothing else, when a roll cannot write its index or open the next segment', () => {
    for (const fault of ['index', 'open'] as const) {
      const storage = new FaultyStorage();
      const log = openOn(storage);
      while (log.sizeBytes + 105 <= 1000) appendTo(log, 1);
      const { endOffset } = log;
      if (fault === 'index') storage.failAppend = /index$/;
      else storage.failOpen = /\.log$/;
      assert.throws(() => appendTo(log, 3), isStorageError);
      const reached = log.endOffset;
      assert.ok(reached >= endOffset && log.segmentCount === 1);
      storage.failAppend = null;
      storage.failOpen = null;
      appendTo(log, 3);
      assert.equal(log.segmentCount, 2);
      assert.equal(recordsOf(log.read(0, 1e6)).length, reached + 6);
      log.close();
      assert.equal(openOn(storage).damage, null);
    }
  });

  it('takes no more after a sync that failed, until it is opened again', () => {
    const storage = new FaultyStorage();
    const log = openOn(storage, { flushMessages: 2 });
    appendTo(log, 1);
    storage.failSync = /\.log$/;
    assert.throws(() => appendTo(log, 1), isStorageError);
    storage.failSync = null;
    assert.throws(() => appendTo(log, 1), isStorageError);
    assert.ok(recordsOf(log.read(0, 1e6)).length >= 2);
    log.close();
    const again = openOn(storage.afterKill());
    appendTo(again, 1);
  });

  it('takes no more after the sync of a closed segment failed in the background', () => {
    const storage = new FaultyStorage();
    storage.holdsBackgroundSyncs = true;
    const log = openOn(storage);
    appendTo(log, 12);
    storage.failSync = /\.log$/;
    storage.finishSyncs();
    assert.throws(() => appendTo(log, 1), isStorageError);
  });

  it('reports a directory that cannot be opened as KAFKA_STORAGE_ERROR', () => {
    const storage = new FaultyStorage();
    storage.failOpen = /./;
    assert.throws(() => openOn(storage), isStorageError);
  });
});

describe('flushing', () => {
  it('syncs after flush.messages records, and after flush.ms by itself', async () => {
    const byCount = new FaultyStorage();
    const counted = openOn(byCount, { flushMessages: 4 });
    appendTo(counted, 1);
    assert.equal(byCount.syncCount, 0);
    appendTo(counted, 1);
    assert.equal(byCount.syncCount, 1);

    const byTime = new FaultyStorage();
    const clock = new VirtualClock();
    const timed = openOn(byTime, { flushMs: 500 }, clock);
    appendTo(timed, 1);
    await clock.advance(499);
    assert.equal(byTime.syncCount, 0);
    await clock.advance(1);
    assert.equal(byTime.syncCount, 1);
    appendTo(timed, 1);
    timed.close();
    assert.equal(clock.pendingTimers, 0);
  });
});
