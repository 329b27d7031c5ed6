import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TidemarkError } from '../../../core/base/errors.ts';
import type { LogConfig } from '../../../core/log/log-config.ts';
import { LogSegment } from '../../../core/log/log-segment.ts';
import { PartitionLog } from '../../../core/log/partition-log.ts';
import { restoreProducers } from '../../../core/log/producer-restore.ts';
import { ProducerStates } from '../../../core/log/producer-state.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FaultyStorage } from './faulty-storage.ts';
import { makeBatch, testConfig } from './log-fixture.ts';

const T0 = 1_700_000_000_000;

function batchOf(producerId: number, sequence: number, options: { epoch?: number; count?: number } = {}) {
  const batch = makeBatch(Array.from({ length: options.count ?? 1 }, () => T0));
  const state = { producerId, producerEpoch: options.epoch ?? 0, baseSequence: sequence };
  BatchView.patchProducerState(batch, 0, state);
  return batch;
}

function openLog(storage: FaultyStorage, overrides: Partial<LogConfig> = {}, maxProducers = 100) {
  return PartitionLog.open({
    storage,
    directory: 'events-0',
    config: testConfig(overrides),
    clock: new VirtualClock({ wallMs: T0 }),
    producerLimits: { maxProducers },
  });
}

const isKind = (kind: string) => (error: TidemarkError) => error.kind === kind;
const isOutOfOrder = isKind('OUT_OF_ORDER_SEQUENCE_NUMBER');

describe('ProducerStates', () => {
  it('keeps as many producers as it may, those that wrote last', () => {
    const states = new ProducerStates('events-0', { maxProducers: 100 });
    for (let id = 0; id < 1_000; id++) {
      states.appended(new BatchView(batchOf(id, 0)), T0 + id);
      if (id % 50 === 49) states.appended(new BatchView(batchOf(0, (id + 1) / 50)), T0 + id);
      assert.ok(states.size <= 100);
    }
    assert.ok(states.size > 80);
    assert.throws(() => states.check(new BatchView(batchOf(0, 99))), isOutOfOrder, 'the busy one is known');
    assert.throws(() => states.check(new BatchView(batchOf(999, 5))), isOutOfOrder);
    assert.equal(states.check(new BatchView(batchOf(1, 5))), null, 'a silent one is forgotten');
  });

  it('forgets who was silent for the whole expiration, and looks once in ten minutes', () => {
    const states = new ProducerStates('events-0', { expirationMs: 3_600_000 });
    states.appended(new BatchView(batchOf(1, 0)), T0);
    states.appended(new BatchView(batchOf(2, 0)), T0 + 1_000);
    states.forgetExpired(T0 + 3_599_999);
    assert.equal(states.size, 2);
    states.forgetExpired(T0 + 3_600_000);
    assert.equal(states.size, 2, 'looked a millisecond before');
    states.forgetExpired(T0 + 3_599_999 + 600_000);
    assert.equal(states.size, 0);
  });

  it('a new epoch forgets the batches of the one before', () => {
    const states = new ProducerStates('events-0');
    for (let sequence = 0; sequence < 7; sequence++) {
      states.appended(new BatchView(batchOf(1, sequence)), T0);
    }
    states.appended(new BatchView(batchOf(1, 0, { epoch: 1 })), T0);
    assert.throws(() => states.check(new BatchView(batchOf(1, 6, { epoch: 1 }))), isOutOfOrder);
    assert.throws(() => states.check(new BatchView(batchOf(1, 6))), isKind('INVALID_PRODUCER_EPOCH'));
    assert.equal(states.check(new BatchView(batchOf(1, 0, { epoch: 1 })))?.baseOffset, 0);
    for (let sequence = 1; sequence < 6; sequence++) {
      states.appended(new BatchView(batchOf(1, sequence, { epoch: 1 })), T0);
    }
    assert.throws(() => states.check(new BatchView(batchOf(1, 0, { epoch: 1 }))), isOutOfOrder);
    for (let sequence = 1; sequence < 6; sequence++) {
      assert.ok(states.check(new BatchView(batchOf(1, sequence, { epoch: 1 }))) !== null, `${sequence}`);
    }
  });
});

describe('PartitionLog: idempotent producers', () => {
  it('a batch that the disk refused leaves the sequence as it was', () => {
    const storage = new FaultyStorage();
    const log = openLog(storage);
    log.append(batchOf(1, 0), 0);
    storage.failAppend = /\.log$/;
    assert.throws(() => log.append(batchOf(1, 1), 0), isKind('KAFKA_STORAGE_ERROR'));
    assert.throws(() => log.append(batchOf(2, 7), 0), isKind('KAFKA_STORAGE_ERROR'));
    storage.failAppend = null;
    assert.throws(() => log.append(batchOf(1, 2), 0), isOutOfOrder);
    assert.equal(log.append(batchOf(1, 1), 0).baseOffset, 1);
    assert.equal(log.append(batchOf(2, 0), 0).isDuplicate, false);
  });

  it('a refused or duplicate batch is not written to, so that the client may be told of it as it was', () => {
    const log = openLog(new FaultyStorage());
    log.append(batchOf(1, 0), 0);
    for (const batch of [batchOf(1, 0), batchOf(1, 9)]) {
      const before = Buffer.from(batch);
      try {
        assert.equal(log.append(batch, 3).isDuplicate, true);
      } catch (error) {
        assert.ok(isOutOfOrder(error as TidemarkError));
      }
      assert.deepEqual(batch, before);
    }
    assert.equal(log.endOffset, 1);
  });

  for (const end of ['a clean shutdown', 'a kill'] as const) {
    it(`knows the last five batches again after ${end}, over segments`, () => {
      const storage = new FaultyStorage();
      const log = openLog(storage, { segmentBytes: 300 });
      for (let sequence = 0; sequence < 20; sequence += 2) log.append(batchOf(1, sequence, { count: 2 }), 0);
      log.append(batchOf(2, 0, { epoch: 4 }), 0);
      log.append(makeBatch([T0]), 0);
      assert.ok(log.segmentCount > 4);
      if (end === 'a clean shutdown') log.close();
      const again = openLog(storage.afterKill(), { segmentBytes: 300 });
      assert.equal(again.producerCount, 2);
      for (const sequence of [10, 12, 14, 16, 18]) {
        const { baseOffset, isDuplicate } = again.append(batchOf(1, sequence, { count: 2 }), 0);
        assert.deepEqual([baseOffset, isDuplicate], [sequence, true]);
      }
      assert.throws(() => again.append(batchOf(1, 8, { count: 2 }), 0), isOutOfOrder);
      assert.throws(() => again.append(batchOf(2, 1, { epoch: 3 }), 0), isKind('INVALID_PRODUCER_EPOCH'));
      assert.deepEqual(again.append(batchOf(1, 20), 0), {
        baseOffset: 22,
        logAppendTimeMs: -1,
        isDuplicate: false,
      });
    });
  }

  it('remembers the append time of a duplicate over a restart', () => {
    const storage = new FaultyStorage();
    const stamped = { messageTimestampType: 'LogAppendTime' } as const;
    const { logAppendTimeMs } = openLog(storage, stamped).append(batchOf(1, 0), 0);
    assert.equal(logAppendTimeMs, T0);
    const again = openLog(storage.afterKill(), stamped).append(batchOf(1, 0), 0);
    assert.deepEqual([again.isDuplicate, again.logAppendTimeMs], [true, T0]);
  });

  it('forgets a batch that recovery cut off, so that it can be sent again', () => {
    const storage = new FaultyStorage();
    const log = openLog(storage, { segmentBytes: 100_000 });
    for (let sequence = 0; sequence < 4; sequence++) log.append(batchOf(1, sequence), 0);
    const torn = storage.withTail('events-0/00000000000000000000.log', log.sizeBytes - 5, Buffer.alloc(0));
    const again = openLog(torn, { segmentBytes: 100_000 });
    assert.equal(again.endOffset, 3);
    assert.deepEqual(again.append(batchOf(1, 3), 0).isDuplicate, false);
    assert.equal(again.endOffset, 4);
  });
});

describe('restoreProducers', () => {
  it('looks through the end of a log alone when it is long: what it finds there is right', () => {
    const storage = new FaultyStorage();
    const log = openLog(storage, { segmentBytes: 1_000_000 });
    log.append(batchOf(1, 0), 0);
    for (let sequence = 0; sequence < 500; sequence++) log.append(batchOf(2, sequence), 0);
    log.close();
    const config = testConfig({ segmentBytes: 1_000_000 });
    const segment = new LogSegment({ storage, directory: 'events-0', config, baseOffset: 0, nowMs: T0 });
    assert.ok(segment.load(501));
    const states = new ProducerStates('events-0');
    restoreProducers(states, [segment], T0, 2_000);
    assert.equal(states.size, 1, 'producer 1 wrote long before');
    assert.equal(states.check(new BatchView(batchOf(2, 500))), null);
    assert.equal(states.check(new BatchView(batchOf(2, 499)))?.baseOffset, 500);
  });
});
