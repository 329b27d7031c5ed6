import { TidemarkError } from '../base/errors.ts';

/** The request to make a topic. */
export interface TopicCreation {
  readonly name: string;
  /** -1 takes the cluster's default. */
  readonly partitionCount: number;
  /** -1 takes the cluster's default, which is 1. */
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string>;
  /** The leader of each partition, when the caller chooses; partitionCount and replicationFactor are -1 then. */
  readonly leaders?: readonly number[];
}

/** What the cluster has, and has room for. */
export interface ClusterRoom {
  readonly brokers: readonly { readonly nodeId: number }[];
  readonly defaultPartitions: number;
  /** Of all topics together, and their bound. */
  readonly partitionCount: number;
  readonly maxPartitions: number;
}

/** How many partitions the topic gets. Throws INVALID_PARTITIONS and INVALID_REPLICA_ASSIGNMENT. */
export function plannedPartitionCount(creation: TopicCreation, cluster: ClusterRoom): number {
  const { name, leaders } = creation;
  if (leaders !== undefined) {
    const unknown = leaders.find((id) => !cluster.brokers.some((broker) => broker.nodeId === id));
    if (unknown !== undefined || leaders.length === 0) {
      throw new TidemarkError(
        'INVALID_REPLICA_ASSIGNMENT',
        `the topic "${name}" is assigned to ${unknown === undefined ? 'no broker' : `broker ${unknown}, which does not exist`}`,
      );
    }
  }
  const count = leaders?.length ?? creation.partitionCount;
  const partitionCount = count === -1 ? cluster.defaultPartitions : count;
  if (partitionCount < 1) {
    throw new TidemarkError(
      'INVALID_PARTITIONS',
      `the topic "${name}" needs at least 1 partition, got ${count}`,
    );
  }
  if (cluster.partitionCount + partitionCount > cluster.maxPartitions) {
    throw new TidemarkError(
      'INVALID_PARTITIONS',
      `the topic "${name}" with ${partitionCount} partitions would take the cluster beyond ${cluster.maxPartitions} (there are ${cluster.partitionCount})`,
    );
  }
  return partitionCount;
}
