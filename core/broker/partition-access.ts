import type { Broker } from './broker.ts';
import { errorCode } from './error-code.ts';
import type { Partition } from './partition.ts';
import type { Topic } from './topic.ts';

const NONE = 0;
const UNKNOWN_TOPIC_OR_PARTITION = errorCode('UNKNOWN_TOPIC_OR_PARTITION');
const UNKNOWN_TOPIC_ID = errorCode('UNKNOWN_TOPIC_ID');
const NOT_LEADER_OR_FOLLOWER = errorCode('NOT_LEADER_OR_FOLLOWER');
const FENCED_LEADER_EPOCH = errorCode('FENCED_LEADER_EPOCH');
const UNKNOWN_LEADER_EPOCH = errorCode('UNKNOWN_LEADER_EPOCH');

/** How requests name a topic: the name up to some version, the id from then on. */
export interface TopicReference {
  readonly name: string;
  readonly id: string;
  readonly byId: boolean;
}

/** A topic as a request names it, and the error for its partitions when there is none. */
export function findTopic(
  broker: Broker,
  reference: TopicReference,
): { topic: Topic | undefined; missingCode: number } {
  return reference.byId
    ? { topic: broker.cluster.topicById(reference.id), missingCode: UNKNOWN_TOPIC_ID }
    : { topic: broker.cluster.topic(reference.name), missingCode: UNKNOWN_TOPIC_OR_PARTITION };
}

/** A partition that this broker leads, or the error code that says why not. */
export type PartitionAccess =
  | { readonly partition: Partition; readonly code: 0 }
  /** `partition` is given when another broker leads it. */
  | { readonly partition: Partition | undefined; readonly code: number };

/** `currentLeaderEpoch` -1 asks for no check (KIP-320). */
export function accessPartition(
  broker: Broker,
  topic: Topic | undefined,
  index: number,
  check: { missingCode: number; currentLeaderEpoch: number },
): PartitionAccess {
  if (topic === undefined) return { partition: undefined, code: check.missingCode };
  const partition = topic.partitions[index];
  if (partition === undefined || partition.isClosed)
    return { partition: undefined, code: UNKNOWN_TOPIC_OR_PARTITION };
  if (partition.leaderId !== broker.nodeId) return { partition, code: NOT_LEADER_OR_FOLLOWER };
  const epoch = check.currentLeaderEpoch;
  if (epoch === -1 || epoch === partition.leaderEpoch) return { partition, code: NONE };
  return { partition, code: epoch < partition.leaderEpoch ? FENCED_LEADER_EPOCH : UNKNOWN_LEADER_EPOCH };
}

/** Whether the error is one that a client heals with the current leader's name and address. */
export function isLeadershipError(code: number): boolean {
  return code === NOT_LEADER_OR_FOLLOWER || code === FENCED_LEADER_EPOCH;
}

/** The brokers with these ids, as `nodeEndpoints` of Produce v10+ and Fetch v16+ (KIP-951). */
export function nodeEndpoints(broker: Broker, ids: ReadonlySet<number>) {
  return broker.cluster.brokers
    .filter(({ nodeId }) => ids.has(nodeId))
    .map(({ nodeId, host, port }) => ({ nodeId, host, port, rack: null }));
}
