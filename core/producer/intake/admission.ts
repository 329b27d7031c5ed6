import type { BufferPool, BufferWaiter } from '../../base/buffer-pool.ts';
import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import { Ring } from '../../base/ring.ts';
import { Barriers } from '../barriers.ts';
import type { Accumulator } from '../batches/accumulator.ts';
import type { ProducerMetrics } from '../metrics/producer-metrics.ts';
import { TopicState } from '../topic-state.ts';
import type { DeliveryCallback, ProducerRecord, RecordMetadata } from '../types.ts';
import { PartitionGrowth } from './partition-growth.ts';
import { checkMistakes, checkTopicName, explainMistake, notARecord } from './record-checks.ts';
import { loadTopic, type TopicLoading } from './topic-loader.ts';
import { expiredError } from './wait-errors.ts';
import { type WaitEnd, WaitingEnds } from './waiting-ends.ts';
import { lacksPartition, type WaitingSend } from './waiting-send.ts';
import { interruptedError } from './with-signal.ts';

/** Records that may wait at once; a caller who heeds send()'s false never comes near it. */
const MAX_WAITING = 1_048_576;
const NS_PER_MS = 1e6;

export interface AdmissionOptions extends Omit<TopicLoading, 'onFatal'> {
  readonly accumulator: Accumulator;
  readonly pool: BufferPool;
  /** Somebody waits for memory: batches must not linger now. */
  readonly onExhausted: () => void;
  /** A topic's metadata is there, so its queues can be served. */
  readonly onTopicReady: () => void;
  readonly onRefused: (topic: string, nowNs: number) => void;
  readonly metrics: ProducerMetrics;
}

/**
 * The way into the accumulator: a record is appended at once, or waits first for its topic's metadata and then for
 * buffer.memory, each in the order sent, within max.block.ms in all. Once one record waits for memory all later
 * ones wait behind it, as they would behind a blocked thread.
 */
export class Admission {
  readonly topics = new Map<string, TopicState>();
  private readonly options: AdmissionOptions;
  private readonly clock: Clock;
  private readonly forMemory = new Ring<WaitingSend>();
  /** What the first of them waits for in the pool. */
  private memoryWaiter: BufferWaiter | null = null;
  /** Since when the first of them has been the first. */
  private firstSinceNs = 0;
  private readonly barriers = new Barriers();
  private readonly ends: WaitingEnds;
  private readonly growth: PartitionGrowth;
  private lastTopic: TopicState | null = null;
  private waitingCount = 0;
  private lastSequence = 0;

  constructor(options: AdmissionOptions) {
    this.options = options;
    this.clock = options.clock;
    this.ends = new WaitingEnds(options.clock, (judge) => {
      // A partition may have appeared since the last look.
      for (const topic of this.topics.values()) if (topic.partitioner !== null) this.admitWaiting(topic);
      return this.sweep((waiting) => {
        const end = judge(waiting);
        return end === null ? null : this.endError(waiting, end);
      });
    });
    this.growth = new PartitionGrowth(options, (topic) => this.admitWaiting(topic));
  }

  /** Records that wait for buffer.memory. */
  get waitingForMemory(): number {
    return this.forMemory.length;
  }

  /**
   * Appends the record now (true), or lets it wait (false), until `signal` aborts at most. A malformed record
   * throws; one that cannot be sent (too large, say) fails through its callback, in a microtask.
   */
  offer(
    record: ProducerRecord,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
    signal?: AbortSignal,
  ): boolean {
    if (typeof record !== 'object' || record === null) throw notARecord(record);
    const last = this.lastTopic;
    const topic = last !== null && last.name === record.topic ? last : this.topicOf(record.topic);
    if (this.forMemory.length > 0 || topic.partitioner === null) {
      checkMistakes(record);
      return this.wait(topic, { record: copyOf(record, undefined), callback, opaque, signal });
    }
    try {
      if (this.options.accumulator.append(topic, record, callback, opaque)) return true;
    } catch (thrown) {
      const error = explainMistake(thrown, record);
      if (MISTAKES.has(error.kind)) throw error;
      const pending = { record: copyOf(record, undefined), callback, opaque, signal };
      if (error.kind === 'INVALID_PARTITION') return this.wait(topic, pending);
      this.refuse(pending, error);
      return true;
    }
    const { refusedPartition } = this.options.accumulator;
    return this.wait(topic, { record: copyOf(record, refusedPartition), callback, opaque, signal });
  }

  /** Calls back when everything that waits now has been appended or has failed. */
  whenAdmitted(onDone: () => void): void {
    this.barriers.add(this.lastSequence, this.waitingCount, onDone);
  }

  /** Fails everything that waits. */
  close(error: TidemarkError): void {
    this.ends.close();
    this.sweep(() => error);
  }

  private topicOf(name: string): TopicState {
    checkTopicName(name);
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = new TopicState(name);
      this.topics.set(name, topic);
    }
    this.lastTopic = topic;
    return topic;
  }

  /** False: it waits. True when there is no room for it even to wait, and it has failed. */
  private wait(topic: TopicState, pending: PendingSend): boolean {
    if (this.waitingCount >= MAX_WAITING) {
      const message = `${MAX_WAITING} records wait already: heed what send() returns`;
      this.refuse(pending, new TidemarkError('BUFFER_EXHAUSTED', message, { retriable: true }));
      return true;
    }
    const startNs = this.clock.nowNs();
    const deadlineNs = startNs + this.options.maxBlockMs * NS_PER_MS;
    const waiting: WaitingSend = { topic, ...pending, sequence: ++this.lastSequence, startNs, deadlineNs };
    this.waitingCount++;
    this.ends.watch(waiting);
    if (topic.partitioner === null) {
      topic.waiting.pushBack(waiting);
      this.load(topic);
    } else if (lacksPartition(waiting)) {
      topic.waiting.pushBack(waiting);
      void this.growth.await(topic);
    } else {
      this.waitForMemory(waiting);
    }
    return false;
  }

  private waitForMemory(waiting: WaitingSend): void {
    this.forMemory.pushBack(waiting);
    if (this.forMemory.length > 1) return;
    this.firstSinceNs = this.clock.nowNs();
    this.askForMemory();
  }

  private askForMemory(): void {
    this.memoryWaiter = this.options.pool.whenAvailable(this.options.accumulator.neededBytes, this.onMemory);
    this.options.onExhausted();
  }

  /** The first in line is another one than the pool was asked for: it may need less, or nobody waits any more. */
  private askAgain(): void {
    if (this.memoryWaiter === null) return;
    this.options.pool.cancel(this.memoryWaiter);
    this.onMemory();
  }

  private readonly onMemory = (): void => {
    this.memoryWaiter = null;
    for (let first = this.forMemory.peekFront(); first !== undefined; first = this.forMemory.peekFront()) {
      if (!this.appendWaiting(first)) {
        first.record = copyOf(first.record, this.options.accumulator.refusedPartition);
        this.askForMemory();
        return;
      }
      this.forMemory.popFront();
      this.noteFirstLeft();
      this.leave(first);
    }
  };

  /** The first in line is served or gone: the next one is first from now on. */
  private noteFirstLeft(): void {
    const nowNs = this.clock.nowNs();
    this.options.metrics.noteBufferWait(nowNs - this.firstSinceNs, nowNs);
    this.firstSinceNs = nowNs;
  }

  /** False when there is no memory for it. */
  private appendWaiting(waiting: WaitingSend): boolean {
    const { topic, record, callback, opaque } = waiting;
    try {
      return this.options.accumulator.append(topic, record, callback, opaque);
    } catch (thrown) {
      this.refuse(waiting, explainMistake(thrown, record));
      return true;
    }
  }

  private leave(waiting: WaitingSend): void {
    this.waitingCount--;
    this.ends.forget(waiting);
    this.barriers.passed(waiting.sequence);
  }

  private load(topic: TopicState): void {
    const onFatal = (error: TidemarkError) => this.failWaiting(topic, error);
    loadTopic(topic, { ...this.options, onFatal }).then((isLoaded) => {
      if (!isLoaded) return;
      this.admitWaiting(topic);
      this.options.onTopicReady();
    });
  }

  /** The topic's metadata is there, or newer: what waited for it goes on. */
  private admitWaiting(topic: TopicState): void {
    const nowNs = this.clock.nowNs();
    for (let turns = topic.waiting.length; turns > 0; turns--) {
      const first = topic.waiting.popFront()!;
      if (lacksPartition(first)) {
        topic.waiting.pushBack(first);
        continue;
      }
      this.options.metrics.noteMetadataWait(nowNs - first.startNs);
      if (this.forMemory.length > 0) {
        this.waitForMemory(first);
      } else if (!this.appendWaiting(first)) {
        first.record = copyOf(first.record, this.options.accumulator.refusedPartition);
        this.waitForMemory(first);
      } else {
        this.leave(first);
      }
    }
    if (topic.waiting.length > 0) void this.growth.await(topic);
  }

  private failWaiting(topic: TopicState, error: TidemarkError): void {
    for (let first = topic.waiting.popFront(); first !== undefined; first = topic.waiting.popFront()) {
      this.refuse(first, error);
      this.leave(first);
    }
  }

  /** Tells of a failure outside of send(). Who gave no callback is told only by the totals. */
  private refuse({ record, callback, opaque }: PendingSend, error: TidemarkError): void {
    const { topic, partition = -1 } = record;
    this.options.onRefused(topic, this.clock.nowNs());
    if (callback === null) return;
    const metadata: RecordMetadata = { topic, partition, offset: -1, timestamp: -1 };
    queueMicrotask(() => callback(error, metadata, opaque));
  }

  /** Fails what `judge` finds an error for; returns the earliest deadline of the rest. */
  private sweep(judge: (waiting: WaitingSend) => TidemarkError | null): number {
    let earliestNs = Number.POSITIVE_INFINITY;
    const firstForMemory = this.forMemory.peekFront();
    const rings = [this.forMemory, ...[...this.topics.values()].map((topic) => topic.waiting)];
    for (const ring of rings) {
      for (let turns = ring.length; turns > 0; turns--) {
        const waiting = ring.popFront()!;
        const error = judge(waiting);
        if (error === null) {
          ring.pushBack(waiting);
          earliestNs = Math.min(earliestNs, waiting.deadlineNs);
          continue;
        }
        if (waiting === firstForMemory) this.noteFirstLeft();
        if (error.kind === 'BUFFER_EXHAUSTED') this.options.metrics.noteExhausted(this.clock.nowNs());
        this.refuse(waiting, error);
        this.leave(waiting);
      }
    }
    if (this.forMemory.peekFront() !== firstForMemory) this.askAgain();
    return earliestNs;
  }

  private endError(waiting: WaitingSend, end: WaitEnd): TidemarkError {
    if (end === 'interrupted') return interruptedError(`a send to ${waiting.topic.name}`, waiting.signal);
    const { availableBytes, totalBytes } = this.options.pool;
    return expiredError(waiting, { maxBlockMs: this.options.maxBlockMs, availableBytes, totalBytes });
  }
}

/** A record on its way in, with whom to tell of its end. */
type PendingSend = Pick<WaitingSend, 'record' | 'callback' | 'opaque' | 'signal'>;

/** Kinds thrown from send() itself: the record is no record. */
const MISTAKES = new Set(['SERIALIZATION', 'INVALID_ARGUMENT']);

function copyOf(record: ProducerRecord, partition: number | undefined): ProducerRecord {
  return partition === undefined ? { ...record } : { ...record, partition };
}
