import { TidemarkError } from '../../../core/base/errors.ts';
import type { RequestCallbacks } from '../../../core/client/in-flight-requests.ts';
import type {
  LeaderHint,
  NodeHint,
  ProducerCluster,
  ProducerConnection,
} from '../../../core/producer/producer-cluster.ts';
import type { TopicView } from '../../../core/producer/topic-state.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import type { Api } from '../../../core/wire/api.ts';
import {
  type InitProducerIdResponse,
  initProducerIdApi,
} from '../../../core/wire/messages/init-producer-id.ts';
import type { ProduceResponse } from '../../../core/wire/messages/produce.ts';
import type { Draft } from '../../../core/wire/schema.ts';

export interface SentBatch {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly values: (string | null)[];
  /** -1 without idempotence. */
  readonly producerId: number;
  readonly epoch: number;
  readonly sequence: number;
}

type PartitionResponse = ProduceResponse['responses'][number]['partitionResponses'][number];

/** What a test may say in an answer beside its code. */
export interface AnswerDetails {
  readonly throttleTimeMs?: number;
  readonly nodeEndpoints?: ProduceResponse['nodeEndpoints'];
  readonly partition?: Partial<PartitionResponse>;
}

/** A request for a producer id that a test answers. */
export interface InitRequest {
  respond(answer?: Partial<InitProducerIdResponse>): void;
  fail(kind: string, retriable?: boolean): void;
}

/** A produce request that a test answers when and how it likes. */
export interface SentRequest {
  readonly nodeId: number;
  readonly acks: number;
  readonly batches: SentBatch[];
  /** Answers every batch with this code and, when it is 0, the next offsets. */
  respond(errorCode?: number, details?: AnswerDetails): void;
  respondWith(errorCodeOf: (batch: SentBatch) => number, details?: AnswerDetails): void;
  fail(kind: string): void;
  /** For acks=0: the operating system took it. */
  written(): void;
}

/** A cluster without network: partitions are led by the nodes told, requests gather until a test answers. */
export class FakeCluster implements ProducerCluster {
  readonly requests: SentRequest[] = [];
  readonly leaders = new Map<string, number[]>();
  readonly offsets = new Map<string, number>();
  /** Answers each request in a microtask, as a broker would. */
  answersItself = false;
  /** Answers by topic id, as Produce does from version 13. */
  answersById = false;
  /** Keeps requests for a producer id in `initRequests` instead of answering each with the next id. */
  holdsInit = false;
  readonly initRequests: InitRequest[] = [];
  initCount = 0;
  nextProducerId = 1000;
  /** What the producer handed over of leaders that brokers named. */
  readonly hints: { leaders: readonly LeaderHint[]; nodes: readonly NodeHint[] }[] = [];
  isWanted: (topic: string) => boolean = () => true;
  /** What connecting fails with, instead of NETWORK. */
  refusal: TidemarkError | null = null;
  refreshes = 0;
  isClosed = false;
  isConnectable = true;
  private readonly listeners = new Set<() => void>();
  private readonly views = new Map<string, TopicView>();
  private readonly waiters: { topic: string; resolve: (view: TopicView) => void }[] = [];
  private readonly connections = new Map<number, FakeConnection>();

  /** Sets a topic's leaders by partition (-1: none); whoever waits for the topic goes on. */
  setTopic(name: string, leaders: readonly number[], topicId = name.padEnd(32, '0'), leaderEpoch = -1): this {
    const partitions = leaders.map((leaderId, partition) => ({ partition, leaderId, leaderEpoch }));
    const view = { name, topicId, partitions };
    this.views.set(name, view);
    for (const waiter of this.waiters) if (waiter.topic === name) waiter.resolve(view);
    for (const listener of this.listeners) listener();
    return this;
  }

  cachedTopic(topic: string): TopicView | null {
    return this.views.get(topic) ?? null;
  }

  metadataFor(topic: string): Promise<TopicView> {
    const known = this.views.get(topic);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => this.waiters.push({ topic, resolve }));
  }

  requestRefresh(): void {
    this.refreshes++;
  }

  onUpdate(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  openConnectionTo(nodeId: number): ProducerConnection | null {
    const connection = this.connections.get(nodeId);
    return connection?.isOpen === true ? connection : null;
  }

  async anyConnection(): Promise<ProducerConnection> {
    if (!this.isConnectable) throw new TidemarkError('NETWORK', 'no broker can be reached');
    return new FakeConnection(this, -1);
  }

  noteLeaders(leaders: readonly LeaderHint[], nodes: readonly NodeHint[]): void {
    this.hints.push({ leaders, nodes });
    for (const { topic, partition, leaderId, leaderEpoch } of leaders) {
      const view = this.views.get(topic);
      if (view === undefined) continue;
      const partitions = view.partitions.with(partition, { partition, leaderId, leaderEpoch });
      this.views.set(topic, { ...view, partitions });
    }
    for (const listener of this.listeners) listener();
  }

  retainTopics(isWanted: (topic: string) => boolean): void {
    this.isWanted = isWanted;
  }

  async connectionTo(nodeId: number): Promise<ProducerConnection> {
    if (this.refusal !== null) throw this.refusal;
    if (!this.isConnectable) throw new TidemarkError('NETWORK', `node ${nodeId} cannot be reached`);
    const connection = new FakeConnection(this, nodeId);
    this.connections.set(nodeId, connection);
    return connection;
  }

  disconnect(nodeId: number): void {
    this.connections.get(nodeId)!.isOpen = false;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  /** Takes the oldest request that has not been looked at. */
  take(): SentRequest {
    const request = this.requests.shift();
    if (request === undefined) throw new Error('no request was sent');
    return request;
  }
}

class FakeConnection implements ProducerConnection {
  isOpen = true;
  wroteBytes = 0;
  readonly #cluster: FakeCluster;
  readonly #nodeId: number;

  constructor(cluster: FakeCluster, nodeId: number) {
    this.#cluster = cluster;
    this.#nodeId = nodeId;
  }

  send<Req, Res>(api: Api<Req, Res>, body: NoInfer<Draft<Req>>, callbacks: RequestCallbacks<Res>): void {
    if (api.key === initProducerIdApi.key) {
      this.#giveProducerId(callbacks as unknown as RequestCallbacks<InitProducerIdResponse>);
      return;
    }
    const { acks, topicData } = body as unknown as {
      acks: number;
      topicData: { name: string; topicId: string; partitionData: { index: number; records: Buffer[] }[] }[];
    };
    const batches: SentBatch[] = [];
    for (const { name, topicId, partitionData } of topicData) {
      for (const { index, records } of partitionData) {
        const bytes = Buffer.concat(records);
        this.wroteBytes += bytes.length;
        const view = new BatchView(bytes);
        batches.push({
          topic: name,
          topicId,
          partition: index,
          bytes,
          values: valuesOf(bytes),
          producerId: view.producerId,
          epoch: view.producerEpoch,
          sequence: view.baseSequence,
        });
        if (!view.isCrcValid()) throw new Error('a batch was sent with a wrong checksum');
      }
    }
    const end = callbacks.onResponse.bind(callbacks) as unknown as (
      error: TidemarkError | null,
      body: ProduceResponse | null,
    ) => void;
    const request: SentRequest = {
      nodeId: this.#nodeId,
      acks,
      batches,
      respond: (errorCode = 0, details = {}) => request.respondWith(() => errorCode, details),
      respondWith: (errorCodeOf, details = {}) => end(null, this.#answer(batches, errorCodeOf, details)),
      fail: (kind) => end(new TidemarkError(kind, `${kind} as told`), null),
      written: () => end(null, null),
    };
    if (this.#cluster.answersItself)
      queueMicrotask(() => (acks === 0 ? request.written() : request.respond()));
    else this.#cluster.requests.push(request);
  }

  #giveProducerId(callbacks: RequestCallbacks<InitProducerIdResponse>): void {
    const cluster = this.#cluster;
    cluster.initCount++;
    const request: InitRequest = {
      respond: (answer = {}) =>
        callbacks.onResponse(null, {
          throttleTimeMs: 0,
          errorCode: 0,
          producerId: cluster.nextProducerId++,
          producerEpoch: 0,
          ...answer,
        }),
      fail: (kind, retriable = false) =>
        callbacks.onResponse(new TidemarkError(kind, `${kind} as told`, { retriable }), null),
    };
    if (cluster.holdsInit) cluster.initRequests.push(request);
    else queueMicrotask(() => request.respond());
  }

  #answer(
    batches: SentBatch[],
    errorCodeOf: (batch: SentBatch) => number,
    details: AnswerDetails,
  ): ProduceResponse {
    const responses = batches.map((batch) => {
      const errorCode = errorCodeOf(batch);
      const place = `${batch.topic}-${batch.partition}`;
      const baseOffset = errorCode === 0 ? (this.#cluster.offsets.get(place) ?? 0) : -1;
      if (errorCode === 0) this.#cluster.offsets.set(place, baseOffset + batch.values.length);
      const answer = {
        index: batch.partition,
        errorCode,
        baseOffset,
        logAppendTimeMs: -1,
        logStartOffset: 0,
        recordErrors: [],
        errorMessage: null,
        currentLeader: { leaderId: -1, leaderEpoch: -1 },
        ...details.partition,
      };
      return this.#cluster.answersById
        ? { name: '', topicId: batch.topicId, partitionResponses: [answer] }
        : { name: batch.topic, topicId: '0'.repeat(32), partitionResponses: [answer] };
    });
    const { throttleTimeMs = 0, nodeEndpoints = [] } = details;
    return { responses, throttleTimeMs, nodeEndpoints };
  }
}

function valuesOf(bytes: Buffer): (string | null)[] {
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(bytes));
  const values: (string | null)[] = [];
  while (cursor.next()) values.push(cursor.value === null ? null : cursor.value.toString());
  return values;
}
