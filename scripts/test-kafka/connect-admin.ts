import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { createTopic, listOffsets } from '../../core/client/admin.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { createTcpNetwork } from '../../core/client/tcp-network.ts';

export interface TopicShape {
  readonly partitions: number;
  readonly replicationFactor?: number;
  readonly configs?: Readonly<Record<string, string>>;
}

/** Tidemark's own admin calls against a cluster: topics are made and deleted with them, and no JVM starts for it. */
export function connectAdmin(bootstrapServers: string): Promise<Cluster> {
  return Cluster.connect({
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'test-admin',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(1),
  });
}

/** Makes a topic and waits until its leaders serve it: under acks=0 nobody would tell that a record came too early. */
export async function makeTopic(admin: Cluster, name: string, shape: TopicShape): Promise<void> {
  await createTopic(admin, { replicationFactor: 1, ...shape, name });
  const partitions = Array.from({ length: shape.partitions }, (_, partition) => partition);
  await listOffsets(admin, name, partitions, 'latest');
}
