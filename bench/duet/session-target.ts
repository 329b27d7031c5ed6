import { setTimeout as delay } from 'node:timers/promises';
import { TidemarkError } from '../../core/base/errors.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { createTopic, deleteTopic, listOffsets } from '../../core/client/admin.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { createTcpNetwork } from '../../core/client/tcp-network.ts';
import { ClusterThread } from '../../workers/cluster-thread.ts';
import { securityOf } from '../../workers/run-security.ts';
import { CliError, reasonOf } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';

/** What both sides produce to: topics are made, read and deleted here, by neither of them. */
export interface DuetTarget {
  /** Comma separated. */
  readonly bootstrapServers: string;
  /** Resolves once every partition has a leader that serves it. */
  createTopic(name: string, partitions: number): Promise<void>;
  /**
   * Records in the log: the sum of the end offsets of all partitions. Fewer than `expected` are given some seconds to
   * come: with acks=0 they may be under way, with acks=1 followers may still have to fetch them.
   */
  recordsIn(name: string, partitions: number, expected: number): Promise<number>;
  /** Never rejects: what cannot be deleted takes nothing away from what was measured. */
  deleteTopic(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface DuetTargetOptions {
  /** null: an embedded cluster in a thread of this process. */
  readonly bootstrapServers: string | null;
  /** Producer properties: what connections are secured by is taken from them. */
  readonly properties: Readonly<Record<string, string>>;
  /** The embedded cluster ended by itself. */
  readonly onCrash: (error: Error) => void;
}

/** One broker: three would share the same thread, and only add connections and requests to what is compared. */
const EMBEDDED_BROKERS = 1;
const CLIENT_ID = 'tidemark';
const SECURITY = /^(security|ssl|sasl)\./;
/** Of each topic, so that memory stays flat however long a check runs. Kafka takes no segments below 1 MiB. */
const RETAINED_BYTES = 128 * 1024 * 1024;
const SEGMENTS_PER_PARTITION = 8;
const MIN_SEGMENT_BYTES = 1024 * 1024;
/** How long records that were acknowledged may take to be seen in the log, and how often it is looked at. */
const [MOST_ARRIVAL_MS, ARRIVAL_POLL_MS] = [3000, 50];

/** Starts the embedded cluster, or reaches the one named: exit 4 when it cannot be reached or refuses the login. */
export async function openDuetTarget(options: DuetTargetOptions): Promise<DuetTarget> {
  const embedded =
    options.bootstrapServers === null
      ? await ClusterThread.start({ brokers: EMBEDDED_BROKERS, host: '127.0.0.1', seed: 0 }, options.onCrash)
      : null;
  const bootstrapServers = embedded?.bootstrapServers ?? options.bootstrapServers!;
  try {
    const cluster = await Cluster.connect({
      bootstrapServers: bootstrapServers.split(','),
      clientId: CLIENT_ID,
      network: createTcpNetwork(),
      clock: realClock,
      random: new SeededRandom(0),
      config: { security: securityOf(securityProperties(options.properties)) },
    });
    return targetOn(cluster, bootstrapServers, embedded);
  } catch (error) {
    await embedded?.close();
    if (error instanceof TidemarkError && error.kind !== 'CONFIG') {
      throw new CliError(`${bootstrapServers}: ${reasonOf(error)}`, EXIT.unreachable, error);
    }
    throw error;
  }
}

/** Drivers of other clients may be given properties that only they know. */
function securityProperties(properties: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => SECURITY.test(name)));
}

function targetOn(cluster: Cluster, bootstrapServers: string, embedded: ClusterThread | null): DuetTarget {
  const numbered = (partitions: number): number[] => Array.from({ length: partitions }, (_, index) => index);
  return {
    bootstrapServers,
    createTopic: async (name, partitions) => {
      // -1: as that cluster makes its topics.
      const replicationFactor = embedded === null ? -1 : 1;
      await createTopic(cluster, { name, partitions, replicationFactor, configs: retention(partitions) });
      await listOffsets(cluster, name, numbered(partitions), 'latest');
    },
    recordsIn: async (name, partitions, expected) => {
      for (let waitedMs = 0; ; waitedMs += ARRIVAL_POLL_MS) {
        const ends = await listOffsets(cluster, name, numbered(partitions), 'latest');
        const found = [...ends.values()].reduce((sum, { offset }) => sum + offset, 0);
        if (found >= expected || waitedMs >= MOST_ARRIVAL_MS) return found;
        await delay(ARRIVAL_POLL_MS);
      }
    },
    deleteTopic: (name) => deleteTopic(cluster, name).catch(() => {}),
    close: async () => {
      await cluster.close();
      await embedded?.close();
    },
  };
}

function retention(partitions: number): Record<string, string> {
  const perPartition = Math.floor(RETAINED_BYTES / partitions);
  return {
    'retention.bytes': String(perPartition),
    'segment.bytes': String(Math.max(MIN_SEGMENT_BYTES, Math.floor(perPartition / SEGMENTS_PER_PARTITION))),
  };
}
