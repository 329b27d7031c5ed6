import type { Clock } from '../base/clock.ts';
import type { Storage } from '../base/storage.ts';
import type { BufferBudget } from './buffer-budget.ts';
import type { ClusterState } from './cluster-state.ts';
import type { ServerLimits } from './server-limits.ts';

/** What a broker has done since it started. */
export interface BrokerCounters {
  connectionsAccepted: number;
  connectionsRefused: number;
  requests: number;
  /** Connections that the broker closed because of what the client sent, or did not send. */
  disconnects: number;
  /** Requests that failed by a defect of ours. */
  handlerFailures: number;
  appendedBatches: number;
  appendedRecords: number;
  appendedBytes: number;
  /** Batches of idempotent producers that were there already: answered, and not appended again. */
  duplicateBatches: number;
}

/** One broker of an embedded cluster, as its handlers see it. */
export class Broker {
  readonly nodeId: number;
  readonly cluster: ClusterState;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  /** Shared by all brokers of the cluster. */
  readonly budget: BufferBudget;
  /** Where clients reach it; the port is known once it listens. */
  readonly host: string;
  /** How long it takes over each produce request before it answers: a broker that is busy, for experiments. */
  readonly processingMs: number;
  port = 0;
  lastDisconnectReason: string | null = null;
  readonly counters: BrokerCounters = {
    connectionsAccepted: 0,
    connectionsRefused: 0,
    requests: 0,
    disconnects: 0,
    handlerFailures: 0,
    appendedBatches: 0,
    appendedRecords: 0,
    appendedBytes: 0,
    duplicateBatches: 0,
  };

  constructor(options: BrokerOptions) {
    this.nodeId = options.nodeId;
    this.cluster = options.cluster;
    this.storage = options.storage;
    this.clock = options.clock;
    this.limits = options.limits;
    this.budget = options.budget;
    this.host = options.host;
    this.processingMs = options.processingMs ?? 0;
  }

  /** The directory of this broker in its storage: brokers may share one storage. */
  get directory(): string {
    return `broker-${this.nodeId}`;
  }
}

export interface BrokerOptions {
  readonly nodeId: number;
  readonly cluster: ClusterState;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly limits: ServerLimits;
  readonly budget: BufferBudget;
  /** The name that clients are told to connect to. */
  readonly host: string;
  /** 0 unless given. */
  readonly processingMs?: number | undefined;
}
