import type { Clock } from '../base/clock.ts';
import { kafkaError, TidemarkError } from '../base/errors.ts';
import type { Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import { type MetadataResponse, metadataApi } from '../wire/messages/metadata.ts';
import { parseBootstrapServers } from './bootstrap-servers.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { type ClientConfig, DEFAULT_CLIENT_CONFIG } from './client-config.ts';
import { asTidemarkError, isHopeless, summary } from './contact-errors.ts';
import { formatEndpoint } from './endpoint.ts';
import { MetadataCache } from './metadata-cache.ts';
import { MetadataWaiters } from './metadata-waiters.ts';
import { closedError, NodeConnections } from './node-connections.ts';
import { insist } from './opening-errors.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { networkError } from './request-errors.ts';
import { type BrokerNode, type LeaderNews, readTopic, type TopicMetadata } from './topic-metadata.ts';

export interface ClusterOptions {
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  readonly config?: Partial<ClientConfig> | undefined;
  /** Closes the cluster when it aborts, also while connect() is under way. */
  readonly signal?: AbortSignal | undefined;
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
  readonly #cache: MetadataCache;
  readonly #updateListeners = new Set<() => void>();
  #anyOpening: Promise<BrokerConnection> | null = null;
  /** Since when every attempt to have metadata has failed. */
  #failingSinceNs: number | null = null;
  #isClosed = false;

  private constructor(options: ClusterOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.config = { ...DEFAULT_CLIENT_CONFIG, ...options.config };
    const { config } = this;
    this.#nodes = new NodeConnections({ ...options, config, onLost: () => this.#noteLost() });
    this.#waiters = new MetadataWaiters(options.clock);
    this.#cache = new MetadataCache(this.#nodes, this.#waiters);
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
   * for a malformed list; else with NETWORK, naming each server and why it was of no use, or, where a server refused
   * this client for good, with the kind of that (AUTHENTICATION, say).
   */
  static async connect(options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(options);
    options.signal?.addEventListener('abort', () => cluster.close(), { once: true });
    if (options.signal?.aborted === true) await cluster.close();
    const failures: TidemarkError[] = [];
    for (const nodeId of cluster.#nodes.nodeIds) {
      try {
        await insist(async () => cluster.#fetch(await cluster.#nodes.connectTo(nodeId), [], false));
        if (cluster.brokers.length > 0) {
          cluster.#schedule.start();
          return cluster;
        }
        const name = formatEndpoint(cluster.#nodes.endpointOf(nodeId)!);
        failures.push(networkError(`${name} tells of no brokers`));
      } catch (error) {
        if (cluster.#isClosed) throw closedError();
        failures.push(asTidemarkError(error));
      }
    }
    await cluster.close();
    const plural = failures.length > 1 ? 'none of the bootstrap servers is' : 'the bootstrap server is not';
    throw summary(`${plural} of use`, failures);
  }

  get brokers(): readonly BrokerNode[] {
    return this.#cache.brokers;
  }

  /** -1 when none is known. */
  get controllerId(): number {
    return this.#cache.controllerId;
  }

  get clusterId(): string | null {
    return this.#cache.clusterId;
  }

  cachedTopic(topic: string): TopicMetadata | null {
    return this.#cache.topic(topic);
  }

  /**
   * The topic as cached, or fetched until it has a leader. A missing topic or leader is asked for again within the
   * time budget, then TIMEOUT says why it was in vain; INVALID_TOPIC_EXCEPTION and the like reject at once.
   */
  metadataFor(topic: string, lookup: MetadataLookup = {}): Promise<TopicMetadata> {
    const cached = this.#cache.topic(topic);
    if (cached !== null) return Promise.resolve(cached);
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
    this.#cache.forget(topic);
  }

  /** Whether a topic is kept is asked whenever metadata comes; it is asked for again when somebody needs it. */
  retainTopics(isWanted: (topic: string) => boolean): void {
    this.#cache.isWanted = isWanted;
  }

  /** Takes over leaders newer than those known, as brokers name them that are asked in vain (KIP-951). */
  noteLeaders(leaders: readonly LeaderNews[], nodes: readonly BrokerNode[]): void {
    if (!this.#isClosed && this.#cache.noteLeaders(leaders, nodes)) this.#tellListeners();
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
    const failures: TidemarkError[] = [];
    const tried = new Set<string>();
    // Known brokers from a random one on, then the bootstrap servers in their order (KIP-899).
    const known = this.brokers.map((broker) => broker.nodeId);
    const start = known.length === 0 ? 0 : this.random.nextBelow(known.length);
    const mayBootstrap = known.length === 0 || this.config.metadataRecovery === 'rebootstrap';
    const bootstrap = this.#nodes.nodeIds.filter((nodeId) => nodeId < 0 && mayBootstrap);
    for (const nodeId of [...known.slice(start), ...known.slice(0, start), ...bootstrap]) {
      const endpoint = this.#nodes.endpointOf(nodeId);
      if (endpoint === null || tried.has(formatEndpoint(endpoint))) continue;
      tried.add(formatEndpoint(endpoint));
      try {
        return await this.#nodes.connectTo(nodeId);
      } catch (error) {
        if (this.#isClosed) throw closedError();
        failures.push(asTidemarkError(error));
      }
    }
    throw summary('no broker can be reached', failures);
  }

  /** What broke the connection may have changed the leaders, too (NetworkClient.handleServerDisconnect). */
  #noteLost(): void {
    if (this.brokers.length > 0) this.requestRefresh();
  }

  async #refresh(isFull: boolean): Promise<TidemarkError | null> {
    const startNs = this.clock.nowNs();
    try {
      await this.#fetchWanted(isFull);
      this.#failingSinceNs = null;
      return null;
    } catch (thrown) {
      const error = asTidemarkError(thrown);
      this.#failingSinceNs ??= startNs;
      if (isHopeless(error)) this.#waiters.rejectAll(error);
      else this.#waiters.noteAll(error);
      this.#rebootstrapAfter(error);
      return error;
    }
  }

  /** Brokers that have told nothing for long, or that say so themselves, are forgotten (KIP-1102). */
  #rebootstrapAfter(error: TidemarkError): void {
    const { metadataRecovery, rebootstrapTriggerMs } = this.config;
    if (metadataRecovery === 'none' || this.#isClosed) return;
    const failingMs = (this.clock.nowNs() - (this.#failingSinceNs ?? 0)) / 1e6;
    if (error.kind !== 'REBOOTSTRAP_REQUIRED' && failingMs < rebootstrapTriggerMs) return;
    this.#failingSinceNs = null;
    this.#cache.forgetBrokers();
  }

  /** Topics that may be created are asked for apart: the flag holds for a whole request. */
  async #fetchWanted(isFull: boolean): Promise<void> {
    const toCreate = this.#waiters.topics(true);
    const others = new Set(this.#waiters.topics(false));
    if (isFull) for (const topic of this.#cache.topicNames) if (!toCreate.includes(topic)) others.add(topic);
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
    if (this.#isClosed) return response;
    this.#cache.apply(response);
    this.#tellListeners();
    return response;
  }

  #tellListeners(): void {
    for (const listener of [...this.#updateListeners]) listener();
  }
}
