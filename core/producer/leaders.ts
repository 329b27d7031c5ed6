import { BrokerNode } from './broker-node.ts';
import type { ProducerConfig } from './config.ts';
import type { ProducerCluster } from './producer-cluster.ts';
import type { TopicState } from './topic-state.ts';

/** Which broker leads which queue, as the metadata says. */
export class Leaders {
  private readonly config: ProducerConfig;
  private readonly schedule: () => void;
  private readonly byId = new Map<number, BrokerNode>();

  /** `schedule` is called when a topic that was missing is there again. */
  constructor(config: ProducerConfig, schedule: () => void) {
    this.config = config;
    this.schedule = schedule;
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
      this.schedule();
    };
    cluster.metadataFor(topic.name, { timeoutMs: this.config.deliveryTimeoutMs }).then(done, done);
  }

  private assignLeaders(topic: TopicState): void {
    for (const node of this.byId.values()) node.queues = node.queues.filter((queue) => queue.topic !== topic);
    topic.leaderless = [];
    for (const queue of topic.queues) {
      if (queue === undefined) continue;
      const leaderId = topic.leaderOf(queue.partition);
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
