import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { Cluster } from '../client/cluster.ts';
import { withTokenSource } from '../client/security/read-security.ts';
import { createTcpNetwork } from '../client/tcp-network.ts';
import type { ProducerConfig } from './config/config.ts';
import type { KeptOptions } from './config/kept-options.ts';
import { checkTopicName } from './intake/record-checks.ts';
import type { PartitionerFactory } from './partitioners/create.ts';
import type { ProducerCluster } from './producer-cluster.ts';
import { type TimeLimit, withinMaxBlock } from './time-limit.ts';
import type { PartitionInfo } from './types.ts';

/** What a producer has once it is connected. */
export interface Started {
  readonly cluster: ProducerCluster;
  readonly newPartitioner: PartitionerFactory;
}

/** The cluster that the configuration names, unless the options bring their own; `signal` closes it. Rejects with NETWORK and the like. */
export function connectCluster(
  config: ProducerConfig,
  options: Pick<KeptOptions, 'connect' | 'network' | 'oauthBearerToken'>,
  world: { readonly clock: Clock; readonly random: Random; readonly signal: AbortSignal },
): Promise<ProducerCluster> {
  if (options.connect !== undefined) return options.connect(config);
  const { network = createTcpNetwork(), oauthBearerToken: token } = options;
  const { bootstrapServers, clientId } = config;
  const security = token === undefined ? config.security : withTokenSource(config.security, token);
  return Cluster.connect({ bootstrapServers, clientId, network, ...world, config: { ...config, security } });
}

/** Connects if need be, and asks for the topic: both within max.block.ms, then TIMEOUT. */
export async function findPartitions(
  topic: string,
  start: () => Promise<{ readonly cluster: ProducerCluster }>,
  limit: TimeLimit,
): Promise<PartitionInfo[]> {
  checkTopicName(topic);
  const { clock, maxBlockMs } = limit;
  const startNs = clock.nowNs();
  const { cluster } = await withinMaxBlock(start(), limit);
  // One budget for both (KafkaProducer.waitOnMetadata).
  const leftMs = maxBlockMs - (clock.nowNs() - startNs) / 1e6;
  const view = await cluster.metadataFor(topic, { timeoutMs: Math.max(1, leftMs) });
  return view.partitions.map(({ partition, leaderId, replicas = [], isr = [] }) => {
    return { topic, partition, leaderId, replicas, isr };
  });
}
