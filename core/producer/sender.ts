import type { BufferPool } from '../base/buffer-pool.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { kafkaError, TidemarkError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import { backoffMs, timerDelayMs } from '../client/backoff.ts';
import { type ProduceResponse, produceApi } from '../wire/messages/produce.ts';
import type { Accumulator } from './accumulator.ts';
import type { BatchSettler } from './batch-settler.ts';
import type { BrokerNode } from './broker-node.ts';
import type { ProducerConfig } from './config.ts';
import { Leaders } from './leaders.ts';
import { isRetriable, needsMetadata } from './produce-errors.ts';
import { type ExchangeOwner, type PartitionAnswer, ProduceExchange } from './produce-exchange.ts';
import type { ProducerBatch } from './producer-batch.ts';
import type { ProducerCluster, ProducerConnection } from './producer-cluster.ts';
import type { TopicState } from './topic-state.ts';

const NS_PER_MS = 1e6;

export interface SenderOptions {
  readonly config: ProducerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly accumulator: Accumulator;
  readonly pool: BufferPool;
  readonly settler: BatchSettler;
  readonly topics: ReadonlyMap<string, TopicState>;
}

/**
 * Takes ready batches to their leaders (Kafka's Sender): one request at a time per broker up to max.in.flight, one
 * batch per partition in it. It runs in a microtask after whatever gave it work, so that one synchronous burst of
 * sends is one run, and by a single timer at the earliest deadline of linger, backoff and delivery timeout.
 */
export class Sender implements ExchangeOwner {
  private readonly options: SenderOptions;
  private readonly config: ProducerConfig;
  private readonly clock: Clock;
  private readonly lingerNs: number;
  private readonly leaders: Leaders;
  private cluster: ProducerCluster | null = null;
  private isScheduled = false;
  private isClosed = false;
  private flushes = 0;
  private timer: Timer | null = null;
  private timerDueNs = Number.POSITIVE_INFINITY;
  private wakeNs = Number.POSITIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.options = options;
    this.config = options.config;
    this.clock = options.clock;
    this.lingerNs = options.config.lingerMs * NS_PER_MS;
    this.leaders = new Leaders(options.config, this.schedule);
  }

  /** Until then batches only gather. */
  useCluster(cluster: ProducerCluster): void {
    this.cluster = cluster;
    cluster.onUpdate(this.schedule);
    this.schedule();
  }

  /** Runs soon, in a microtask. */
  readonly schedule = (): void => {
    if (this.isScheduled || this.isClosed) return;
    this.isScheduled = true;
    queueMicrotask(this.run);
  };

  /** A new batch waits: its linger begins, unless it is ready at once. */
  noteOpened(batch: ProducerBatch): void {
    const isReady = this.lingerNs === 0 || batch.queue!.batches.length > 1 || this.isUrgent;
    if (isReady) this.schedule();
    else this.wakeAt(batch.createdNs + this.lingerNs, batch.createdNs);
  }

  /** Nothing lingers until endFlush(); flushes may overlap. */
  beginFlush(): void {
    this.flushes++;
    this.schedule();
  }

  endFlush(): void {
    this.flushes--;
  }

  /** Stops for good; fails every batch that is not settled. */
  close(error: TidemarkError): void {
    this.isClosed = true;
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timer = null;
    const nowNs = this.clock.nowNs();
    // One that is settled already is telling its callbacks just now, and one of them closes the producer.
    for (const batch of this.options.accumulator.incomplete.all()) {
      if (batch.state !== 'settled') this.fail(batch, error, nowNs);
    }
  }

  onExchangeEnded(
    exchange: ProduceExchange,
    error: TidemarkError | null,
    body: ProduceResponse | null,
  ): void {
    const { node, batches } = exchange;
    const nowNs = this.clock.nowNs();
    node.inFlight--;
    if (error === null) {
      const throttleTimeMs = body?.throttleTimeMs ?? 0;
      this.options.settler.noteResponse(node.nodeId, nowNs - exchange.sentNs, throttleTimeMs, nowNs);
    }
    const answers = body === null ? null : exchange.answers(body);
    for (let index = 0; index < batches.length; index++) {
      const batch = batches[index]!;
      batch.isHeld = false;
      // Only now, also when the batch expired long ago: nothing may overtake what is still on its way.
      batch.queue!.isMuted = false;
      if (batch.state === 'settled') this.options.accumulator.recycle(batch);
      else if (error !== null) this.retryOrFail(batch, error, nowNs);
      else if (answers === null)
        this.options.settler.acknowledge(batch, { baseOffset: -1, logAppendTimeMs: -1 }, nowNs);
      else this.settleByAnswer(batch, answers[index] ?? null, nowNs);
    }
    // Behind the callbacks: what they send goes along.
    this.schedule();
  }

  private get isUrgent(): boolean {
    return this.flushes > 0 || this.options.pool.waiting > 0;
  }

  private readonly run = (): void => {
    this.isScheduled = false;
    if (this.isClosed) return;
    const nowNs = this.clock.nowNs();
    this.expire(nowNs);
    this.wakeNs = Number.POSITIVE_INFINITY;
    if (this.cluster !== null) {
      for (const topic of this.options.topics.values()) {
        if (topic.queueCount > 0) this.leaders.refresh(this.cluster, topic);
      }
      for (const node of this.leaders.nodes()) this.serve(this.cluster, node, nowNs);
    }
    const oldest = this.options.accumulator.incomplete.oldest();
    if (oldest !== undefined) this.wakeNs = Math.min(this.wakeNs, this.expiryNs(oldest));
    if (this.wakeNs !== Number.POSITIVE_INFINITY) this.wakeAt(this.wakeNs, nowNs);
  };

  /** A timer that fires too early only runs once more, so it is moved forwards and never back. */
  private wakeAt(dueNs: number, nowNs: number): void {
    if (dueNs >= this.timerDueNs || this.isClosed) return;
    if (this.timer !== null) this.clock.clearTimer(this.timer);
    this.timerDueNs = dueNs;
    this.timer = this.clock.setTimer(this.onTimer, timerDelayMs((dueNs - nowNs) / NS_PER_MS));
  }

  private readonly onTimer = (): void => {
    this.timer = null;
    this.timerDueNs = Number.POSITIVE_INFINITY;
    if (!this.isScheduled) this.run();
  };

  private expiryNs(batch: ProducerBatch): number {
    return batch.createdNs + this.config.deliveryTimeoutMs * NS_PER_MS;
  }

  /** delivery.timeout.ms from the creation of the batch, wherever it is now. */
  private expire(nowNs: number): void {
    const { incomplete } = this.options.accumulator;
    for (let oldest = incomplete.oldest(); oldest !== undefined; oldest = incomplete.oldest()) {
      if (this.expiryNs(oldest) > nowNs) return;
      const { topic, partition } = oldest.queue!;
      const elapsedMs = Math.round((nowNs - oldest.createdNs) / NS_PER_MS);
      const message =
        `Expiring ${oldest.count} record(s) for ${topic.name}-${partition}: ` +
        `${elapsedMs} ms has passed since batch creation`;
      this.fail(oldest, new TidemarkError('TIMEOUT', message, { retriable: true }), nowNs);
    }
  }

  private serve(cluster: ProducerCluster, node: BrokerNode, nowNs: number): void {
    for (;;) {
      const readyNs = node.readyAtNs({ nowNs, lingerNs: this.lingerNs, isUrgent: this.isUrgent });
      if (readyNs > 0) {
        if (readyNs < this.wakeNs) this.wakeNs = readyNs;
        return;
      }
      node.readyNs = nowNs;
      if (node.inFlight >= this.config.maxInFlight) return;
      const connection = this.connectionOf(cluster, node);
      if (connection === null) return;
      node.drainedNs = nowNs;
      const batches = this.sealAll(node.drain(nowNs, this.config.maxRequestSizeBytes), nowNs);
      if (batches.length > 0) this.send(connection, node, batches, nowNs);
    }
  }

  private connectionOf(cluster: ProducerCluster, node: BrokerNode): ProducerConnection | null {
    if (node.connection?.isOpen === true) return node.connection;
    node.connection = cluster.openConnectionTo(node.nodeId);
    if (node.connection !== null || node.isConnecting) return node.connection;
    node.isConnecting = true;
    cluster.connectionTo(node.nodeId).then(
      () => {
        node.isConnecting = false;
        this.schedule();
      },
      () => {
        // The cluster backs off before it connects anew; perhaps the leader is another one by now.
        node.isConnecting = false;
        cluster.requestRefresh();
        this.clock.setTimer(this.schedule, timerDelayMs(this.config.reconnectBackoffMs));
      },
    );
    return null;
  }

  /** Compression and checksum, just before the write; a batch that cannot be sealed fails. */
  private sealAll(batches: ProducerBatch[], nowNs: number): ProducerBatch[] {
    return batches.filter((batch) => {
      try {
        this.options.settler.seal(batch, nowNs);
        return true;
      } catch (cause) {
        const message = `a batch of ${batch.queue!.topic.name} cannot be compressed: ${(cause as Error).message}`;
        this.fail(batch, new TidemarkError('SERIALIZATION', message, { cause }), nowNs);
        return false;
      }
    });
  }

  private send(
    connection: ProducerConnection,
    node: BrokerNode,
    batches: ProducerBatch[],
    nowNs: number,
  ): void {
    const { acks, requestTimeoutMs, maxInFlight } = this.config;
    const exchange = new ProduceExchange(this, { node, batches, noResponse: acks === 0, sentNs: nowNs });
    for (const batch of batches) {
      batch.state = 'inFlight';
      batch.isHeld = true;
      if (maxInFlight === 1) batch.queue!.isMuted = true;
    }
    node.inFlight++;
    const bytesBefore = connection.wroteBytes;
    connection.send(produceApi, exchange.request(acks, requestTimeoutMs), exchange);
    this.options.settler.noteRequest(node.nodeId, connection.wroteBytes - bytesBefore, batches, nowNs);
  }

  private settleByAnswer(batch: ProducerBatch, answer: PartitionAnswer | null, nowNs: number): void {
    const { topic, partition } = batch.queue!;
    const where = `${topic.name}-${partition}`;
    if (answer === null) {
      this.fail(
        batch,
        new TidemarkError('PROTOCOL', `${where}: the response says nothing of this batch`),
        nowNs,
      );
    } else if (answer.errorCode !== 0) {
      const error = kafkaError(answer.errorCode, where);
      this.retryOrFail(batch, error, nowNs);
    } else {
      this.options.settler.acknowledge(batch, answer, nowNs);
    }
  }

  private retryOrFail(batch: ProducerBatch, error: TidemarkError, nowNs: number): void {
    if (needsMetadata(error)) this.cluster?.requestRefresh();
    const canRetry =
      isRetriable(error) &&
      batch.attempts < this.config.retries &&
      this.expiryNs(batch) > nowNs &&
      !this.isClosed;
    if (!canRetry) {
      this.fail(batch, error, nowNs);
      return;
    }
    batch.attempts++;
    const { retryBackoffMs: firstMs, retryBackoffMaxMs: maxMs } = this.config;
    batch.backoffUntilNs =
      nowNs + backoffMs({ firstMs, maxMs }, batch.attempts, this.options.random) * NS_PER_MS;
    this.options.settler.noteRetry(batch, nowNs);
    batch.queue!.putBack(batch);
  }

  private fail(batch: ProducerBatch, error: TidemarkError, nowNs: number): void {
    if (batch.state === 'open' || batch.state === 'queued') batch.queue!.remove(batch);
    this.options.settler.fail(batch, error, nowNs);
  }
}
