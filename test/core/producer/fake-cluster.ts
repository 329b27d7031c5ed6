import { TidemarkError } from '../../../core/base/errors.ts';
import type { RequestCallbacks } from '../../../core/client/in-flight-requests.ts';
import type { ProducerCluster, ProducerConnection } from '../../../core/producer/producer-cluster.ts';
import type { TopicView } from '../../../core/producer/topic-state.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import type { Api } from '../../../core/wire/api.ts';
import type { ProduceResponse } from '../../../core/wire/messages/produce.ts';
import type { Draft } from '../../../core/wire/schema.ts';

export interface SentBatch {
  readonly topic: string;
  readonly topicId: string;
  readonly partition: number;
  readonly bytes: Buffer;
  readonly values: (string | null)[];
}

/** A produce request that a test answers when and how it likes. */
export interface SentRequest {
  readonly nodeId: number;
  readonly acks: number;
  readonly batches: SentBatch[];
  /** Answers every batch with this code and, when it is 0, the next offsets. */
  respond(errorCode?: number): void;
  respondWith(errorCodeOf: (batch: SentBatch) => number): void;
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
  refreshes = 0;
  isClosed = false;
  isConnectable = true;
  private readonly listeners = new Set<() => void>();
  private readonly views = new Map<string, TopicView>();
  private readonly waiters: { topic: string; resolve: (view: TopicView) => void }[] = [];
  private readonly connections = new Map<number, FakeConnection>();

  /** Sets a topic's leaders by partition (-1: none); whoever waits for the topic goes on. */
  setTopic(name: string, leaders: number[], topicId = name.padEnd(32, '0')): this {
    const partitions = leaders.map((leaderId, partition) => ({ partition, leaderId }));
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

  async connectionTo(nodeId: number): Promise<ProducerConnection> {
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

  send<Req, Res>(_api: Api<Req, Res>, body: NoInfer<Draft<Req>>, callbacks: RequestCallbacks<Res>): void {
    const { acks, topicData } = body as unknown as {
      acks: number;
      topicData: { name: string; topicId: string; partitionData: { index: number; records: Buffer[] }[] }[];
    };
    const batches: SentBatch[] = [];
    for (const { name, topicId, partitionData } of topicData) {
      for (const { index, records } of partitionData) {
        const bytes = Buffer.concat(records);
        this.wroteBytes += bytes.length;
        batches.push({ topic: name, topicId, partition: index, bytes, values: valuesOf(bytes) });
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
      respond: (errorCode = 0) => request.respondWith(() => errorCode),
      respondWith: (errorCodeOf) => end(null, this.#answer(batches, errorCodeOf)),
      fail: (kind) => end(new TidemarkError(kind, `${kind} as told`), null),
      written: () => end(null, null),
    };
    if (this.#cluster.answersItself)
      queueMicrotask(() => (acks === 0 ? request.written() : request.respond()));
    else this.#cluster.requests.push(request);
  }

  #answer(batches: SentBatch[], errorCodeOf: (batch: SentBatch) => number): ProduceResponse {
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
      };
      return this.#cluster.answersById
        ? { name: '', topicId: batch.topicId, partitionResponses: [answer] }
        : { name: batch.topic, topicId: '0'.repeat(32), partitionResponses: [answer] };
    });
    return { responses, throttleTimeMs: 0, nodeEndpoints: [] };
  }
}

function valuesOf(bytes: Buffer): (string | null)[] {
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(bytes));
  const values: (string | null)[] = [];
  while (cursor.next()) values.push(cursor.value === null ? null : cursor.value.toString());
  return values;
}
