import { parentPort, workerData } from 'node:worker_threads';
import { TidemarkError } from '../core/base/errors.ts';
import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { startEmbeddedCluster } from '../core/broker/embedded-cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { MemoryStorage } from '../core/log/memory-storage.ts';
import type { ClusterThreadMessage, ClusterThreadOptions } from './cluster-thread.ts';

/** The thread that the embedded cluster runs in; `close` ends it. */
const port = parentPort!;
const options = workerData as ClusterThreadOptions;

function tell(message: ClusterThreadMessage): void {
  port.postMessage(message);
}

/** Kept for the next trial: memory fresh from the system costs a page fault per 4 KiB, many times the copy. */
const MAX_FREE_BYTES = 1024 * 1024 * 1024;

try {
  const storage = new MemoryStorage({ maxFreeBytes: MAX_FREE_BYTES });
  const cluster = await startEmbeddedCluster({
    brokers: options.brokers,
    host: options.host,
    port: 0,
    storage: () => storage,
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(options.seed),
    processingMs: options.processingMs ?? {},
  });
  port.once('message', async () => {
    await cluster.close();
    tell({ type: 'closed' });
    port.close();
  });
  tell({ type: 'started', bootstrapServers: cluster.bootstrapServers });
} catch (error) {
  const kind = error instanceof TidemarkError ? error.kind : 'NETWORK';
  tell({ type: 'failed', kind, message: (error as Error).message });
  port.close();
}
