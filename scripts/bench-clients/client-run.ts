/** What every client of the comparison is told, and what it answers: one JSON object on stdout. */
export interface ClientRun {
  readonly bootstrapServers: string;
  readonly topic: string;
  readonly partitions: number;
  readonly recordSizeBytes: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

export interface ClientFigures {
  /** Acknowledged inside the window. */
  readonly records: number;
  readonly seconds: number;
  /** User and system time of the client's process inside the window. */
  readonly cpuSeconds: number;
}

/** Settings that all clients run with, or their nearest: printed beside the figures. */
export const BATCH_SIZE_BYTES = 65_536;
export const LINGER_MS = 5;
export const IN_FLIGHT = 5;

/** Records per partition and request that make a batch of BATCH_SIZE_BYTES, for clients that batch by call. */
export function recordsPerBatch(recordSizeBytes: number): number {
  const framingBytes = 8;
  return Math.max(1, Math.floor((BATCH_SIZE_BYTES - 61) / (recordSizeBytes + framingBytes)));
}

/** One value for all records: what is compared is the client, not the making of payloads. */
export function createValue(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, 'the quick brown fox jumps over the lazy dog. ');
}

/** Counts acknowledgements between the window's edges; `expired` ends the load. */
export class Window {
  records = 0;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #windowMs: number;
  #startCpu: NodeJS.CpuUsage | null = null;
  #cpu: NodeJS.CpuUsage | null = null;

  constructor(run: ClientRun) {
    this.#startMs = performance.now() + run.warmupMs;
    this.#endMs = this.#startMs + run.windowMs;
    this.#windowMs = run.windowMs;
  }

  acknowledged(records: number): void {
    const nowMs = performance.now();
    if (nowMs < this.#startMs) return;
    this.#startCpu ??= process.cpuUsage();
    if (nowMs < this.#endMs) this.records += records;
    else this.#cpu ??= process.cpuUsage(this.#startCpu);
  }

  get expired(): boolean {
    return performance.now() >= this.#endMs;
  }

  figures(): ClientFigures {
    const cpu = this.#cpu ?? process.cpuUsage(this.#startCpu ?? undefined);
    return {
      records: this.records,
      seconds: this.#windowMs / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
    };
  }
}

/** Calls `send` so that IN_FLIGHT calls are always under way, until the window is over. */
export async function closedLoopOfCalls(
  window: Window,
  recordsPerCall: number,
  send: () => Promise<unknown>,
): Promise<void> {
  const lane = async (): Promise<void> => {
    while (!window.expired) {
      await send();
      window.acknowledged(recordsPerCall);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}
