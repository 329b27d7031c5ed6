import type { RequestCallbacks } from '../../core/client/in-flight-requests.ts';
import type { ProducerCluster, ProducerConnection } from '../../core/producer/producer-cluster.ts';
import type { TopicView } from '../../core/producer/topic-state.ts';
import { CRC_OFFSET } from '../../core/record/batch-layout.ts';
import type { Api } from '../../core/wire/api.ts';
import { initProducerIdApi } from '../../core/wire/messages/init-producer-id.ts';
import type { ProduceRequest, ProduceResponse } from '../../core/wire/messages/produce.ts';
import type { Draft } from '../../core/wire/schema.ts';
import { foldHash, HASH_START } from './sample-data.ts';

const TOPIC_ID = '0123456789abcdef0123456789abcdef';

/** A connection that takes every batch and says so in a microtask, without encoding a request. */
class NullConnection implements ProducerConnection {
  readonly isOpen = true;
  wroteBytes = 0;
  /** Of the CRCs of all batches since the last takeHash(). */
  private hash = HASH_START;

  send<Req, Res>(api: Api<Req, Res>, body: NoInfer<Draft<Req>>, callbacks: RequestCallbacks<Res>): void {
    const response =
      api.key === initProducerIdApi.key ? IDENTITY : this.accept(body as unknown as ProduceRequest);
    queueMicrotask(() => callbacks.onResponse(null, response as unknown as Res));
  }

  takeHash(): number {
    const { hash } = this;
    this.hash = HASH_START;
    return hash;
  }

  private accept(request: ProduceRequest): ProduceResponse {
    const responses = request.topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index, records }) => {
        for (const batch of records as unknown as readonly Buffer[]) {
          this.hash = foldHash(this.hash, batch.readUInt32BE(CRC_OFFSET));
          this.wroteBytes += batch.length;
        }
        return ACCEPTED(index);
      }),
    }));
    return { responses, throttleTimeMs: 0, nodeEndpoints: [] };
  }
}

const IDENTITY = { throttleTimeMs: 0, errorCode: 0, producerId: 1, producerEpoch: 0 };

const ACCEPTED = (index: number): ProduceResponse['responses'][number]['partitionResponses'][number] => ({
  index,
  errorCode: 0,
  baseOffset: 0,
  logAppendTimeMs: -1,
  logStartOffset: 0,
  recordErrors: [],
  errorMessage: null,
  currentLeader: { leaderId: -1, leaderEpoch: -1 },
});

/** One broker, and topics of one partition: a producer's other side, as cheap as it can be. */
export class NullCluster implements ProducerCluster {
  readonly connection = new NullConnection();
  private readonly views = new Map<string, TopicView>();

  cachedTopic(topic: string): TopicView {
    let view = this.views.get(topic);
    if (view === undefined) {
      view = { name: topic, topicId: TOPIC_ID, partitions: [{ partition: 0, leaderId: 1 }] };
      this.views.set(topic, view);
    }
    return view;
  }

  metadataFor(topic: string): Promise<TopicView> {
    return Promise.resolve(this.cachedTopic(topic));
  }

  requestRefresh(): void {}

  onUpdate(): () => void {
    return () => {};
  }

  openConnectionTo(): ProducerConnection {
    return this.connection;
  }

  connectionTo(): Promise<ProducerConnection> {
    return Promise.resolve(this.connection);
  }

  anyConnection(): Promise<ProducerConnection> {
    return Promise.resolve(this.connection);
  }

  noteLeaders(): void {}

  retainTopics(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}
