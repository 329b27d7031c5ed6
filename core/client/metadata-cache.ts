import { kafkaError } from '../base/errors.ts';
import type { MetadataResponse } from '../wire/messages/metadata.ts';
import { formatEndpoint } from './endpoint.ts';
import type { MetadataWaiters } from './metadata-waiters.ts';
import type { NodeConnections } from './node-connections.ts';
import {
  type BrokerNode,
  hasLeader,
  type LeaderNews,
  readTopic,
  type TopicMetadata,
  withLeader,
} from './topic-metadata.ts';

const LEADER_NOT_AVAILABLE = 5;

/** What the last responses told: brokers, and the topics that somebody asked to keep. */
export class MetadataCache {
  brokers: readonly BrokerNode[] = [];
  /** -1 when none is known. */
  controllerId = -1;
  clusterId: string | null = null;
  /** Topics that nobody wants any more are forgotten when metadata comes (Metadata.retainTopic). */
  isWanted: (topic: string) => boolean = () => true;
  readonly #topics = new Map<string, TopicMetadata>();
  readonly #nodes: NodeConnections;
  readonly #waiters: MetadataWaiters;

  constructor(nodes: NodeConnections, waiters: MetadataWaiters) {
    this.#nodes = nodes;
    this.#waiters = waiters;
  }

  get topicNames(): Iterable<string> {
    return this.#topics.keys();
  }

  topic(name: string): TopicMetadata | null {
    return this.#topics.get(name) ?? null;
  }

  forget(topic: string): void {
    this.#topics.delete(topic);
  }

  /** Only the bootstrap servers are left; topics stay until newer metadata comes. */
  forgetBrokers(): void {
    for (const { nodeId } of this.brokers) this.#nodes.remove(nodeId);
    this.brokers = [];
    this.controllerId = -1;
  }

  apply(response: MetadataResponse): void {
    // A broker that is starting up may not know the others yet.
    if (response.brokers.length > 0) this.#applyBrokers(response.brokers);
    this.controllerId = response.controllerId;
    this.clusterId = response.clusterId;
    for (const answer of response.topics) {
      const name = answer.name ?? '';
      if (answer.errorCode !== 0) this.#noteTopicError(name, answer.errorCode);
      else this.#noteTopic(readTopic(answer, this.topic(name)));
    }
    for (const topic of [...this.#topics.keys()]) {
      if (!this.#waiters.has(topic) && !this.isWanted(topic)) this.#topics.delete(topic);
    }
  }

  /**
   * Leaders that a broker named outside of a Metadata response. Only one newer than that known counts, of a broker
   * that is known or told of in `nodes`. Returns whether anything changed.
   */
  noteLeaders(leaders: readonly LeaderNews[], nodes: readonly BrokerNode[]): boolean {
    let hasChanged = false;
    for (const news of leaders) {
      const known = this.#topics.get(news.topic);
      const updated = known === undefined ? null : withLeader(known, news);
      if (updated === null || !this.#knows(news.leaderId, nodes)) continue;
      this.#topics.set(news.topic, updated);
      hasChanged = true;
    }
    return hasChanged;
  }

  #knows(nodeId: number, told: readonly BrokerNode[]): boolean {
    const node = told.find((each) => each.nodeId === nodeId);
    const isKnown = this.brokers.some((broker) => broker.nodeId === nodeId);
    if (node === undefined || node.host === '') return isKnown;
    this.brokers = [...this.brokers.filter((broker) => broker.nodeId !== nodeId), node];
    this.#nodes.setEndpoint(nodeId, { host: node.host, port: node.port });
    return true;
  }

  #applyBrokers(brokers: readonly BrokerNode[]): void {
    this.brokers = brokers;
    const known = new Set(brokers.map((broker) => broker.nodeId));
    for (const nodeId of this.#nodes.nodeIds) {
      if (nodeId >= 0 && !known.has(nodeId)) this.#nodes.remove(nodeId);
    }
    for (const { nodeId, host, port } of brokers) {
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
