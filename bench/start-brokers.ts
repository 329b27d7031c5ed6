import { resolve } from 'node:path';
import { TidemarkError } from '../core/base/errors.ts';
import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import type { Storage } from '../core/base/storage.ts';
import { type EmbeddedCluster, startEmbeddedCluster } from '../core/broker/embedded-cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { FileStorage } from '../core/log/file-storage.ts';
import { MemoryStorage } from '../core/log/memory-storage.ts';
import { accountExternalMemoryGlobally } from '../workers/external-memory.ts';
import { CliError, reasonOf, usageError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

export interface StartBrokersOptions {
  readonly brokers: number;
  readonly host: string;
  /** Of the first broker; 0: free ones. */
  readonly port: number;
  /** Of topics created by being used. */
  readonly partitions: number;
  /** Directory of a file log; null: in memory. */
  readonly data: string | null;
  readonly workingDirectory: string;
  /** As EmbeddedClusterOptions.processingMs. */
  readonly processingMs?: Readonly<Record<string, number>>;
}

/** A log in memory keeps the newest records of a partition only, unless its topic says otherwise. */
const IN_MEMORY_RETENTION = { 'retention.bytes': 256 * 1024 * 1024, 'segment.bytes': 16 * 1024 * 1024 };

/** The embedded cluster in this process. Exit 2 for a port in use, or a directory that cannot be used. */
export async function startBrokers(options: StartBrokersOptions): Promise<EmbeddedCluster> {
  const { brokers, host, port, partitions } = options;
  accountExternalMemoryGlobally();
  const storage = openStorage(options);
  try {
    return await startEmbeddedCluster({
      brokers,
      host,
      port,
      defaultPartitions: partitions,
      processingMs: options.processingMs ?? {},
      storage,
      ...(options.data === null ? { topicConfigs: IN_MEMORY_RETENTION } : {}),
      network: createTcpNetwork(),
      clock: realClock,
      random: new SeededRandom(0),
      onFailure: (error, context) =>
        process.stderr.write(`tidemark broker: ${context}: ${reasonOf(error)}\n`),
    });
  } catch (error) {
    if (error instanceof TidemarkError && ['CONFIG', 'NETWORK'].includes(error.kind)) {
      const hint = error.kind === 'NETWORK' && port > 0 ? '; choose another --port, or 0 for free ones' : '';
      throw usageError(`${error.message}${hint}`);
    }
    throw new CliError(reasonOf(error), EXIT.failed, error);
  }
}

function openStorage({ data, workingDirectory }: StartBrokersOptions): (nodeId: number) => Storage {
  if (data === null) {
    const shared = new MemoryStorage();
    return () => shared;
  }
  try {
    // Brokers keep to directories of their own inside one storage, which one process holds at a time.
    const storage = new FileStorage(resolve(workingDirectory, data));
    return () => storage;
  } catch (error) {
    throw usageError(`--data ${data}: ${reasonOf(error)}`);
  }
}
