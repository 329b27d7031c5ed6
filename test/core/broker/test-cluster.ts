import { SeededRandom } from '../../../core/base/random.ts';
import { realClock } from '../../../core/base/real-clock.ts';
import {
  type EmbeddedCluster,
  type EmbeddedClusterOptions,
  startEmbeddedCluster,
} from '../../../core/broker/embedded-cluster.ts';
import { createTcpNetwork } from '../../../core/client/tcp-network.ts';
import { MemoryStorage } from '../../../core/log/memory-storage.ts';

export interface TestCluster extends EmbeddedCluster {
  /** Defects of the broker that a test met; must stay empty. */
  readonly failures: string[];
  readonly ports: number[];
}

/** A cluster in memory on free ports of 127.0.0.1, with whatever the test sets otherwise. */
export async function startTestCluster(
  overrides: Partial<EmbeddedClusterOptions> = {},
): Promise<TestCluster> {
  const failures: string[] = [];
  const cluster = await startEmbeddedCluster({
    brokers: 1,
    host: '127.0.0.1',
    port: 0,
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(7),
    storage: () => new MemoryStorage(),
    // Tests give records small timestamps, which retention would take for old.
    topicConfigs: { 'retention.ms': -1 },
    onFailure: (error, context) =>
      failures.push(`${context}: ${error instanceof Error ? error.stack : error}`),
    ...overrides,
  });
  const ports = cluster.bootstrapServers.split(',').map((server) => Number(server.split(':').pop()));
  return {
    bootstrapServers: cluster.bootstrapServers,
    clusterId: cluster.clusterId,
    stats: () => cluster.stats(),
    close: () => cluster.close(),
    failures,
    ports,
  };
}
