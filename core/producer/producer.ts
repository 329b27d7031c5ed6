import { BufferPool } from '../base/buffer-pool.ts';
import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Network } from '../base/network.ts';
import { type Random, SeededRandom } from '../base/random.ts';
import { realClock } from '../base/real-clock.ts';
import { timerDelayMs } from '../client/backoff.ts';
import { Cluster } from '../client/cluster.ts';
import { createTcpNetwork } from '../client/tcp-network.ts';
import { CompressionRatioEstimator } from '../record/compression-ratio.ts';
import { Accumulator } from './accumulator.ts';
import { Admission } from './admission.ts';
import { BatchSettler } from './batch-settler.ts';
import { type ProducerConfig, parseProducerConfig } from './config.ts';
import { ProducerMetrics } from './metrics/producer-metrics.ts';
import {
  loadPartitionerFactory,
  type PartitionerFactory,
  partitionerFactory,
} from './partitioners/create.ts';
import { closedError } from './produce-errors.ts';
import type { ProducerCluster } from './producer-cluster.ts';
import { Sender } from './sender.ts';
import type {
  DeliveryCallback,
  PartitionInfo,
  ProducerObserver,
  ProducerRecord,
  ProducerStats,
  RecordMetadata,
} from './types.ts';

export type * from './types.ts';

/** Whatever of the outside world is not given is the real one. */
export interface ProducerEnvironment {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly network?: Network;
  readonly observer?: ProducerObserver;
  /** Instead of a cluster of its own: for tests and benchmarks without a network. */
  readonly connect?: (config: ProducerConfig) => Promise<ProducerCluster>;
}

interface Started {
  readonly cluster: ProducerCluster;
  readonly newPartitioner: PartitionerFactory;
}

/**
 * A Kafka producer. Properties go by Kafka's own names. Nothing is connected before the first send(), ready() or
 * partitionsFor(). Every record accepted settles exactly once: acknowledged, or failed with a TidemarkError.
 */
export class Producer implements AsyncDisposable {
  readonly config: ProducerConfig;
  private readonly clock: Clock;
  private readonly environment: ProducerEnvironment;
  private readonly random: Random;
  private readonly pool: BufferPool;
  private readonly admission: Admission;
  private readonly sender: Sender;
  private readonly settler: BatchSettler;
  private readonly accumulator: Accumulator;
  private readonly metricsOfParts = new ProducerMetrics();
  private starting: Promise<Started> | null = null;
  private closing: Promise<void> | null = null;
  private cluster: ProducerCluster | null = null;
  /** close() was called. */
  private isClosed = false;
  /** close() is past waiting. */
  private isShutDown = false;

  /** Throws TidemarkError CONFIG, naming every problem of the properties. */
  constructor(
    properties: Readonly<Record<string, string | number | boolean>>,
    environment: ProducerEnvironment = {},
  ) {
    const { config, problems, warnings } = parseProducerConfig(properties);
    if (problems.length > 0) {
      throw new TidemarkError('CONFIG', problems.map((problem) => problem.message).join('\n'));
    }
    this.config = config;
    this.environment = environment;
    const clock = environment.clock ?? realClock;
    this.clock = clock;
    this.random = environment.random ?? new SeededRandom(clock.nowNs() + process.pid);
    const observer = environment.observer ?? {};
    for (const warning of warnings) observer.onWarning?.(warning);
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
    const settler = new BatchSettler({ config, accumulator, ratios, observer, metrics: this.metricsOfParts });
    this.settler = settler;
    this.admission = new Admission({
      clock,
      accumulator,
      pool,
      maxBlockMs: config.maxBlockMs,
      retryBackoffMs: config.retryBackoffMs,
      start: () => this.start(),
      onExhausted: () => this.sender.schedule(),
      onTopicReady: () => this.sender.schedule(),
      onRefused: (nowNs) => settler.noteRefused(nowNs),
    });
    const { topics } = this.admission;
    this.sender = new Sender({ config, clock, random: this.random, accumulator, pool, settler, topics });
  }

  /** Connects, and loads the partitioner if it is a module. Rejects with NETWORK or CONFIG; may be called again. */
  async ready(): Promise<void> {
    await this.start();
  }

  /**
   * Promise form: resolves when the record is acknowledged, rejects with a TidemarkError; while buffer.memory or
   * metadata lack, the record waits.
   */
  send(record: ProducerRecord): Promise<RecordMetadata>;
  /**
   * Callback form; with null, fire and forget. True: appended. False: the record waits for metadata or
   * buffer.memory, in order, for at most max.block.ms, and the caller should hold back; until it settles its key
   * and value must not be changed. The callback never runs inside send().
   * Throws SERIALIZATION or INVALID_ARGUMENT for what is no record, and PRODUCER_CLOSED after close().
   */
  send(record: ProducerRecord, callback: DeliveryCallback | null, opaque?: number | object): boolean;
  send(
    record: ProducerRecord,
    callback?: DeliveryCallback | null,
    opaque?: number | object,
  ): boolean | Promise<RecordMetadata> {
    if (callback === undefined) return this.sendPromise(record);
    if (this.isClosed) throw closedError();
    return this.admission.offer(record, callback, opaque);
  }

  private sendPromise(record: ProducerRecord): Promise<RecordMetadata> {
    if (this.isClosed) return Promise.reject(closedError());
    const promise = new Promise(takeResolve) as Promise<RecordMetadata>;
    const resolve = takenResolve;
    try {
      this.admission.offer(record, settlePromise, resolve);
    } catch (error) {
      resolve(Promise.reject(error) as Promise<RecordMetadata>);
    }
    return promise;
  }

  /** Sends at once what lingers; resolves when every record sent before has settled. */
  async flush(): Promise<void> {
    this.sender.beginFlush();
    try {
      await new Promise<void>((resolve) => this.admission.whenAdmitted(resolve));
      await new Promise<void>((resolve) => this.accumulator.incomplete.whenSettled(resolve));
    } finally {
      this.sender.endFlush();
    }
  }

  /**
   * Refuses further records, waits for those sent to settle, and closes the connections. What is left after
   * timeoutMs fails with PRODUCER_CLOSED. Closing again gives the same promise.
   */
  close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.isClosed = true;
    this.closing ??= this.shutDown(options.timeoutMs ?? Number.POSITIVE_INFINITY);
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The topic's partitions; rejects after max.block.ms with TIMEOUT. */
  async partitionsFor(topic: string): Promise<PartitionInfo[]> {
    if (this.isClosed) throw closedError();
    const { cluster } = await this.start();
    const view = await cluster.metadataFor(topic, { timeoutMs: Math.max(1, this.config.maxBlockMs) });
    return view.partitions.map(({ partition, leaderId, replicas = [], isr = [] }) => {
      return { topic, partition, leaderId, replicas, isr };
    });
  }

  /** Of buffer.memory, what no batch holds. */
  get bufferAvailableBytes(): number {
    return this.pool.availableBytes;
  }

  stats(): ProducerStats {
    return this.settler.stats();
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
    const { partitioner } = this.config;
    const newPartitioner =
      partitioner.kind === 'module'
        ? await loadPartitionerFactory(partitioner.path)
        : partitionerFactory(partitioner, this.random, this.config.batchSizeBytes)!;
    const cluster = await (this.environment.connect ?? ((config) => this.connectCluster(config)))(
      this.config,
    );
    if (this.isShutDown) {
      await cluster.close();
      throw closedError();
    }
    this.cluster = cluster;
    this.sender.useCluster(cluster);
    return { cluster, newPartitioner };
  }

  private connectCluster(config: ProducerConfig): Promise<ProducerCluster> {
    const { clock, random } = this;
    const network = this.environment.network ?? createTcpNetwork();
    const { bootstrapServers, clientId } = config;
    return Cluster.connect({ bootstrapServers, clientId, network, clock, random, config });
  }

  private async shutDown(timeoutMs: number): Promise<void> {
    if (timeoutMs > 0) await this.flushWithin(timeoutMs);
    this.isShutDown = true;
    const error = closedError();
    this.admission.close(error);
    this.sender.close(error);
    await this.cluster?.close();
  }

  private flushWithin(timeoutMs: number): Promise<void> {
    const flushed = this.flush();
    if (timeoutMs === Number.POSITIVE_INFINITY) return flushed;
    return new Promise((resolve) => {
      const timer = this.clock.setTimer(resolve, timerDelayMs(timeoutMs));
      flushed.then(() => {
        this.clock.clearTimer(timer);
        resolve();
      });
    });
  }
}

type Resolve = (value: RecordMetadata | Promise<RecordMetadata>) => void;

/** One executor for all promises: the resolve function of the promise just made is handed over through here. */
let takenResolve: Resolve;

function takeResolve(resolve: (value: never) => void): void {
  takenResolve = resolve as Resolve;
}

/** The opaque of a promise is its resolve function; resolving with a rejected promise rejects. */
const settlePromise: DeliveryCallback = (error, metadata, opaque) => {
  (opaque as Resolve)(error === null ? metadata : Promise.reject(error));
};
