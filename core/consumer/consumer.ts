import type { Clock } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Network } from '../base/network.ts';
import { type Random, SeededRandom } from '../base/random.ts';
import { realClock } from '../base/real-clock.ts';
import { Cluster } from '../client/cluster.ts';
import { listOffsets } from '../client/list-offsets.ts';
import { createTcpNetwork } from '../client/tcp-network.ts';
import { type ConsumerConfig, parseConsumerConfig } from './config.ts';
import type { ConsumerRecord, TopicPartition } from './consumer-record.ts';
import { createDecoder, type DeserializerOption } from './record-decoder.ts';
import { RecordStream } from './record-stream.ts';

/** What no property can say. Whatever of the outside world is not given is the real one. */
export interface ConsumerOptions<K = unknown, V = unknown> {
  /** Without one, keys are bytes. */
  readonly keyDeserializer?: DeserializerOption<K>;
  /** Without one, values are bytes. */
  readonly valueDeserializer?: DeserializerOption<V>;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly network?: Network;
}

export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/**
 * Reads assigned partitions by offset, as Kafka's consumer does without a group. Topics are never created by
 * reading them. While one poll's records are worked on, the next are fetched: at most one response per broker and
 * partition is held. Properties are Kafka's (CONSUMER_OPTIONS). `K` and `V` are what deserializers give.
 */
export class Consumer<K = Buffer, V = Buffer> implements AsyncDisposable {
  readonly #config: ConsumerConfig;
  readonly #environment: Required<Pick<ConsumerOptions, 'clock' | 'random' | 'network'>>;
  readonly #stream: RecordStream;
  #cluster: Promise<Cluster> | null = null;
  #isPolling = false;
  #isClosed = false;

  /** Connects when first needed. Throws CONFIG, naming everything that is wrong with properties and options. */
  constructor(
    properties: Readonly<Record<string, string | number | boolean>>,
    options: ConsumerOptions<K, V> = {},
  ) {
    const { config, problems } = parseConsumerConfig(properties);
    if (problems.length > 0) {
      throw new TidemarkError('CONFIG', problems.map(({ message }) => message).join('; '));
    }
    const clock = options.clock ?? realClock;
    this.#config = config;
    this.#environment = {
      clock,
      random: options.random ?? new SeededRandom(clock.nowNs()),
      network: options.network ?? createTcpNetwork(),
    };
    this.#stream = new RecordStream(config, clock, createDecoder(options));
  }

  /** Replaces what is read. A partition that stays keeps its place; a new one begins by auto.offset.reset. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#assertOpen();
    this.#stream.assign(partitions);
  }

  get assignment(): TopicPartition[] {
    return this.#stream.assignment;
  }

  /** The next poll goes on from `offset`. Throws ILLEGAL_STATE for a partition that is not assigned. */
  seek(topic: string, partition: number, offset: number): void {
    this.#assertOpen();
    this.#stream.seek(topic, partition, offset);
  }

  /** Offset of the next record that poll will return; null until auto.offset.reset has found it. */
  position(topic: string, partition: number): number | null {
    return this.#stream.position(topic, partition);
  }

  /**
   * Up to max.poll.records records, in the order of offsets within a partition; none when none came within
   * `timeoutMs` (connecting, the first time, may take longer). Rejects with what a broker answered, NETWORK, CORRUPT_MESSAGE, or OFFSET_OUT_OF_RANGE where
   * auto.offset.reset=none; the next poll goes on where this one failed. With RecordDeserializationError for a
   * record that its deserializer refuses, at which it stays until sought away.
   */
  async poll(timeoutMs: number): Promise<ConsumerRecord<K, V>[]> {
    this.#assertOpen();
    if (this.#isPolling) throw new TidemarkError('ILLEGAL_STATE', 'poll() while another poll() is under way');
    this.#isPolling = true;
    try {
      const endNs = this.#environment.clock.nowNs() + timeoutMs * 1e6;
      this.#stream.start(await this.#connected());
      return (await this.#stream.take(endNs)) as ConsumerRecord<K, V>[];
    } finally {
      this.#isPolling = false;
    }
  }

  /** Offset after the last record of each partition, in the order asked. */
  endOffsets(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    return this.#listOffsets(partitions, 'latest');
  }

  /** Offset of the first record each partition still holds, in the order asked. */
  beginningOffsets(partitions: readonly TopicPartition[]): Promise<PartitionOffset[]> {
    return this.#listOffsets(partitions, 'earliest');
  }

  /** Closes the connections; a poll under way returns nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream.close();
    const cluster = await this.#cluster?.catch(() => null);
    await cluster?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listOffsets(
    partitions: readonly TopicPartition[],
    at: 'earliest' | 'latest',
  ): Promise<PartitionOffset[]> {
    this.#assertOpen();
    const cluster = await this.#connected();
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    const found = new Map<string, Awaited<ReturnType<typeof listOffsets>>>();
    await Promise.all(
      [...byTopic].map(async ([topic, theirs]) => {
        const asked = theirs.map(({ partition }) => partition);
        found.set(topic, await listOffsets(cluster, topic, asked, at));
      }),
    );
    return partitions.map(({ topic, partition }) => ({
      topic,
      partition,
      offset: found.get(topic)!.get(partition)!.offset,
    }));
  }

  #connected(): Promise<Cluster> {
    const { bootstrapServers, clientId, client } = this.#config;
    this.#cluster ??= Cluster.connect({
      bootstrapServers: [bootstrapServers],
      clientId,
      ...this.#environment,
      config: client,
    }).catch((error: unknown) => {
      this.#cluster = null;
      throw error;
    });
    return this.#cluster;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new TidemarkError('ILLEGAL_STATE', 'the consumer is closed');
  }
}
