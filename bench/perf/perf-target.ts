import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { createTopic } from '../../core/client/admin.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { createTcpNetwork } from '../../core/client/tcp-network.ts';
import { ClusterThread } from '../../workers/cluster-thread.ts';

const BROKERS = 3;
const PARTITIONS = 12;
const LOOPBACK = '127.0.0.1';
/** The log is in memory: it keeps the newest records only, however many are sent. */
const RETAINED_BYTES = 1024 ** 3;
const SEGMENTS_PER_PARTITION = 8;

export interface PerfTarget {
  readonly bootstrapServers: string;
  close(): Promise<void>;
}

/** The embedded cluster with the topic in it. */
export async function startEmbeddedTarget(
  topic: string,
  onNote: (text: string) => void,
): Promise<PerfTarget> {
  const thread = await ClusterThread.start({ brokers: BROKERS, host: LOOPBACK, seed: 0 }, (error) =>
    onNote(`the embedded cluster failed: ${error.message}`),
  );
  try {
    await makeTopic(thread.bootstrapServers, topic);
  } catch (error) {
    await thread.close();
    throw error;
  }
  onNote(
    `no bootstrap server given: started the embedded cluster (${BROKERS} brokers) and created ${topic} with ${PARTITIONS} partitions`,
  );
  return { bootstrapServers: thread.bootstrapServers, close: () => thread.close() };
}

async function makeTopic(bootstrapServers: string, name: string): Promise<void> {
  const cluster = await Cluster.connect({
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'tidemark',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(0),
  });
  try {
    const perPartition = Math.floor(RETAINED_BYTES / PARTITIONS);
    await createTopic(cluster, {
      name,
      partitions: PARTITIONS,
      replicationFactor: 1,
      configs: {
        'retention.bytes': String(perPartition),
        'segment.bytes': String(Math.floor(perPartition / SEGMENTS_PER_PARTITION)),
      },
    });
  } finally {
    await cluster.close();
  }
}
