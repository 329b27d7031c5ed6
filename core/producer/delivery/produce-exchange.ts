import type { TidemarkError } from '../../base/errors.ts';
import type { RequestCallbacks } from '../../client/in-flight-requests.ts';
import { type ProduceRequest, type ProduceResponse, produceApi } from '../../wire/messages/produce.ts';
import type { Draft } from '../../wire/schema.ts';
import type { ProducerBatch } from '../batches/producer-batch.ts';
import type { BrokerNode } from './broker-node.ts';

const NO_TOPIC_ID = '0'.repeat(32);
/** The last version that names topics. */
const PRODUCE_BY_NAME: typeof produceApi = { ...produceApi, maxVersion: 12 };

/** The answer for one partition. */
export type PartitionAnswer = ProduceResponse['responses'][number]['partitionResponses'][number];

export interface ExchangeOwner {
  /** The request ended; `body` is null without a response (an error, or acks=0). Exactly once. */
  onExchangeEnded(exchange: ProduceExchange, error: TidemarkError | null, body: ProduceResponse | null): void;
}

export interface RequestContents {
  readonly node: BrokerNode;
  readonly batches: readonly ProducerBatch[];
  /** acks=0. */
  readonly noResponse: boolean;
  readonly sentNs: number;
}

/** One produce request with the batches it carries, from the write to its end. */
export class ProduceExchange implements RequestCallbacks<ProduceResponse> {
  readonly node: BrokerNode;
  readonly batches: readonly ProducerBatch[];
  readonly noResponse: boolean;
  readonly sentNs: number;
  private readonly owner: ExchangeOwner;
  /** Of each batch's topic as it is asked for: a topic may be made anew before the answer comes. */
  private readonly topicIds: readonly string[];

  constructor(owner: ExchangeOwner, request: RequestContents) {
    const { node, batches, noResponse, sentNs } = request;
    this.owner = owner;
    this.node = node;
    this.batches = batches;
    this.noResponse = noResponse;
    this.sentNs = sentNs;
    this.topicIds = batches.map((batch) => batch.queue!.topic.view!.topicId);
  }

  /**
   * Brokers whose metadata is too old for topic ids may take them in Produce all the same: without an id for each
   * topic they go by name (Sender.sendProduceRequest, canUseTopicIds).
   */
  get api(): typeof produceApi {
    return this.topicIds.includes(NO_TOPIC_ID) ? PRODUCE_BY_NAME : produceApi;
  }

  onResponse(error: TidemarkError | null, body: ProduceResponse | null): void {
    this.owner.onExchangeEnded(this, error, body);
  }

  /** Batches by reference, grouped by topic. */
  request(acks: number, timeoutMs: number): Draft<ProduceRequest> {
    const topics = new Map<string, { index: number; records: Buffer[] }[]>();
    for (const batch of this.batches) {
      const { topic, partition } = batch.queue!;
      const entry = { index: partition, records: [batch.sealed!] };
      const known = topics.get(topic.name);
      if (known === undefined) topics.set(topic.name, [entry]);
      else known.push(entry);
    }
    const topicData = [];
    for (const batch of this.batches) {
      const { topic } = batch.queue!;
      const partitionData = topics.get(topic.name);
      if (partitionData === undefined) continue;
      topics.delete(topic.name);
      topicData.push({ name: topic.name, topicId: topic.view!.topicId, partitionData });
    }
    return { acks, timeoutMs, topicData };
  }

  /** Answers in the order of the batches; null where the response has none. */
  answers(body: ProduceResponse): (PartitionAnswer | null)[] {
    return this.batches.map((batch, index) => {
      const { topic, partition } = batch.queue!;
      const topicId = this.topicIds[index];
      for (const response of body.responses) {
        // From version 13 topics answer by id.
        if (response.name !== topic.name && (response.name !== '' || response.topicId !== topicId)) continue;
        for (const answer of response.partitionResponses) if (answer.index === partition) return answer;
      }
      return null;
    });
  }
}
