import type { Clock, Timer } from '../base/clock.ts';
import { TidemarkError } from '../base/errors.ts';
import type { Network } from '../base/network.ts';
import type { Random } from '../base/random.ts';
import type { Storage } from '../base/storage.ts';
import { Broker, type BrokerCounters } from './broker.ts';
import { BufferBudget } from './buffer-budget.ts';
import { ClusterState } from './cluster-state.ts';
import { createHandlerTable } from './handler-table.ts';
import { processingProblems } from './processing-delays.ts';
import { ProducerIds } from './producer-ids.ts';
import { BrokerServer } from './server.ts';
import { DEFAULT_SERVER_LIMITS, type ServerLimits } from './server-limits.ts';
import { parseTopicDefaults } from './topic-settings.ts';
import { TopicStore } from './topic-store.ts';

/** Retention by time, and by size where little is written, is looked after this often. */
const RETENTION_CHECK_MS = 1_000;
const DEFAULT_PARTITIONS = 3;
const MAX_PORT = 65_535;
/** Hosts that mean every address of the machine, and so are no address to connect to. */
const WILDCARD_HOSTS = new Set(['0.0.0.0', '::', '']);

export interface EmbeddedClusterOptions {
  readonly brokers: number;
  readonly host: string;
  /** What clients are told to connect to; `host` unless given, and localhost for a wildcard host. */
  readonly advertisedHost?: string;
  /** Port of the first broker, the others take the following ones; 0 takes free ones. */
  readonly port: number;
  readonly network: Network;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Asked once per broker, ids from 1 on; brokers may share one storage, since each keeps to a directory
   * `broker-<id>`. The list of topics and the
   * producer ids given out are kept in the first broker's. The cluster closes a storage that can be
   * closed when it closes itself.
   */
  readonly storage: (nodeId: number) => Storage;
  /** Partitions of topics that do not say how many: 3 unless given. */
  readonly defaultPartitions?: number;
  /** Only 1: brokers do not replicate. */
  readonly replicationFactor?: number;
  /** Whether Metadata may make topics; yes unless given. Kafka's auto.create.topics.enable. */
  readonly autoCreateTopics?: boolean;
  /** Defaults of topic configs under the topic's names (`segment.bytes`, `retention.bytes`, ...). */
  readonly topicConfigs?: Readonly<Record<string, string | number | boolean>>;
  readonly limits?: Partial<ServerLimits>;
  /**
   * By broker id: how long it takes over each produce request before it answers. Its connection waits meanwhile, as
   * with a broker that is busy: 20 ms let 50 requests per second pass on a connection.
   */
  readonly processingMs?: Readonly<Record<number, number>>;
  /** Told of requests that failed by a defect of ours, once each; their connections were closed. */
  readonly onFailure?: (error: unknown, context: string) => void;
}

export interface EmbeddedCluster {
  /** `host:port` of every broker, comma separated. */
  readonly bootstrapServers: string;
  readonly clusterId: string;
  /** Totals over all brokers since the start. */
  stats(): ClusterStats;
  /** Ends the connections, flushes the logs and marks their clean shutdown. Further calls wait for the first. */
  close(): Promise<void>;
}

export interface ClusterStats extends BrokerCounters {
  readonly connections: number;
  readonly topics: number;
  /** Request and response bytes held for clients at the moment. */
  readonly heldBytes: number;
  /** Why the broker last closed a connection; for people. */
  readonly lastDisconnectReason: string | null;
}

/**
 * Starts an embedded cluster in this thread, each broker on a port of its own. Rejects with a TidemarkError:
 * CONFIG for options that cannot be, INVALID_REPLICATION_FACTOR, NETWORK naming the host:port that could not be
 * had (`EADDRINUSE`), KAFKA_STORAGE_ERROR for data that cannot be opened. Nothing is left open then.
 */
export async function startEmbeddedCluster(options: EmbeddedClusterOptions): Promise<EmbeddedCluster> {
  checkOptions(options);
  const limits = { ...DEFAULT_SERVER_LIMITS, ...options.limits };
  const topicDefaults = parseTopicDefaults(options.topicConfigs ?? {});
  const storages = Array.from({ length: options.brokers }, (_, index) => options.storage(index + 1));
  const state = new ClusterState({
    autoCreateTopics: options.autoCreateTopics ?? true,
    defaultPartitions: options.defaultPartitions ?? DEFAULT_PARTITIONS,
    topicDefaults,
    maxPartitions: limits.maxPartitions,
    clock: options.clock,
    random: options.random,
    store: new TopicStore(storages[0]!),
    producerIds: new ProducerIds(storages[0]!),
    producerLimits: {
      expirationMs: limits.producerIdExpirationMs,
      maxProducers: limits.maxProducersPerPartition,
    },
  });
  const budget = new BufferBudget(limits.totalBufferMaxBytes, limits.halfReadMaxCount);
  const host = options.advertisedHost ?? (WILDCARD_HOSTS.has(options.host) ? 'localhost' : options.host);
  const brokers = storages.map((storage, index) => {
    const processingMs = options.processingMs?.[index + 1];
    const { clock } = options;
    return new Broker({
      nodeId: index + 1,
      cluster: state,
      storage,
      clock,
      limits,
      budget,
      host,
      processingMs,
    });
  });
  const handlers = createHandlerTable();
  const onFailure = options.onFailure ?? (() => {});
  const servers = brokers.map((broker) => new BrokerServer(broker, handlers, onFailure));
  const cluster = new RunningCluster({ state, budget, brokers, servers, storages, clock: options.clock });
  try {
    // The logs first: a client that connects must find its topics.
    state.start(brokers);
    for (const [index, server] of servers.entries()) await listen(server, index, options);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  cluster.scheduleRetention();
  return cluster;
}

function checkOptions({
  brokers,
  port,
  replicationFactor,
  defaultPartitions,
  limits,
  processingMs,
}: EmbeddedClusterOptions): void {
  const problems: string[] = [];
  if (!Number.isInteger(brokers) || brokers < 1) problems.push(`brokers must be at least 1, got ${brokers}`);
  if (!Number.isInteger(port) || port < 0 || (port > 0 && port + brokers - 1 > MAX_PORT)) {
    problems.push(`port must be 0, or leave room for ${brokers} brokers up to ${MAX_PORT}, got ${port}`);
  }
  if (defaultPartitions !== undefined && !(Number.isInteger(defaultPartitions) && defaultPartitions >= 1)) {
    problems.push(`partitions must be at least 1, got ${defaultPartitions}`);
  }
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!(value > 0)) problems.push(`${name} must be above 0, got ${value}`);
  }
  problems.push(...processingProblems(processingMs ?? {}, brokers));
  if (problems.length > 0) throw new TidemarkError('CONFIG', problems.join('; '));
  if (replicationFactor !== undefined && replicationFactor !== 1) {
    throw new TidemarkError(
      'INVALID_REPLICATION_FACTOR',
      `replication factor ${replicationFactor} is not possible: the embedded cluster does not replicate yet, so only 1 is`,
    );
  }
}

async function listen(server: BrokerServer, index: number, options: EmbeddedClusterOptions): Promise<void> {
  const port = options.port === 0 ? 0 : options.port + index;
  try {
    await server.listen(options.network, { host: options.host, port });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const advice = code === 'EADDRINUSE' ? ': stop what listens there or choose another port' : '';
    throw new TidemarkError(
      'NETWORK',
      `broker ${index + 1} cannot listen on ${options.host}:${port} (${code ?? message})${advice}`,
      { cause: error },
    );
  }
}

class RunningCluster implements EmbeddedCluster {
  readonly #parts: ClusterParts;
  #retentionTimer: Timer | null = null;
  #closing: Promise<void> | null = null;

  constructor(parts: ClusterParts) {
    this.#parts = parts;
  }

  get bootstrapServers(): string {
    return this.#parts.brokers
      .map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
      .join(',');
  }

  get clusterId(): string {
    return this.#parts.state.clusterId;
  }

  scheduleRetention(): void {
    const { clock, state } = this.#parts;
    this.#retentionTimer = clock.setTimer(() => {
      state.enforceRetention();
      this.scheduleRetention();
    }, RETENTION_CHECK_MS);
  }

  stats(): ClusterStats {
    const { brokers, servers, state, budget } = this.#parts;
    const sum = (name: keyof BrokerCounters) =>
      brokers.reduce((total, { counters }) => total + counters[name], 0);
    return {
      connectionsAccepted: sum('connectionsAccepted'),
      connectionsRefused: sum('connectionsRefused'),
      requests: sum('requests'),
      disconnects: sum('disconnects'),
      handlerFailures: sum('handlerFailures'),
      appendedBatches: sum('appendedBatches'),
      appendedRecords: sum('appendedRecords'),
      appendedBytes: sum('appendedBytes'),
      duplicateBatches: sum('duplicateBatches'),
      connections: servers.reduce((total, server) => total + server.connectionCount, 0),
      topics: [...state.topics()].length,
      heldBytes: budget.heldBytes,
      lastDisconnectReason:
        brokers.find((broker) => broker.lastDisconnectReason)?.lastDisconnectReason ?? null,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, state, servers, storages } = this.#parts;
    if (this.#retentionTimer !== null) clock.clearTimer(this.#retentionTimer);
    await Promise.all(servers.map((server) => server.close()));
    try {
      state.close();
    } finally {
      for (const storage of new Set(storages)) closeStorage(storage);
    }
  }
}

interface ClusterParts {
  readonly state: ClusterState;
  readonly budget: BufferBudget;
  readonly brokers: readonly Broker[];
  readonly servers: readonly BrokerServer[];
  readonly storages: readonly Storage[];
  readonly clock: Clock;
}

/** A storage on disk holds a lock; one in memory has nothing to close. */
function closeStorage(storage: Storage & { close?: () => void }): void {
  storage.close?.();
}
