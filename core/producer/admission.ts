import type { BufferPool, BufferWaiter } from '../base/buffer-pool.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import { Ring } from '../base/ring.ts';
import { timerDelayMs } from '../client/backoff.ts';
import type { Accumulator } from './accumulator.ts';
import { Barriers } from './barriers.ts';
import { asRecordError } from './produce-errors.ts';
import { loadTopic, type Start } from './topic-loader.ts';
import { TopicState } from './topic-state.ts';
import type { DeliveryCallback, ProducerRecord, RecordMetadata } from './types.ts';
import type { WaitingSend } from './waiting-send.ts';

/** Records that may wait at once; a caller who heeds send()'s false never comes near it. */
const MAX_WAITING = 1_048_576;
const NS_PER_MS = 1e6;

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly accumulator: Accumulator;
  readonly pool: BufferPool;
  readonly maxBlockMs: number;
  readonly retryBackoffMs: number;
  /** Connects and loads what must be loaded; may be called again after it failed. */
  readonly start: Start;
  /** Somebody waits for memory: batches must not linger now. */
  readonly onExhausted: () => void;
  /** A topic's metadata is there, so its queues can be served. */
  readonly onTopicReady: () => void;
  readonly onRefused: (nowNs: number) => void;
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
  private readonly barriers = new Barriers();
  private lastTopic: TopicState | null = null;
  private waitingCount = 0;
  private lastSequence = 0;
  private timer: Timer | null = null;
  private timerDueNs = Number.POSITIVE_INFINITY;

  constructor(options: AdmissionOptions) {
    this.options = options;
    this.clock = options.clock;
  }

  /**
   * Appends the record now (true), or lets it wait (false). A malformed record throws; one that cannot be sent
   * (too large, no such partition) fails through its callback, in a microtask.
   */
  offer(
    record: ProducerRecord,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ): boolean {
    const last = this.lastTopic;
    const topic = last !== null && last.name === record.topic ? last : this.topicOf(record.topic);
    if (this.forMemory.length > 0 || topic.partitioner === null) {
      this.wait(topic, copyOf(record, undefined), callback, opaque);
      return false;
    }
    try {
      if (this.options.accumulator.append(topic, record, callback, opaque)) return true;
    } catch (thrown) {
      const error = asRecordError(thrown);
      if (MISTAKES.has(error.kind)) throw error;
      this.refuse(record.topic, error, callback, opaque);
      return true;
    }
    this.wait(topic, copyOf(record, this.options.accumulator.refusedPartition), callback, opaque);
    return false;
  }

  /** Calls back when everything that waits now has been appended or has failed. */
  whenAdmitted(onDone: () => void): void {
    this.barriers.add(this.lastSequence, this.waitingCount, onDone);
  }

  /** Fails everything that waits. */
  close(error: TidemarkError): void {
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timer = null;
    this.sweep(() => error);
  }

  private topicOf(name: string): TopicState {
    if (typeof name !== 'string' || name === '') {
      throw new TidemarkError('INVALID_ARGUMENT', `topic must be a text, got ${JSON.stringify(name)}`);
    }
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = new TopicState(name);
      this.topics.set(name, topic);
    }
    this.lastTopic = topic;
    return topic;
  }

  private wait(
    topic: TopicState,
    record: ProducerRecord,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ): void {
    if (this.waitingCount >= MAX_WAITING) {
      const message = `${MAX_WAITING} records wait already: heed what send() returns`;
      this.refuse(
        topic.name,
        new TidemarkError('BUFFER_EXHAUSTED', message, { retriable: true }),
        callback,
        opaque,
      );
      return;
    }
    const deadlineNs = this.clock.nowNs() + this.options.maxBlockMs * NS_PER_MS;
    const sequence = ++this.lastSequence;
    const waiting: WaitingSend = { topic, record, callback, opaque, sequence, deadlineNs };
    this.waitingCount++;
    this.expireAt(deadlineNs);
    if (topic.partitioner === null) {
      topic.waiting.pushBack(waiting);
      this.load(topic);
    } else {
      this.waitForMemory(waiting);
    }
  }

  private waitForMemory(waiting: WaitingSend): void {
    this.forMemory.pushBack(waiting);
    if (this.forMemory.length === 1) this.askForMemory();
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
      this.leave(first);
    }
  };

  /** False when there is no memory for it. */
  private appendWaiting(waiting: WaitingSend): boolean {
    const { topic, record, callback, opaque } = waiting;
    try {
      return this.options.accumulator.append(topic, record, callback, opaque);
    } catch (thrown) {
      this.refuse(topic.name, asRecordError(thrown), callback, opaque);
      return true;
    }
  }

  private leave(waiting: WaitingSend): void {
    this.waitingCount--;
    this.barriers.passed(waiting.sequence);
  }

  private load(topic: TopicState): void {
    const { clock, maxBlockMs, retryBackoffMs, start } = this.options;
    const onFatal = (error: TidemarkError) => this.failWaiting(topic, error);
    loadTopic(topic, { clock, maxBlockMs, retryBackoffMs, start, onFatal }).then((isLoaded) => {
      if (isLoaded) this.handOver(topic);
    });
  }

  private handOver(topic: TopicState): void {
    for (let first = topic.waiting.popFront(); first !== undefined; first = topic.waiting.popFront()) {
      if (this.forMemory.length > 0) {
        this.waitForMemory(first);
      } else if (!this.appendWaiting(first)) {
        first.record = copyOf(first.record, this.options.accumulator.refusedPartition);
        this.waitForMemory(first);
      } else {
        this.leave(first);
      }
    }
    this.options.onTopicReady();
  }

  private failWaiting(topic: TopicState, error: TidemarkError): void {
    for (let first = topic.waiting.popFront(); first !== undefined; first = topic.waiting.popFront()) {
      this.refuse(topic.name, error, first.callback, first.opaque);
      this.leave(first);
    }
  }

  /** Tells of a failure outside of send(). Who gave no callback is told only by the totals. */
  private refuse(
    topic: string,
    error: TidemarkError,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ): void {
    this.options.onRefused(this.clock.nowNs());
    if (callback === null) return;
    const metadata: RecordMetadata = { topic, partition: -1, offset: -1, timestamp: -1 };
    queueMicrotask(() => callback(error, metadata, opaque));
  }

  private expireAt(dueNs: number): void {
    if (dueNs >= this.timerDueNs) return;
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timerDueNs = dueNs;
    this.timer = this.clock.setTimer(this.onTimer, timerDelayMs((dueNs - this.clock.nowNs()) / NS_PER_MS));
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    this.timerDueNs = Number.POSITIVE_INFINITY;
    const nowNs = this.clock.nowNs();
    const nextNs = this.sweep((waiting) => (waiting.deadlineNs <= nowNs ? this.expiredError(waiting) : null));
    if (nextNs !== Number.POSITIVE_INFINITY) this.expireAt(nextNs);
  };

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
        this.refuse(waiting.topic.name, error, waiting.callback, waiting.opaque);
        this.leave(waiting);
      }
    }
    if (this.forMemory.peekFront() !== firstForMemory) this.askAgain();
    return earliestNs;
  }

  private expiredError(waiting: WaitingSend): TidemarkError {
    const { maxBlockMs, pool } = this.options;
    const { name, partitioner, loadError } = waiting.topic;
    if (partitioner === null) {
      const why = loadError === null ? '' : `; last: ${loadError.message}`;
      const message = `topic ${name} not present in metadata after ${maxBlockMs} ms (max.block.ms)${why}`;
      return new TidemarkError('TIMEOUT', message, { retriable: true, cause: loadError });
    }
    const message =
      `no memory for a record of ${name} within ${maxBlockMs} ms (max.block.ms): ` +
      `${pool.availableBytes} of ${pool.totalBytes} bytes of buffer.memory are free`;
    return new TidemarkError('BUFFER_EXHAUSTED', message, { retriable: true });
  }
}

/** Kinds thrown from send() itself: the record is no record. */
const MISTAKES = new Set(['SERIALIZATION', 'INVALID_ARGUMENT']);

function copyOf(record: ProducerRecord, partition: number | undefined): ProducerRecord {
  return partition === undefined ? { ...record } : { ...record, partition };
}
