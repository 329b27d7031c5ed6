import type { Clock } from '../base/clock.ts';
import { kafkaError, TidemarkError } from '../base/errors.ts';
import type { Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import { type MetadataResponse, metadataApi } from '../wire/messages/metadata.ts';
import { parseBootstrapServers } from './bootstrap-servers.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { type ClientConfig, DEFAULT_CLIENT_CONFIG } from './client-config.ts';
import { formatEndpoint } from './endpoint.ts';
import { MetadataWaiters } from './metadata-waiters.ts';
import { closedError, NodeConnections } from './node-connections.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { type BrokerNode, hasLeader, readTopic, type TopicMetadata } from './topic-metadata.ts';

export interface ClusterOptions {
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly config?: Partial<ClientConfig> | undefined;
}

export interface MetadataLookup {
  /** How long to wait for a topic that is not known yet; default.api.timeout.ms unless told. */
  readonly timeoutMs?: number | undefined;
  /** Lets the broker create a missing topic, if its auto.create.topics.enable does. */
  readonly allowAutoCreation?: boolean | undefined;
}

/**
 * What is known of a cluster, and the connections to it. Metadata is fetched when a topic is first asked for, when
 * requestRefresh() says that it seems stale, and after metadata.max.age.ms; whoever asks meanwhile shares the
 * request that is under way. Only a topic that somebody waits for is ever created by asking.
 */
export class Cluster {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: ClientConfig;
  readonly #nodes: NodeConnections;
  readonly #waiters: MetadataWaiters;
  readonly #schedule: RefreshSchedule;
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #updateListeners = new Set<() => void>();
  #brokers: readonly BrokerNode[] = [];
  #controllerId = -1;
  #clusterId: string | null = null;
  #anyOpening: Promise<BrokerConnection> | null = null;
  #isClosed = false;

  private constructor(options: ClusterOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.config = { ...DEFAULT_CLIENT_CONFIG, ...options.config };
    this.#nodes = new NodeConnections({ ...options, config: this.config });
    this.#waiters = new MetadataWaiters(options.clock);
    this.#schedule = new RefreshSchedule(this, {
      run: (isFull) => this.#refresh(isFull),
      isWanted: () => !this.#waiters.isEmpty,
    });
    parseBootstrapServers(options.bootstrapServers).forEach((endpoint, index) => {
      this.#nodes.setEndpoint(-1 - index, endpoint);
    });
  }

  /**
   * Tries the bootstrap servers in turn, each once, until one tells the cluster's brokers. Rejects with CONFIG
   * for a malformed list, else with NETWORK, naming each server and why it was of no use.
   */
  static async connect(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    const failures: string[] = [];
    for (const nodeId of cluster.#nodes.nodeIds) {
      try {
        const connection = await cluster.#nodes.connectTo(nodeId);
        await cluster.#fetch(connection, [], false);
        if (cluster.#brokers.length > 0) {
          cluster.#schedule.start();
          return cluster;
        }
        failures.push(`${connection.name} tells of no brokers`);
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
    await cluster.close();
    const plural = failures.length > 1 ? 'none of the bootstrap servers is' : 'the bootstrap server is not';
    throw new TidemarkError('NETWORK', `${plural} of use: ${failures.join('; ')}`, { retriable: true });
  }

  get brokers(): readonly BrokerNode[] {
    return this.#brokers;
  }

  /** -1 when none is known. */
  get controllerId(): number {
    return this.#controllerId;
  }

  get clusterId(): string | null {
    return this.#clusterId;
  }

  cachedTopic(topic: string): TopicMetadata | null {
    return this.#topics.get(topic) ?? null;
  }

  /**
   * The topic as cached, or fetched until it has a leader. A missing topic or leader is asked for again within the
   * time budget, then TIMEOUT says why it was in vain; INVALID_TOPIC_EXCEPTION and the like reject at once.
   */
  metadataFor(topic: string, lookup: MetadataLookup = {}): Promise<TopicMetadata> {
    const cached = this.#topics.get(topic);
    if (cached !== undefined) return Promise.resolve(cached);
    if (this.#isClosed) return Promise.reject(closedError());
    const found = this.#waiters.wait(topic, {
      timeoutMs: lookup.timeoutMs ?? this.config.defaultApiTimeoutMs,
      allowAutoCreation: lookup.allowAutoCreation ?? true,
    });
    this.#schedule.want();
    return found;
  }

  /** Renews what is cached soon, at most once per retry.backoff.ms: call it when a broker disowns a partition. */
  requestRefresh(): void {
    this.#schedule.suspect();
  }

  /** Fetches one topic now, never creating it. Rejects with the broker's error, UNKNOWN_TOPIC_OR_PARTITION say. */
  async fetchTopic(topic: string): Promise<TopicMetadata> {
    const response = await this.#fetch(await this.anyConnection(), [topic], false);
    const answer = response.topics.find((each) => each.name === topic);
    if (answer === undefined)
      throw new TidemarkError('PROTOCOL', `the metadata asked for lacks topic ${topic}`);
    if (answer.errorCode !== 0) throw kafkaError(answer.errorCode, `topic ${topic}`);
    return readTopic(answer, this.cachedTopic(topic));
  }

  /** Drops a topic from the cache, so that it is not asked for again until somebody needs it. */
  forgetTopic(topic: string): void {
    this.#topics.delete(topic);
  }

  /** Calls back whenever a metadata response was read, until the function returned is called. */
  onUpdate(listener: () => void): () => void {
    this.#updateListeners.add(listener);
    return () => this.#updateListeners.delete(listener);
  }

  /** The node's shared connection, opened when it is not. Rejects with NETWORK and the like, after backing off. */
  connectionTo(nodeId: number): Promise<BrokerConnection> {
    return this.#nodes.connectTo(nodeId);
  }

  /** The node's connection if it is open now. */
  openConnectionTo(nodeId: number): BrokerConnection | null {
    return this.#nodes.openTo(nodeId);
  }

  /** An open connection, else one to whichever node or bootstrap server can be reached. */
  anyConnection(): Promise<BrokerConnection> {
    const open = this.#nodes.leastLoaded();
    if (open !== null) return Promise.resolve(open);
    this.#anyOpening ??= this.#openAny().finally(() => {
      this.#anyOpening = null;
    });
    return this.#anyOpening;
  }

  /** Closes every connection and rejects whoever waits. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#schedule.close();
    this.#waiters.rejectAll(closedError());
    this.#nodes.close();
    this.#updateListeners.clear();
  }

  async #openAny(): Promise<BrokerConnection> {
    const failures: string[] = [];
    const tried = new Set<string>();
    // Known brokers from a random one on, then the bootstrap servers in their order.
    const known = this.#brokers.map((broker) => broker.nodeId);
    const start = known.length === 0 ? 0 : this.random.nextBelow(known.length);
    const bootstrap = this.#nodes.nodeIds.filter((nodeId) => nodeId < 0);
    for (const nodeId of [...known.slice(start), ...known.slice(0, start), ...bootstrap]) {
      const endpoint = this.#nodes.endpointOf(nodeId);
      if (endpoint === null || tried.has(formatEndpoint(endpoint))) continue;
      tried.add(formatEndpoint(endpoint));
      try {
        return await this.#nodes.connectTo(nodeId);
      } catch (error) {
        if (this.#isClosed) throw closedError();
        failures.push((error as Error).message);
      }
    }
    throw new TidemarkError('NETWORK', `no broker can be reached: ${failures.join('; ')}`, {
      retriable: true,
    });
  }

  async #refresh(isFull: boolean): Promise<TidemarkError | null> {
    try {
      await this.#fetchWanted(isFull);
      return null;
    } catch (thrown) {
      const error = asTidemarkError(thrown);
      if (isHopeless(error)) this.#waiters.rejectAll(error);
      else this.#waiters.noteAll(error);
      return error;
    }
  }

  /** Topics that may be created are asked for apart: the flag holds for a whole request. */
  async #fetchWanted(isFull: boolean): Promise<void> {
    const toCreate = this.#waiters.topics(true);
    const others = new Set(this.#waiters.topics(false));
    if (isFull) for (const topic of this.#topics.keys()) if (!toCreate.includes(topic)) others.add(topic);
    if (toCreate.length === 0 && others.size === 0 && !isFull) return;
    const connection = await this.anyConnection();
    const fetches: Promise<unknown>[] = [];
    if (toCreate.length > 0) fetches.push(this.#fetch(connection, toCreate, true));
    if (others.size > 0 || isFull) fetches.push(this.#fetch(connection, [...others], false));
    await Promise.all(fetches);
  }

  async #fetch(
    connection: BrokerConnection,
    topics: readonly string[],
    allowAutoTopicCreation: boolean,
  ): Promise<MetadataResponse> {
    const response = await connection.request(metadataApi, {
      topics: topics.map((name) => ({ name })),
      allowAutoTopicCreation,
    });
    if (response.errorCode !== 0) throw kafkaError(response.errorCode, `metadata of ${connection.name}`);
    if (!this.#isClosed) this.#apply(response);
    return response;
  }

  #apply(response: MetadataResponse): void {
    // A broker that is starting up may not know the others yet.
    if (response.brokers.length > 0) this.#applyBrokers(response);
    this.#controllerId = response.controllerId;
    this.#clusterId = response.clusterId;
    for (const answer of response.topics) {
      const name = answer.name ?? '';
      if (answer.errorCode !== 0) this.#noteTopicError(name, answer.errorCode);
      else this.#noteTopic(readTopic(answer, this.cachedTopic(name)));
    }
    for (const listener of [...this.#updateListeners]) listener();
  }

  #applyBrokers(response: MetadataResponse): void {
    this.#brokers = response.brokers;
    const known = new Set(response.brokers.map((broker) => broker.nodeId));
    for (const nodeId of this.#nodes.nodeIds) {
      if (nodeId >= 0 && !known.has(nodeId)) this.#nodes.remove(nodeId);
    }
    for (const { nodeId, host, port } of response.brokers) {
      this.#nodes.setEndpoint(nodeId, { host, port });
      const twin = this.#nodes.nodeIds.find(
        (id) => id < 0 && formatEndpoint(this.#nodes.endpointOf(id)!) === formatEndpoint({ host, port }),
      );
      if (twin !== undefined) this.#nodes.adopt(twin, nodeId);
    }
  }

  #noteTopic(topic: TopicMetadata): void {
    if (!hasLeader(topic) && this.#waiters.has(topic.name)) {
      this.#waiters.note(topic.name, kafkaError(LEADER_NOT_AVAILABLE, `topic ${topic.name}`));
      return;
    }
    // A topic that nobody asked to keep (an admin call looked at it) does not join the cache.
    if (this.#topics.has(topic.name) || this.#waiters.has(topic.name)) this.#topics.set(topic.name, topic);
    this.#waiters.resolve(topic);
  }

  #noteTopicError(topic: string, errorCode: number): void {
    const error = kafkaError(errorCode, `topic ${topic}`);
    if (error.kind === 'UNKNOWN_TOPIC_OR_PARTITION') this.#topics.delete(topic);
    if (error.retriable) this.#waiters.note(topic, error);
    else this.#waiters.reject(topic, error);
  }
}

const LEADER_NOT_AVAILABLE = 5;

/** Whether asking again, of any broker, cannot help: not an answer of the kind that networks and elections cause. */
function isHopeless(error: TidemarkError): boolean {
  return !error.retriable && !['NETWORK', 'TIMEOUT', 'PROTOCOL'].includes(error.kind);
}

function asTidemarkError(thrown: unknown): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new TidemarkError('NETWORK', message, { cause: thrown, retriable: true });
}
