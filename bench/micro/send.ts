import { BufferPool } from '../../core/base/buffer-pool.ts';
import type { Clock, Timer } from '../../core/base/clock.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { Accumulator } from '../../core/producer/accumulator.ts';
import { BuiltInPartitioner } from '../../core/producer/partitioners/built-in.ts';
import type { ProducerBatch } from '../../core/producer/producer-batch.ts';
import { TopicState } from '../../core/producer/topic-state.ts';
import type { DeliveryCallback, ProducerRecord, RecordMetadata } from '../../core/producer/types.ts';
import { CompressionRatioEstimator } from '../../core/record/compression-ratio.ts';
import type { MicroBenchmark } from './micro-benchmark.ts';
import { foldHash, HASH_START, SAMPLE_TIMESTAMP_MS, sampleValues } from './sample-data.ts';

const RECORDS = 2000;
const DISTINCT = 64;
const PARTITIONS = 3;
const BATCH_SIZE_BYTES = 65_536;
const BUFFER_MEMORY_BYTES = 33_554_432;
const SEED = 3;
const BUDGET_CALLBACK_NS = 150;

/** Stands still, so that the batches are the same in every run. */
const STOPPED_CLOCK: Clock = {
  nowNs: () => 0,
  wallMs: () => SAMPLE_TIMESTAMP_MS,
  setTimer: () => ({}) as Timer,
  clearTimer: () => {},
  defer: () => {},
};

/**
 * What a 100 B record without key pays from the accumulator's append() to its callback, through sealed batches but
 * without a network: partitioner, encoding, bookkeeping, its share of the batch's header and CRC, the callback with
 * its metadata. The promise form adds a promise per record, resolved by that callback.
 */
export function sendBenchmarks(): MicroBenchmark[] {
  const shape = { unit: 'ns/record', opsPerRun: RECORDS, bytesPerOp: 100 } as const;
  return [
    {
      ...shape,
      name: 'send/forget',
      budgetNs: BUDGET_CALLBACK_NS,
      prepare: () => ({ run: sendAll(null) }),
    },
    {
      ...shape,
      name: 'send/callback',
      budgetNs: BUDGET_CALLBACK_NS,
      prepare: () => {
        let offsets = 0;
        const onDelivered: DeliveryCallback = (_error, metadata) => {
          offsets += metadata.offset;
        };
        const run = sendAll(onDelivered);
        return {
          run: () => {
            offsets = 0;
            const hash = run();
            return foldHash(hash, offsets);
          },
        };
      },
    },
    {
      ...shape,
      name: 'send/promise',
      budgetNs: BUDGET_CALLBACK_NS * 2,
      prepare: () => ({ run: sendPromises() }),
    },
  ];
}

/** The accumulator with all that a producer would set up around it for one topic. */
class Bench {
  readonly topic = new TopicState('bench');
  readonly accumulator: Accumulator;

  constructor() {
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, leaderId: 1 }));
    this.topic.update({ name: 'bench', topicId: '0'.repeat(32), partitions });
    this.accumulator = new Accumulator({
      clock: STOPPED_CLOCK,
      pool: new BufferPool(BUFFER_MEMORY_BYTES, BATCH_SIZE_BYTES),
      ratios: new CompressionRatioEstimator(),
      batchSizeBytes: BATCH_SIZE_BYTES,
      maxRequestSizeBytes: 1_048_576,
      compression: 'none',
      onBatchOpened: () => {},
      onBatchFull: () => {},
    });
  }

  /** The same draws in every run. */
  begin(): void {
    this.topic.partitioner = new BuiltInPartitioner({
      random: new SeededRandom(SEED),
      stickyBytes: BATCH_SIZE_BYTES,
      adaptive: false,
      ignoreKeys: false,
    });
  }

  /** Seals everything, tells everybody, gives the memory back; returns a hash of all batches' CRCs. */
  settle(): number {
    let hash = HASH_START;
    for (const queue of this.topic.queues) {
      if (queue === undefined) continue;
      for (;;) {
        const batch = queue.takeFirst();
        if (batch === undefined) break;
        hash = foldHash(hash, this.settleBatch(batch, queue.partition));
      }
    }
    return hash;
  }

  private settleBatch(batch: ProducerBatch, partition: number): number {
    const { count } = batch.builder;
    const sealed = batch.builder.seal({ compression: 'none', level: null });
    const crc = sealed.readUInt32BE(17);
    const outcome = { topic: 'bench', partition, error: null, baseOffset: 0, logAppendTimeMs: -1 };
    batch.deliveries.deliver(count, outcome, (thrown) => {
      throw thrown;
    });
    this.accumulator.incomplete.delete(batch);
    this.accumulator.recycle(batch);
    return crc;
  }
}

function sampleRecords(): ProducerRecord[] {
  return sampleValues(DISTINCT, 100).map((value) => ({ topic: 'bench', value }));
}

function sendAll(callback: DeliveryCallback | null): () => number {
  const bench = new Bench();
  const records = sampleRecords();
  return () => {
    bench.begin();
    for (let index = 0; index < RECORDS; index++) {
      if (!bench.accumulator.append(bench.topic, records[index % DISTINCT]!, callback, index))
        throw new Error('no memory');
    }
    return bench.settle();
  };
}

function sendPromises(): () => Promise<number> {
  const bench = new Bench();
  const records = sampleRecords();
  const settle: DeliveryCallback = (error, metadata, resolvers) => {
    const { resolve, reject } = resolvers as PromiseWithResolvers<RecordMetadata>;
    if (error === null) resolve(metadata);
    else reject(error);
  };
  return async () => {
    bench.begin();
    let offsets = 0;
    let last: Promise<void> = Promise.resolve();
    for (let index = 0; index < RECORDS; index++) {
      const resolvers = Promise.withResolvers<RecordMetadata>();
      bench.accumulator.append(bench.topic, records[index % DISTINCT]!, settle, resolvers);
      last = resolvers.promise.then((metadata) => {
        offsets += metadata.offset;
      });
    }
    const hash = bench.settle();
    await last;
    return foldHash(hash, offsets);
  };
}
