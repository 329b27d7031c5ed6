import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { accountExternalMemoryGlobally } from './external-memory.ts';
import type { GeneratorReport, GeneratorTask } from './generator-protocol.ts';
import type { VerifyReport, VerifyTask } from './verify-task.ts';
import { workerFile } from './worker-file.ts';

/**
 * Threads for load generators and for reading back, kept over all trials of a run so that their code stays
 * compiled. `atomics: 'disabled'`, since a worker that blocks while idle freezes its sockets.
 */
export class GeneratorPool {
  readonly #pool: Piscina;

  constructor(threads: number) {
    accountExternalMemoryGlobally();
    this.#pool = new Piscina({
      filename: workerFile('generator-task'),
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
    });
  }

  /** One generator for a whole trial; phases are started through `port`. Rejects when its thread crashes. */
  generate(task: GeneratorTask, signal: AbortSignal): { port: MessagePort; done: Promise<GeneratorReport> } {
    const { port1, port2 } = new MessageChannel();
    const done = this.#pool.run(
      { task, port: port2 },
      { transferList: [port2], signal },
    ) as Promise<GeneratorReport>;
    return { port: port1, done };
  }

  /** Reads a trial's topic back. */
  verify(task: VerifyTask, signal: AbortSignal): Promise<VerifyReport> {
    return this.#pool.run(task, { filename: workerFile('verify-task'), signal }) as Promise<VerifyReport>;
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
