import type { BufferPool } from '../../base/buffer-pool.ts';
import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { DeadlineTimer } from '../../client/deadline-timer.ts';
import type { ProduceResponse } from '../../wire/messages/produce.ts';
import type { Accumulator } from '../batches/accumulator.ts';
import type { BatchSettler } from '../batches/batch-settler.ts';
import type { PartitionQueue } from '../batches/partition-queue.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { ProducerConfig } from '../config/config.ts';
import { Idempotence } from '../idempotence/idempotence.ts';
import { ProducerIdentity } from '../idempotence/producer-identity.ts';
import type { ProducerCluster, ProducerConnection } from '../producer-cluster.ts';
import type { TopicState } from '../topic-state.ts';
import { BatchOutcomes } from './batch-outcomes.ts';
import type { BrokerNode } from './broker-node.ts';
import { ConnectionKeeper } from './connection-keeper.ts';
import { Leaders } from './leaders.ts';
import { type ExchangeOwner, ProduceExchange } from './produce-exchange.ts';
import { TopicRetention } from './topic-retention.ts';

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
  private readonly connections: ConnectionKeeper;
  private readonly outcomes: BatchOutcomes;
  /** Null: enable.idempotence=false. */
  private readonly idempotence: Idempotence | null;
  private cluster: ProducerCluster | null = null;
  private isScheduled = false;
  private isClosed = false;
  private flushes = 0;
  private readonly timer: DeadlineTimer;
  private wakeNs = Number.POSITIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.options = options;
    this.config = options.config;
    this.clock = options.clock;
    this.lingerNs = options.config.lingerMs * NS_PER_MS;
    const { config, clock } = options;
    this.timer = new DeadlineTimer(clock, () => {
      if (!this.isScheduled) this.run();
    });
    this.idempotence = config.isIdempotent ? new Idempotence(this.newIdentity()) : null;
    this.outcomes = new BatchOutcomes({ ...options, idempotence: this.idempotence });
    this.leaders = new Leaders(config, {
      schedule: this.schedule,
      onRefused: (topic, error) => this.failQueues(topic.queues, error),
    });
    this.connections = new ConnectionKeeper({
      clock,
      reconnectBackoffMs: config.reconnectBackoffMs,
      onChange: this.schedule,
      onRefused: (node, error) => this.failQueues(node.queues, error),
    });
  }

  /** Until then batches only gather. */
  useCluster(cluster: ProducerCluster): void {
    this.cluster = cluster;
    this.outcomes.cluster = cluster;
    const { topics, config } = this.options;
    cluster.retainTopics(new TopicRetention(this.clock, config.metadataMaxIdleMs, topics).isWanted);
    cluster.onUpdate(this.schedule);
    // Beside the first look at topics, so that the first batch need not wait for it.
    this.idempotence?.identity.request(cluster);
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
    else if (!this.isClosed) this.timer.cover(batch.createdNs + this.lingerNs, batch.createdNs);
  }

  /** Nothing lingers until endFlush(); flushes may overlap. */
  beginFlush(): void {
    this.flushes++;
    this.schedule();
  }

  endFlush(): void {
    this.flushes--;
  }

  /** Produce requests that no response has come to. */
  get requestsInFlight(): number {
    let sum = 0;
    for (const node of this.leaders.nodes()) sum += node.inFlight;
    return sum;
  }

  /** Stops for good; fails every batch that is not settled. */
  close(error: TidemarkError): void {
    this.isClosed = true;
    this.outcomes.isClosed = true;
    this.timer.clear();
    this.outcomes.failAll(error, this.clock.nowNs());
  }

  onExchangeEnded(
    exchange: ProduceExchange,
    error: TidemarkError | null,
    body: ProduceResponse | null,
  ): void {
    const { node, batches } = exchange;
    const nowNs = this.clock.nowNs();
    node.inFlight--;
    if (error === null) this.noteResponse(exchange, body?.throttleTimeMs ?? 0, nowNs);
    const answers = body === null ? null : exchange.answers(body);
    if (body !== null) this.leaders.takeHints(this.cluster!, body, exchange, answers!);
    for (let index = 0; index < batches.length; index++) {
      const batch = batches[index]!;
      batch.isHeld = false;
      // Only now, also when the batch expired long ago: nothing may overtake what is still on its way.
      batch.queue!.isMuted = false;
      const answer = answers === null ? null : (answers[index] ?? null);
      if (batch.state === 'settled') {
        this.outcomes.takeLateAnswer(batch, answer);
        this.options.accumulator.recycle(batch);
      } else if (error !== null) this.outcomes.takeError(batch, error, null, nowNs);
      else if (body !== null) this.outcomes.takeAnswer(batch, answer, nowNs);
      else this.outcomes.acknowledge(batch, { baseOffset: -1, logAppendTimeMs: -1 }, nowNs);
    }
    // Behind the callbacks: what they send goes along.
    this.schedule();
  }

  /** A throttled broker is left alone for as long as it asks, and the others go on (KIP-219). */
  private noteResponse(exchange: ProduceExchange, throttleTimeMs: number, nowNs: number): void {
    const { node, sentNs } = exchange;
    node.throttledUntilNs = Math.max(node.throttledUntilNs, nowNs + throttleTimeMs * NS_PER_MS);
    this.options.settler.noteResponse(node.nodeId, nowNs - sentNs, throttleTimeMs, nowNs);
  }

  private get isUrgent(): boolean {
    return this.flushes > 0 || this.options.pool.waiting > 0;
  }

  private readonly run = (): void => {
    this.isScheduled = false;
    if (this.isClosed) return;
    const nowNs = this.clock.nowNs();
    this.outcomes.expire(nowNs);
    this.wakeNs = Number.POSITIVE_INFINITY;
    if (this.cluster !== null) {
      for (const topic of this.options.topics.values()) {
        if (topic.queueCount > 0) this.leaders.refresh(this.cluster, topic);
      }
      if (this.mayDrain(this.cluster)) {
        for (const node of this.leaders.nodes()) this.serve(this.cluster, node, nowNs);
      }
    }
    const oldest = this.options.accumulator.incomplete.oldest();
    if (oldest !== undefined) this.wakeNs = Math.min(this.wakeNs, this.outcomes.expiryNs(oldest));
    // What a callback closed just now needs no timer any more.
    if (!this.isClosed) this.timer.cover(this.wakeNs, nowNs);
  };

  /** With idempotence nothing is drained without a producer id. */
  private mayDrain(cluster: ProducerCluster): boolean {
    const { idempotence } = this;
    if (idempotence === null) return true;
    const isWanted = this.options.accumulator.incomplete.size > 0;
    if (idempotence.prepare(cluster, isWanted)) return true;
    if (isWanted) this.wakeNs = Math.min(this.wakeNs, idempotence.identity.retryAtNs);
    return false;
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
      if (node.throttledUntilNs > nowNs) {
        this.wakeNs = Math.min(this.wakeNs, node.throttledUntilNs);
        return;
      }
      const connection = this.connections.connectionOf(cluster, node, nowNs);
      if (connection === null) {
        if (!node.isConnecting) this.wakeNs = Math.min(this.wakeNs, node.connectAtNs);
        return;
      }
      node.drainedNs = nowNs;
      const batches = this.sealAll(node.drain(nowNs, this.config.maxRequestSizeBytes), nowNs);
      if (batches.length > 0) this.send(connection, node, batches, nowNs);
    }
  }

  /** Compression and checksum, just before the write; a batch that cannot be sealed fails. */
  private sealAll(batches: ProducerBatch[], nowNs: number): ProducerBatch[] {
    return batches.filter((batch) => {
      const isNew = batch.baseSequence < 0;
      this.idempotence?.assign(batch);
      try {
        this.options.settler.seal(batch, nowNs);
        return true;
      } catch (cause) {
        if (isNew) this.idempotence?.takeBack(batch);
        const message = `a batch of ${batch.queue!.topic.name} cannot be compressed: ${(cause as Error).message}`;
        this.outcomes.fail(batch, new TidemarkError('SERIALIZATION', message, { cause }), nowNs);
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
    connection.send(exchange.api, exchange.request(acks, requestTimeoutMs), exchange);
    this.options.settler.noteRequest(node.nodeId, connection.wroteBytes - bytesBefore, batches, nowNs);
  }

  /** What waits for them fails: nothing will take it there. */
  private failQueues(queues: readonly (PartitionQueue | undefined)[], error: TidemarkError): void {
    const nowNs = this.clock.nowNs();
    for (const queue of [...queues]) {
      // What callbacks send meanwhile stays.
      for (let left = queue?.batches.length ?? 0; left > 0; left--) {
        const first = queue!.batches.peekFront();
        if (first !== undefined) this.outcomes.fail(first, error, nowNs);
      }
    }
  }

  private newIdentity(): ProducerIdentity {
    const { clock, random, config } = this.options;
    const { retryBackoffMs, retryBackoffMaxMs } = config;
    return new ProducerIdentity({
      clock,
      random,
      retryBackoffMs,
      retryBackoffMaxMs,
      onChange: this.schedule,
      onFatal: (error) => this.outcomes.failAll(error, clock.nowNs()),
    });
  }
}
