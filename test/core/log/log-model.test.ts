import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { SeededRandom } from '../../../core/base/random.ts';
import { PartitionLog } from '../../../core/log/partition-log.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { FaultyStorage } from './faulty-storage.ts';
import { makeBatch, recordsOf, testConfig } from './log-fixture.ts';

const T0 = 1_700_000_000_000;

type Step =
  | { kind: 'append'; times: number[]; compressed: boolean }
  | { kind: 'refused' | 'flush' | 'reopen' | 'kill' | 'retention' | 'syncsEnd' }
  | { kind: 'powerCut'; seed: number }
  | { kind: 'read'; at: number; maxBytes: number }
  | { kind: 'seekTime'; timeMs: number };

// Few different times, so that the largest comes more than once.
const time = fc.integer({ min: 0, max: 30 }).map((offset) => T0 + offset);
const append = fc.record({
  kind: fc.constant('append' as const),
  times: fc.array(time, { minLength: 1, maxLength: 6 }),
  compressed: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: append },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('refused', 'flush', 'reopen', 'kill', 'retention', 'syncsEnd'),
    }) as fc.Arbitrary<Step>,
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('powerCut' as const), seed: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      at: fc.nat({ max: 1000 }),
      maxBytes: fc.nat({ max: 1500 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seekTime' as const), timeMs: time }) },
);

/** What the log must hold: the time of each record, by offset, and where batches begin. */
class Model {
  times: number[] = [];
  batchStarts: number[] = [];
  flushedEnd = 0;
  storage = new FaultyStorage();
  log: PartitionLog;
  readonly #config = testConfig({ segmentBytes: 600, indexIntervalBytes: 150, retentionBytes: 1200 });
  readonly #clock = new VirtualClock({ wallMs: T0 });

  constructor(holdsSyncs: boolean) {
    this.storage.holdsBackgroundSyncs = holdsSyncs;
    this.log = this.open();
  }

  open(): PartitionLog {
    return PartitionLog.open({
      storage: this.storage,
      directory: 't-0',
      config: this.#config,
      clock: this.#clock,
    });
  }

  run(each: Step): void {
    switch (each.kind) {
      case 'append':
        this.append(each.times, each.compressed);
        break;
      case 'refused':
        this.storage.capacityBytes = 0;
        assert.throws(() => this.log.append(makeBatch([T0]), 0));
        this.storage.capacityBytes = Number.POSITIVE_INFINITY;
        break;
      case 'flush':
        this.log.flush();
        this.flushedEnd = this.log.endOffset;
        break;
      case 'retention':
        this.log.enforceRetention();
        break;
      case 'syncsEnd':
        // One segment syncs three files.
        this.storage.finishSyncs(3);
        break;
      case 'reopen':
        this.log.close();
        this.log = this.open();
        assert.equal(this.log.damage, null);
        this.flushedEnd = this.log.endOffset;
        break;
      case 'kill':
        this.crash(this.storage.afterKill(), this.times.length);
        break;
      case 'powerCut':
        this.crash(this.storage.afterPowerCut(new SeededRandom(each.seed)), this.flushedEnd);
        break;
      case 'read':
        this.checkRead(each.at, each.maxBytes);
        break;
      case 'seekTime':
        this.checkTime(each.timeMs);
        break;
    }
  }

  append(times: number[], compressed: boolean): void {
    const batch = makeBatch(times, {
      compression: compressed ? 'lz4' : 'none',
      tag: `at ${this.times.length}`,
    });
    assert.equal(this.log.append(batch, 0).baseOffset, this.times.length);
    this.batchStarts.push(this.times.length);
    this.times.push(...times);
  }

  crash(disk: FaultyStorage, atLeast: number): void {
    disk.holdsBackgroundSyncs = this.storage.holdsBackgroundSyncs;
    this.storage = disk;
    this.log = this.open();
    const { endOffset } = this.log;
    assert.ok(endOffset >= atLeast, `${endOffset} of at least ${atLeast} recovered`);
    assert.ok(
      endOffset === this.times.length || this.batchStarts.includes(endOffset),
      `torn at ${endOffset}`,
    );
    this.times.length = endOffset;
    this.batchStarts = this.batchStarts.filter((start) => start < endOffset);
    this.flushedEnd = endOffset;
  }

  checkRead(at: number, maxBytes: number): void {
    const { startOffset, endOffset } = this.log;
    const offset = startOffset + (at % (endOffset - startOffset + 1));
    const chunks = this.log.read(offset, maxBytes);
    const records = recordsOf(chunks);
    if (offset === endOffset) {
      assert.equal(records.length, 0);
      return;
    }
    const start = this.batchStarts.findLast((each) => each <= offset);
    assert.equal(records[0]![0], start);
    for (const [index, [recordOffset, recordTime, value]] of records.entries()) {
      assert.equal(recordOffset, start! + index);
      assert.equal(recordTime, this.times[recordOffset]);
      const batchStart = this.batchStarts.findLast((each) => each <= recordOffset);
      assert.equal(value.replaceAll('v', ''), `at ${batchStart}`);
    }
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const isOneBatch = !this.batchStarts.some((each) => each > start! && each < start! + records.length);
    assert.ok(bytes <= maxBytes || isOneBatch);
  }

  checkTime(timeMs: number): void {
    const { startOffset } = this.log;
    const index = this.times.findIndex((each, offset) => offset >= startOffset && each >= timeMs);
    const expected = index < 0 ? null : { offset: index, timestampMs: this.times[index] };
    assert.deepEqual(this.log.offsetForTimestamp(timeMs), expected);
  }

  checkAll(): void {
    const { startOffset, endOffset } = this.log;
    assert.equal(endOffset, this.times.length);
    const records = recordsOf(this.log.read(startOffset, 1e9));
    assert.deepEqual(
      records.map((record) => record[1]),
      this.times.slice(startOffset),
    );
    if (endOffset > startOffset) this.checkTime(this.times.at(-1)!);
  }
}

it('holds what a list of records would, through failures, crashes, power cuts and reopening', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 5, maxLength: 60 }), (holdsSyncs, steps) => {
      const model = new Model(holdsSyncs);
      for (const each of steps) model.run(each);
      model.checkAll();
    }),
    { numRuns: 300 },
  );
});
