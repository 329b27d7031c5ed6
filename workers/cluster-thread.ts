import { Worker } from 'node:worker_threads';
import { TidemarkError } from '../core/base/errors.ts';
import { accountExternalMemoryGlobally } from './external-memory.ts';
import { workerFile } from './worker-file.ts';

export interface ClusterThreadOptions {
  readonly brokers: number;
  readonly host: string;
  readonly seed: number;
  /** As EmbeddedClusterOptions.processingMs. */
  readonly processingMs?: Readonly<Record<string, number>> | undefined;
}

export type ClusterThreadMessage =
  | { readonly type: 'started'; readonly bootstrapServers: string }
  | { readonly type: 'failed'; readonly kind: string; readonly message: string }
  | { readonly type: 'closed' };

const CLOSE_TIMEOUT_MS = 5000;

/** The embedded cluster, in a thread of its own, in memory. */
export class ClusterThread {
  readonly bootstrapServers: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, bootstrapServers: string) {
    this.#worker = worker;
    this.bootstrapServers = bootstrapServers;
  }

  /** Rejects with what kept the cluster from starting. `onCrash` tells of a thread that ends by itself later. */
  static start(options: ClusterThreadOptions, onCrash: (error: Error) => void): Promise<ClusterThread> {
    accountExternalMemoryGlobally();
    const worker = new Worker(workerFile('cluster-worker'), { workerData: options });
    return new Promise((resolve, reject) => {
      let started = false;
      const fail = (error: Error): void => (started ? onCrash(error) : reject(error));
      worker.on('error', fail);
      worker.on('exit', (code) =>
        fail(new TidemarkError('NETWORK', `the embedded cluster ended (exit code ${code})`)),
      );
      worker.on('message', (message: ClusterThreadMessage) => {
        if (message.type === 'failed') reject(new TidemarkError(message.kind, message.message));
        if (message.type !== 'started') return;
        started = true;
        resolve(new ClusterThread(worker, message.bootstrapServers));
      });
    });
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners('exit').removeAllListeners('error');
    const closed = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve());
      this.#worker.once('message', () => resolve());
    });
    this.#worker.postMessage('close');
    await Promise.race([
      closed,
      new Promise((resolve) => AbortSignal.timeout(CLOSE_TIMEOUT_MS).addEventListener('abort', resolve)),
    ]);
    await this.#worker.terminate();
  }
}
