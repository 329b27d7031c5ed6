import { BufferPool } from '../base/buffer-pool.ts';
import type { Clock } from '../base/clock.ts';
import { type Random, SeededRandom } from '../base/random.ts';
import { realClock } from '../base/real-clock.ts';
import { CompressionRatioEstimator } from '../record/compression-ratio.ts';
import type { RecordData } from '../record/types.ts';
import { Accumulator } from './batches/accumulator.ts';
import { BatchSettler } from './batches/batch-settler.ts';
import { CloseDeadline, checkTimeout } from './closing.ts';
import type { ProducerConfig } from './config/config.ts';
import { type KeptOptions, keptOptions } from './config/kept-options.ts';
import type { ProducerOptions, ProducerProperties } from './config/producer-options.ts';
import { readProducerConfig } from './config/read-config.ts';
import { connectCluster, findPartitions, type Started } from './connect-cluster.ts';
import { closedError } from './delivery/produce-errors.ts';
import { Sender } from './delivery/sender.ts';
import { Admission } from './intake/admission.ts';
import { RecordIntake } from './intake/record-intake.ts';
import { newPromise, resolveOfNewest, settlePromise } from './intake/settle-promise.ts';
import { signalOf, withSignal } from './intake/with-signal.ts';
import { gaugesOf, metricWindow } from './metrics/producer-gauges.ts';
import { mainMetrics, type ProducerMetric, ProducerMetrics } from './metrics/producer-metrics.ts';
import { createPartitionerFactory } from './partitioners/create.ts';
import type { ProducerCluster } from './producer-cluster.ts';
import { timeLimit, withinMaxBlock } from './time-limit.ts';
import type {
  DeliveryCallback,
  PartitionInfo,
  ProducerRecord,
  ProducerStats,
  RecordMetadata,
  SendOptions,
  WaitOptions,
} from './types.ts';

export type * from './config/producer-options.ts';
export type * from './types.ts';

/**
 * A Kafka producer. Properties go by Kafka's own names. Nothing is connected before the first send(), ready() or
 * partitionsFor(). Every record accepted settles exactly once: acknowledged, or failed with a TidemarkError.
 *
 * `K` and `V` are what keys and values are before they are serialized: bytes or text without serializers.
 */
export class Producer<K = RecordData, V = RecordData> implements AsyncDisposable {
  readonly config: ProducerConfig;
  private readonly clock: Clock;
  private readonly options: KeptOptions;
  private readonly random: Random;
  private readonly pool: BufferPool;
  private readonly admission: Admission;
  /** Null when records are admitted as they are. */
  private readonly intake: RecordIntake | null;
  private readonly sender: Sender;
  private readonly settler: BatchSettler;
  private readonly accumulator: Accumulator;
  private readonly figures: ProducerMetrics;
  private readonly closeDeadline: CloseDeadline;
  private starting: Promise<Started> | null = null;
  private closing: Promise<void> | null = null;
  private cluster: ProducerCluster | null = null;
  /** When the cluster's metadata was read last; NaN before. */
  private metadataNs = Number.NaN;
  private isClosed = false;
  /** close() is past waiting. */
  private isShutDown = false;
  /** Ends connecting too. */
  private readonly shutting = new AbortController();

  /** Throws TidemarkError CONFIG, naming every problem of the properties, or the module that cannot be loaded. */
  constructor(properties: ProducerProperties, options: ProducerOptions<K, V> = {}) {
    this.options = keptOptions(options as ProducerOptions);
    const { observer = {}, partitioner, clock = realClock, random, connect } = this.options;
    const config = readProducerConfig(properties, {
      partitioner,
      observer,
      needsServers: connect === undefined,
    });
    this.config = config;
    this.clock = clock;
    this.random = random ?? new SeededRandom(clock.nowNs() + process.pid);
    const { batchSizeBytes, maxRequestSizeBytes, compression } = config;
    const pool = new BufferPool(config.bufferMemoryBytes, batchSizeBytes);
    const ratios = new CompressionRatioEstimator();
    this.pool = pool;
    const accumulator = new Accumulator({
      clock,
      pool,
      ratios,
      batchSizeBytes,
      maxRequestSizeBytes,
      compression,
      onBatchOpened: (batch) => this.sender.noteOpened(batch),
      onBatchFull: () => this.sender.schedule(),
    });
    this.accumulator = accumulator;
    const metrics = new ProducerMetrics(metricWindow(config));
    this.figures = metrics;
    const settler = new BatchSettler({ config, accumulator, ratios, observer, metrics });
    this.settler = settler;
    this.admission = new Admission({
      clock,
      accumulator,
      pool,
      metrics,
      maxBlockMs: config.maxBlockMs,
      retryBackoffMs: config.retryBackoffMs,
      start: () => this.start(),
      signal: this.shutting.signal,
      onExhausted: () => this.sender.schedule(),
      onTopicReady: () => this.sender.schedule(),
      onRefused: (topic, nowNs) => settler.noteRefused(topic, nowNs),
    });
    const { topics } = this.admission;
    this.sender = new Sender({ config, clock, random: this.random, accumulator, pool, settler, topics });
    this.closeDeadline = new CloseDeadline(clock);
    const offer = this.admission.offer.bind(this.admission);
    this.intake = RecordIntake.create(this.options, config, properties, offer);
  }

  /**
   * Connects, and loads the partitioner if it is a module. Rejects with NETWORK or CONFIG, with TIMEOUT after
   * max.block.ms; may be called again.
   */
  async ready(options: WaitOptions = {}): Promise<void> {
    if (this.isClosed) throw closedError();
    const started = withinMaxBlock(this.start(), timeLimit(this.config, this.clock, 'ready()'));
    await withSignal(started, options.signal, 'ready()');
  }

  /**
   * Promise form: resolves when the record is acknowledged, rejects with a TidemarkError; while buffer.memory or
   * metadata lack, the record waits, until options.signal aborts at most.
   */
  send(record: ProducerRecord<K, V>, options?: SendOptions): Promise<RecordMetadata>;
  /**
   * Callback form; with null, fire and forget. True: appended. False: the record waits for metadata or
   * buffer.memory, in order, for at most max.block.ms, and the caller should hold back; until it settles its key
   * and value must not be changed. The callback never runs inside send().
   * Throws SERIALIZATION or INVALID_ARGUMENT for what is no record, and PRODUCER_CLOSED after close().
   */
  send(record: ProducerRecord<K, V>, callback: DeliveryCallback | null, opaque?: number | object): boolean;
  send(
    record: ProducerRecord<K, V>,
    callback?: DeliveryCallback | SendOptions | null,
    opaque?: number | object,
  ): boolean | Promise<RecordMetadata> {
    if (callback === undefined) return this.sendPromise(record);
    if (callback !== null && typeof callback !== 'function') return this.sendAbortable(record, callback);
    if (this.isClosed) throw closedError();
    if (this.intake !== null) return this.intake.offer(record, callback, opaque);
    return this.admission.offer(record as ProducerRecord, callback, opaque);
  }

  private sendPromise(record: ProducerRecord<K, V>): Promise<RecordMetadata> {
    if (this.isClosed) return Promise.reject(closedError());
    const promise = newPromise();
    const resolve = resolveOfNewest();
    try {
      if (this.intake !== null) this.intake.offer(record, settlePromise, resolve);
      else this.admission.offer(record as ProducerRecord, settlePromise, resolve);
    } catch (error) {
      resolve(Promise.reject(error) as Promise<RecordMetadata>);
    }
    return promise;
  }

  private async sendAbortable(record: ProducerRecord<K, V>, options: SendOptions): Promise<RecordMetadata> {
    if (this.isClosed) throw closedError();
    const signal = signalOf(options, 'send()');
    return new Promise((resolve) => {
      (this.intake ?? this.admission).offer(record as ProducerRecord, settlePromise, resolve, signal);
    });
  }

  /**
   * Sends at once what lingers; resolves when every record sent before has settled, however: after max.block.ms plus
   * delivery.timeout.ms at the latest. Inside a callback it may be called, too: the other records of that callback's
   * batch have yet to be told then.
   */
  async flush(options: WaitOptions = {}): Promise<void> {
    const startNs = this.clock.nowNs();
    this.sender.beginFlush();
    try {
      await withSignal(this.allSettled(), options.signal, 'flush()');
    } finally {
      this.sender.endFlush();
      this.figures.noteFlush(this.clock.nowNs() - startNs);
    }
  }

  /**
   * Refuses further records, waits for those sent to settle, and closes the connections. What is left after
   * timeoutMs fails with PRODUCER_CLOSED. Closing again gives the same promise; with a shorter time left, it waits
   * no longer than that. Throws INVALID_ARGUMENT for a negative time.
   */
  close(options?: { readonly timeoutMs?: number } | null): Promise<void> {
    const { timeoutMs = Number.POSITIVE_INFINITY } = options ?? {};
    checkTimeout(timeoutMs);
    this.isClosed = true;
    this.closeDeadline.within(timeoutMs);
    this.closing ??= this.shutDown();
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The topic's partitions; rejects after max.block.ms, connecting included, with TIMEOUT. */
  async partitionsFor(topic: string, options: WaitOptions = {}): Promise<PartitionInfo[]> {
    if (this.isClosed) throw closedError();
    const what = `partitionsFor(${topic})`;
    const found = findPartitions(topic, () => this.start(), timeLimit(this.config, this.clock, what));
    return withSignal(found, options.signal, what);
  }

  /** Of buffer.memory, what no batch holds. */
  get bufferAvailableBytes(): number {
    return this.pool.availableBytes;
  }

  /** Records of the topic that wait to be sent, by partition; counted when asked for. */
  queuedRecords(topic: string): number[] {
    return this.admission.topics.get(topic)?.queuedRecords() ?? [];
  }

  stats(): ProducerStats {
    return this.settler.stats();
  }

  /** Every figure of the producer, its topics and its brokers, under the names of Kafka's Java producer. */
  metrics(): ProducerMetric[] {
    const nowNs = this.clock.nowNs();
    const gauges = gaugesOf({
      pool: this.pool,
      waiting: this.admission.waitingForMemory,
      requestsInFlight: this.sender.requestsInFlight,
      metadataAgeNs: nowNs - this.metadataNs,
    });
    return this.figures.report(this.config.clientId, gauges, nowNs);
  }

  /** The figures of group producer-metrics alone, by name: `metricValues()['record-send-rate']`. */
  metricValues(): Readonly<Record<string, number>> {
    return mainMetrics(this.metrics());
  }

  private async allSettled(): Promise<void> {
    await new Promise<void>((resolve) => this.admission.whenAdmitted(resolve));
    await new Promise<void>((resolve) => this.accumulator.incomplete.whenSettled(resolve));
  }

  private start(): Promise<Started> {
    if (this.starting === null) {
      const starting = this.connect();
      this.starting = starting;
      starting.catch(() => {
        // Whoever asks next tries again.
        if (this.starting === starting) this.starting = null;
      });
    }
    return this.starting;
  }

  private async connect(): Promise<Started> {
    const { config, random, options } = this;
    const newPartitioner = await createPartitionerFactory(options.partitioner, config, random);
    const cluster = await connectCluster(config, options, {
      clock: this.clock,
      random,
      signal: this.shutting.signal,
    });
    if (this.isShutDown) {
      await cluster.close();
      throw closedError();
    }
    this.cluster = cluster;
    this.metadataNs = this.clock.nowNs();
    cluster.onUpdate(() => {
      this.metadataNs = this.clock.nowNs();
    });
    this.sender.useCluster(cluster);
    return { cluster, newPartitioner };
  }

  private async shutDown(): Promise<void> {
    await Promise.race([this.flush(), this.closeDeadline.over]);
    this.closeDeadline.cancel();
    this.isShutDown = true;
    this.shutting.abort();
    const error = closedError();
    this.admission.close(error);
    this.sender.close(error);
    await this.cluster?.close();
    const warn = (message: string) => this.options.observer?.onWarning?.(message);
    this.intake?.close(warn);
    if (this.cluster !== null) (await this.starting)?.newPartitioner.close?.(warn);
  }
}
