import type { TidemarkError } from '../../base/errors.ts';
import type { ProduceResponse } from '../../wire/messages/produce.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { LeaderHint, ProducerCluster } from '../producer-cluster.ts';
import type { TopicState } from '../topic-state.ts';
import { BrokerNode } from './broker-node.ts';
import { isHopeless } from './produce-errors.ts';
import type { PartitionAnswer, ProduceExchange } from './produce-exchange.ts';

const NOT_LEADER_OR_FOLLOWER = 6;
const FENCED_LEADER_EPOCH = 74;

export interface LeadersOwner {
  /** A topic that was missing is there again, or is to be asked for again. */
  readonly schedule: () => void;
  /** Nothing will ever take what waits for the topic. */
  readonly onRefused: (topic: TopicState, error: TidemarkError) => void;
}

/** Which broker leads which queue, as the metadata says. */
export class Leaders {
  private readonly config: ProducerConfig;
  private readonly owner: LeadersOwner;
  private readonly byId = new Map<number, BrokerNode>();

  constructor(config: ProducerConfig, owner: LeadersOwner) {
    this.config = config;
    this.owner = owner;
  }

  nodes(): Iterable<BrokerNode> {
    return this.byId.values();
  }

  /** Takes over new leaders, and tells the partitioner how long the queues are. */
  refresh(cluster: ProducerCluster, topic: TopicState): void {
    const view = cluster.cachedTopic(topic.name);
    if (view === null) this.fetchForgotten(cluster, topic);
    const isNew = view !== null && topic.update(view);
    if (isNew || topic.assignedQueues !== topic.queueCount) this.assignLeaders(topic);
    topic.reportLoad((nodeId) => this.isUnavailable(nodeId));
    if (topic.leaderless.some((queue) => queue.batches.length > 0)) cluster.requestRefresh();
  }

  /** Brokers that lead a partition no more name who does, from version 10 on (KIP-951). */
  takeHints(
    cluster: ProducerCluster,
    body: ProduceResponse,
    exchange: ProduceExchange,
    answers: readonly (PartitionAnswer | null)[],
  ): void {
    const hints: LeaderHint[] = [];
    for (let index = 0; index < answers.length; index++) {
      const answer = answers[index];
      if (answer == null || answer.errorCode === 0) continue;
      if (answer.errorCode !== NOT_LEADER_OR_FOLLOWER && answer.errorCode !== FENCED_LEADER_EPOCH) continue;
      const { leaderId, leaderEpoch } = answer.currentLeader;
      if (leaderId < 0 || leaderEpoch < 0) continue;
      const { topic, partition } = exchange.batches[index]!.queue!;
      hints.push({ topic: topic.name, partition, leaderId, leaderEpoch });
    }
    // The cluster tells of new leaders as of any other news.
    if (hints.length > 0) cluster.noteLeaders(hints, body.nodeEndpoints);
  }

  private isUnavailable(nodeId: number): boolean {
    const limitMs = this.config.availabilityTimeoutMs;
    const node = this.byId.get(nodeId);
    return limitMs > 0 && node !== undefined && node.readyNs - node.drainedNs > limitMs * 1e6;
  }

  /** The broker said that the topic is not there (any more): it is asked for while batches wait for it. */
  private fetchForgotten(cluster: ProducerCluster, topic: TopicState): void {
    if (topic.isLoading || !topic.queues.some((queue) => queue !== undefined && queue.batches.length > 0))
      return;
    topic.isLoading = true;
    const done = () => {
      topic.isLoading = false;
      this.owner.schedule();
    };
    cluster
      .metadataFor(topic.name, { timeoutMs: this.config.deliveryTimeoutMs })
      .catch((error: TidemarkError) => {
        if (isHopeless(error)) this.owner.onRefused(topic, error);
      })
      .then(done);
  }

  private assignLeaders(topic: TopicState): void {
    for (const node of this.byId.values()) node.queues = node.queues.filter((queue) => queue.topic !== topic);
    topic.leaderless = [];
    for (const queue of topic.queues) {
      if (queue === undefined) continue;
      const leaderId = topic.leaderOf(queue.partition);
      queue.noteLeaderEpoch(topic.view?.partitions[queue.partition]?.leaderEpoch ?? -1);
      if (leaderId < 0) {
        topic.leaderless.push(queue);
        continue;
      }
      let node = this.byId.get(leaderId);
      if (node === undefined) {
        node = new BrokerNode(leaderId);
        this.byId.set(leaderId, node);
      }
      node.queues.push(queue);
    }
    topic.assignedQueues = topic.queueCount;
  }
}
