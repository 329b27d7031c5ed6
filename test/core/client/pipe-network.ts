import type {
  Connection,
  ConnectionHandler,
  Endpoint,
  Listener,
  Network,
} from '../../../core/base/network.ts';
import { formatEndpoint } from '../../../core/client/endpoint.ts';
import type { VirtualClock } from '../base/virtual-clock.ts';

export interface PipeNetworkOptions {
  readonly clock: VirtualClock;
  /** Cuts what is written into chunks of this size; whole writes otherwise. */
  readonly chunkBytes?: number;
  /** Tells that bytes were written only after the peer has had time to answer them. */
  readonly tellsWrittenLate?: boolean;
}

/**
 * A network in memory, deterministic under a virtual clock: bytes arrive in the microtask after the write. As on
 * the real one a chunk is valid only during onData: it is overwritten afterwards. `blackholes` swallow connection
 * attempts; `stalled` endpoints take connections and never a byte.
 */
export class PipeNetwork implements Network {
  readonly blackholes = new Set<number>();
  readonly stalled = new Set<number>();
  /** Connection attempts, in order, as `host:port`. */
  readonly attempts: string[] = [];
  /** Connections open now, both ends counted as one. */
  openConnections = 0;
  readonly clock: VirtualClock;
  readonly chunkBytes: number;
  readonly tellsWrittenLate: boolean;
  readonly #listeners = new Map<number, (connection: Connection) => ConnectionHandler>();
  #nextPort = 10_000;

  constructor(options: PipeNetworkOptions) {
    this.clock = options.clock;
    this.chunkBytes = options.chunkBytes ?? Number.POSITIVE_INFINITY;
    this.tellsWrittenLate = options.tellsWrittenLate ?? false;
  }

  connect(endpoint: Endpoint, handler: ConnectionHandler, timeoutMs: number): Promise<Connection> {
    this.attempts.push(formatEndpoint(endpoint));
    return new Promise((resolve, reject) => {
      if (this.blackholes.has(endpoint.port)) {
        const give = () =>
          reject(
            systemError('ETIMEDOUT', `no connection to ${formatEndpoint(endpoint)} within ${timeoutMs} ms`),
          );
        this.clock.setTimer(give, timeoutMs);
        return;
      }
      queueMicrotask(() => {
        const accept = this.#listeners.get(endpoint.port);
        if (accept === undefined) {
          reject(systemError('ECONNREFUSED', `connect ECONNREFUSED ${formatEndpoint(endpoint)}`));
          return;
        }
        const near = new PipeEnd(this, formatEndpoint(endpoint));
        const far = new PipeEnd(this, 'client');
        far.isStalled = this.stalled.has(endpoint.port);
        this.openConnections++;
        near.join(far, handler);
        far.join(near, accept(far));
        resolve(near);
      });
    });
  }

  async listen(endpoint: Endpoint, accept: (connection: Connection) => ConnectionHandler): Promise<Listener> {
    const port = endpoint.port === 0 ? this.#nextPort++ : endpoint.port;
    if (this.#listeners.has(port)) throw systemError('EADDRINUSE', `listen EADDRINUSE :${port}`);
    this.#listeners.set(port, accept);
    return {
      endpoint: { host: endpoint.host, port },
      close: async () => {
        this.#listeners.delete(port);
      },
    };
  }
}

class PipeEnd implements Connection {
  readonly remote: string;
  pendingBytes = 0;
  isStalled = false;
  #network: PipeNetwork;
  #peer: PipeEnd | null = null;
  #handler: ConnectionHandler | null = null;
  #inbox: { chunk: Uint8Array; taken: () => void }[] = [];
  #isPaused = false;
  #isOpen = true;
  #isEnding = false;

  constructor(network: PipeNetwork, remote: string) {
    this.#network = network;
    this.remote = remote;
  }

  join(peer: PipeEnd, handler: ConnectionHandler): void {
    this.#peer = peer;
    this.#handler = handler;
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): void {
    if (!this.#isOpen || this.#isEnding) return;
    const bytes = Buffer.concat(chunks);
    this.pendingBytes += bytes.length;
    this.#peer!.deliver(bytes, () => {
      if (!this.#isOpen) return;
      this.pendingBytes -= bytes.length;
      onWritten?.();
      if (this.#isEnding && this.pendingBytes === 0) this.close();
    });
  }

  deliver(chunk: Uint8Array, taken: () => void): void {
    this.#inbox.push({ chunk, taken });
    queueMicrotask(() => this.#read());
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    queueMicrotask(() => this.#read());
  }

  end(): void {
    this.#isEnding = true;
    if (this.pendingBytes === 0) this.close();
  }

  close(): void {
    this.shut(null);
  }

  /** Closes both ends; the peer sees `error`. */
  shut(error: Error | null): void {
    if (!this.#isOpen) return;
    this.#network.openConnections--;
    const peer = this.#peer!;
    for (const end of [this, peer] as PipeEnd[]) {
      end.#isOpen = false;
      end.#inbox = [];
      queueMicrotask(() => end.#handler!.onClose(end === this ? null : error));
    }
  }

  #read(): void {
    while (this.#isOpen && !this.#isPaused && !this.isStalled) {
      const next = this.#inbox.shift();
      if (next === undefined) return;
      if (this.#network.tellsWrittenLate) this.#network.clock.defer(next.taken);
      else next.taken();
      const { chunkBytes } = this.#network;
      for (let start = 0; this.#isOpen && start < next.chunk.length; ) {
        const end = Math.min(next.chunk.length, start + chunkBytes);
        const chunk = Buffer.from(next.chunk.subarray(start, end));
        this.#handler!.onData(chunk);
        chunk.fill(0xee);
        start = end;
      }
    }
  }
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
