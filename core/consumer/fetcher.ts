import type { Clock, Timer } from '../base/clock.ts';
import { kafkaError, TidemarkError } from '../base/errors.ts';
import type { BrokerConnection } from '../client/broker-connection.ts';
import { type FetchResponse, fetchApi } from '../wire/messages/fetch.ts';
import { assertAdvances, FetchExchange, type FetchTarget, type PartitionResult } from './fetch-exchange.ts';
import type { FetchPosition, FetchSettings } from './fetch-position.ts';
import { offsetAfterBatches } from './fetched-batches.ts';

/** What reading needs of a cluster (core/client/cluster.ts). */
export interface FetchCluster {
  readonly clock: Clock;
  metadataFor(topic: string, lookup?: { readonly allowAutoCreation: boolean }): Promise<FetchTopic>;
  cachedTopic(topic: string): FetchTopic | null;
  requestRefresh(): void;
  openConnectionTo(nodeId: number): FetchConnection | null;
  connectionTo(nodeId: number): Promise<FetchConnection>;
}

export interface FetchTopic {
  readonly topicId: string;
  /** Index = partition. */
  readonly partitions: readonly { readonly leaderId: number; readonly leaderEpoch: number }[];
}

export type FetchConnection = Pick<BrokerConnection, 'send'>;

/** Who the fetcher works for. Nothing it throws gets out: it comes back through onError. */
export interface FetchSink {
  /** The position has moved over records that come next; says by isWanted whether to fetch on meanwhile. */
  onAdvance(position: FetchPosition): void;
  /** Whole batches, and perhaps a cut one at the end; views of the response. */
  onRecords(position: FetchPosition, records: Buffer): void;
  /** An error that retrying does not help; of one partition, or of all when null. */
  onError(error: TidemarkError, position: FetchPosition | null): void;
  /** One that it may, which is being done. */
  onRetry(error: TidemarkError): void;
}

export interface FetcherOptions {
  readonly cluster: FetchCluster;
  readonly settings: FetchSettings;
  /** Records stay valid after onRecords; else only during it. */
  readonly keepsBuffers: boolean;
  readonly sink: FetchSink;
}

const NS_PER_MS = 1e6;
/** A broker that answers with nothing at once, instead of waiting, is asked again only after this. */
const EMPTY_BACKOFF_MS = 10;
const NO_LEADER = -1;

/**
 * Keeps one fetch request in flight to each broker that leads a wanted partition. The next request is sent before
 * the records of the last are handed on, so that the broker works while they are read. Errors that pass are
 * retried after retry.backoff.ms with fresh metadata.
 */
export class Fetcher {
  readonly #options: FetcherOptions;
  readonly #busy = new Set<number>();
  readonly #blockedBrokers = new Map<number, number>();
  readonly #loadingTopics = new Set<string>();
  #positions: ReadonlySet<FetchPosition> = new Set();
  #timer: Timer | null = null;
  #timerDueNs = Number.POSITIVE_INFINITY;
  #turn = 0;
  #isClosed = false;

  constructor(options: FetcherOptions) {
    this.#options = options;
  }

  /** Replaces what is read; responses for positions no longer there are dropped. */
  setPositions(positions: Iterable<FetchPosition>): void {
    this.#positions = new Set(positions);
  }

  close(): void {
    this.#isClosed = true;
    this.#positions = new Set();
    if (this.#timer !== null) this.#options.cluster.clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  /** Sends what can be sent; to be called whenever a position is wanted again. */
  pump(): void {
    if (this.#isClosed) return;
    const nowNs = this.#options.cluster.clock.nowNs();
    const byLeader = new Map<number, FetchTarget[]>();
    let nextNs = Number.POSITIVE_INFINITY;
    for (const position of this.#positions) {
      if (!position.isWanted || position.isInFlight) continue;
      const leaderId = position.blockedUntilNs > nowNs ? NO_LEADER : this.#leaderOf(position, nowNs);
      const readyNs = Math.max(position.blockedUntilNs, this.#blockedBrokers.get(leaderId) ?? 0);
      if (readyNs > nowNs) nextNs = Math.min(nextNs, readyNs);
      else if (leaderId !== NO_LEADER && !this.#busy.has(leaderId)) {
        const targets = byLeader.get(leaderId);
        if (targets === undefined) byLeader.set(leaderId, [this.#target(position)]);
        else targets.push(this.#target(position));
      }
    }
    this.#turn++;
    for (const [leaderId, targets] of byLeader) this.#fetch(leaderId, rotated(targets, this.#turn), nowNs);
    this.#armTimer(nextNs, nowNs);
  }

  #target(position: FetchPosition): FetchTarget {
    const topic = this.#options.cluster.cachedTopic(position.topic)!;
    return {
      position,
      topicId: topic.topicId,
      leaderEpoch: topic.partitions[position.partition]!.leaderEpoch,
    };
  }

  /** NO_LEADER when none is known yet, which is being seen to. */
  #leaderOf(position: FetchPosition, nowNs: number): number {
    const { cluster } = this.#options;
    const topic = cluster.cachedTopic(position.topic);
    if (topic === null) {
      void this.#loadTopic(position.topic);
      return NO_LEADER;
    }
    const leaderId = topic.partitions[position.partition]?.leaderId ?? NO_LEADER;
    if (leaderId < 0) {
      this.#block(position, nowNs);
      cluster.requestRefresh();
      return NO_LEADER;
    }
    return leaderId;
  }

  async #loadTopic(topic: string): Promise<void> {
    if (this.#loadingTopics.has(topic)) return;
    this.#loadingTopics.add(topic);
    try {
      await this.#options.cluster.metadataFor(topic, { allowAutoCreation: false });
      if (this.#options.cluster.cachedTopic(topic) === null) throw noMetadata(topic);
    } catch (error) {
      for (const position of this.#positions) {
        if (position.topic === topic) this.#failed(asTidemarkError(error), position);
      }
    } finally {
      this.#loadingTopics.delete(topic);
    }
    this.pump();
  }

  #fetch(leaderId: number, targets: readonly FetchTarget[], nowNs: number): void {
    this.#busy.add(leaderId);
    for (const { position } of targets) position.isInFlight = true;
    const open = this.#options.cluster.openConnectionTo(leaderId);
    if (open !== null) {
      this.#send(open, leaderId, new FetchExchange(targets, nowNs));
      return;
    }
    this.#options.cluster.connectionTo(leaderId).then(
      (connection) =>
        this.#send(connection, leaderId, new FetchExchange(targets, this.#options.cluster.clock.nowNs())),
      (error: unknown) =>
        this.#ended(leaderId, new FetchExchange(targets, nowNs), asTidemarkError(error), null),
    );
  }

  #send(connection: FetchConnection, leaderId: number, exchange: FetchExchange): void {
    if (this.#isClosed) return;
    connection.send(fetchApi, exchange.request(this.#options.settings), {
      keepsBuffers: this.#options.keepsBuffers,
      onResponse: (error, body) => this.#ended(leaderId, exchange, error, body),
    });
  }

  #ended(
    leaderId: number,
    exchange: FetchExchange,
    error: TidemarkError | null,
    body: FetchResponse | null,
  ): void {
    this.#busy.delete(leaderId);
    for (const { position } of exchange.targets) position.isInFlight = false;
    if (this.#isClosed) return;
    try {
      const failure = error ?? topLevelError(body!);
      if (failure === null) this.#absorb(leaderId, exchange, body!);
      else for (const { position } of exchange.targets) this.#failed(failure, position);
    } catch (thrown) {
      this.#options.sink.onError(asTidemarkError(thrown), null);
    }
    this.pump();
  }

  #absorb(leaderId: number, exchange: FetchExchange, body: FetchResponse): void {
    const arrived: { position: FetchPosition; records: Buffer }[] = [];
    exchange.visit(body, ({ position }, result) => {
      const records = this.#resultOf(position, result);
      if (records !== null) arrived.push({ position, records });
    });
    if (arrived.length === 0) this.#blockIfHasty(leaderId, exchange);
    this.pump();
    for (const { position, records } of arrived) {
      if (this.#isClosed) return;
      this.#options.sink.onRecords(position, records);
    }
  }

  /** Moves the position over the records that came; null when there are none. */
  #resultOf(position: FetchPosition, result: PartitionResult): Buffer | null {
    if (!this.#positions.has(position)) return null;
    if (result.errorCode !== 0) {
      this.#failed(
        kafkaError(result.errorCode, `fetch of ${position.name} at offset ${position.offset}`),
        position,
      );
      return null;
    }
    position.highWatermark = result.highWatermark;
    const { records } = result;
    if (records === null || records.length === 0) return null;
    try {
      const next = offsetAfterBatches(records);
      assertAdvances(position, next);
      position.offset = next;
    } catch (error) {
      this.#failed(asTidemarkError(error), position);
      return null;
    }
    this.#options.sink.onAdvance(position);
    return records;
  }

  #failed(error: TidemarkError, position: FetchPosition): void {
    const { cluster, sink } = this.#options;
    if (!this.#positions.has(position)) return;
    this.#block(position, cluster.clock.nowNs());
    if (!error.retriable || error.kind === 'CORRUPT_MESSAGE') {
      sink.onError(error, position);
      return;
    }
    cluster.requestRefresh();
    sink.onRetry(error);
  }

  #block(position: FetchPosition, nowNs: number): void {
    position.blockedUntilNs = nowNs + this.#options.settings.retryBackoffMs * NS_PER_MS;
  }

  #blockIfHasty(leaderId: number, exchange: FetchExchange): void {
    const readyNs = exchange.sentNs + EMPTY_BACKOFF_MS * NS_PER_MS;
    if (readyNs > this.#options.cluster.clock.nowNs()) this.#blockedBrokers.set(leaderId, readyNs);
  }

  #armTimer(dueNs: number, nowNs: number): void {
    if (dueNs >= this.#timerDueNs || this.#isClosed) return;
    const { clock } = this.#options.cluster;
    if (this.#timer !== null) clock.clearTimer(this.#timer);
    this.#timerDueNs = dueNs;
    this.#timer = clock.setTimer(
      () => {
        this.#timer = null;
        this.#timerDueNs = Number.POSITIVE_INFINITY;
        this.pump();
      },
      Math.max(1, Math.ceil((dueNs - nowNs) / NS_PER_MS)),
    );
  }
}

/** A broker fills a response in the order asked, up to the limit: each partition gets its turn at the front. */
function rotated(targets: readonly FetchTarget[], turn: number): readonly FetchTarget[] {
  const first = turn % targets.length;
  return first === 0 ? targets : [...targets.slice(first), ...targets.slice(0, first)];
}

function topLevelError(body: FetchResponse): TidemarkError | null {
  return body.errorCode === 0 ? null : kafkaError(body.errorCode, 'fetch');
}

function noMetadata(topic: string): TidemarkError {
  return new TidemarkError('UNKNOWN_TOPIC_OR_PARTITION', `the brokers tell nothing of topic ${topic}`);
}

function asTidemarkError(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new TidemarkError('UNEXPECTED', message, { cause: error });
}
