import type { TlsSettings } from './tls-settings.ts';

/**
 * The network as core sees it. Three implementations are meant: TCP (core/client/tcp-network.ts),
 * in-thread pipes, and a simulated one. TCP_NODELAY is on at both ends, as in Kafka.
 */
export interface Network {
  /**
   * Rejects with the system's error (`code` ECONNREFUSED, ...), after timeoutMs with code ETIMEDOUT, and where the
   * signal is heeded with ABORT_ERR; elsewhere the connection is for the caller to close.
   */
  connect(
    endpoint: Endpoint,
    handler: ConnectionHandler,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Connection>;
  /** Port 0 takes a free one; the listener says which. Rejects with EADDRINUSE and the like. */
  listen(endpoint: Endpoint, accept: (connection: Connection) => ConnectionHandler): Promise<Listener>;
  /** The same network with TLS on each connection. Absent where there is none. Rejects with CONFIG. */
  overTls?(settings: TlsSettings): Promise<Network>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface Connection {
  readonly remote: string;
  /** Bytes handed to write() and not yet taken by the operating system. */
  readonly pendingBytes: number;
  /**
   * Writes the chunks in order, gathered. They are taken by reference and must not change until
   * `onWritten`, which is not called when the connection closes first (onClose says so).
   */
  write(chunks: readonly Uint8Array[], onWritten?: () => void): void;
  /** Stops reading (the peer's window fills), until resume(). */
  pause(): void;
  resume(): void;
  /** Closes at once; what was not written is dropped. onClose follows, exactly once. */
  close(): void;
  /** Closes after what was written has gone out. */
  end(): void;
}

export interface ConnectionHandler {
  /** A chunk as it came off the socket: any part of a frame, or several. Valid only during the call unless copied. */
  onData(chunk: Buffer): void;
  /** Exactly once, with the system's error when there was one. */
  onClose(error: Error | null): void;
}

export interface Listener {
  readonly endpoint: Endpoint;
  /** Stops accepting; open connections are left to their owners. */
  close(): Promise<void>;
}
