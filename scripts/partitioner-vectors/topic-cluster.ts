import { startTestCluster, type TestCluster } from '../../test/core/broker/test-cluster.ts';

/** An embedded cluster whose topics, made by being used, have so many partitions. */
export function startTopicCluster(partitions: number): Promise<TestCluster> {
  return startTestCluster({ defaultPartitions: partitions });
}
