import net from 'node:net';
import type { Timer } from '../base/clock.ts';
import type { Connection, ConnectionHandler, Endpoint, Listener, Network } from '../base/network.ts';
import { realClock } from '../base/real-clock.ts';
import { formatEndpoint } from './endpoint.ts';

/** Bytes taken off a client socket at a time; a fetch response of megabytes then needs few calls. */
const READ_BUFFER_BYTES = 256 * 1024;

/** How long end() waits for the peer to close its side before it closes ours. */
const END_LINGER_MS = 2_000;

/** TCP of this machine. One per thread is enough: the connections it opens share one read buffer. */
export function createTcpNetwork(): Network {
  // A chunk is valid only during onData, and one thread reads one socket at a time.
  const readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  return {
    connect: (endpoint, handler, timeoutMs) => connectTcp(endpoint, handler, { timeoutMs, readBuffer }),
    listen: listenTcp,
  };
}

function connectTcp(
  endpoint: Endpoint,
  handler: ConnectionHandler,
  options: { timeoutMs: number; readBuffer: Buffer },
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let connection: TcpConnection | null = null;
    const socket = net.connect({
      host: endpoint.host,
      port: endpoint.port,
      noDelay: true,
      keepAlive: true,
      onread: {
        buffer: options.readBuffer,
        callback: (length: number, buffer: Uint8Array): boolean => {
          connection?.receive(buffer.subarray(0, length) as Buffer);
          return true;
        },
      },
    });
    const timer = realClock.setTimer(() => {
      socket.destroy(
        Object.assign(new Error(`no connection within ${options.timeoutMs} ms`), { code: 'ETIMEDOUT' }),
      );
    }, options.timeoutMs);
    const refuse = (error: Error) => {
      realClock.clearTimer(timer);
      reject(flattenConnectError(error));
    };
    socket.once('error', refuse);
    socket.once('connect', () => {
      realClock.clearTimer(timer);
      socket.removeListener('error', refuse);
      connection = new TcpConnection(socket);
      connection.attach(handler);
      resolve(connection);
    });
  });
}

/** A name with several addresses fails with an AggregateError whose own message is empty. */
function flattenConnectError(error: Error): Error {
  if (!(error instanceof AggregateError) || error.errors.length === 0) return error;
  const messages = error.errors.map((each: Error) => each.message);
  return Object.assign(new Error(messages.join('; ')), { code: (error.errors[0] as { code?: string }).code });
}

function listenTcp(
  endpoint: Endpoint,
  accept: (connection: Connection) => ConnectionHandler,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true, keepAlive: true }, (socket) => {
      const connection = new TcpConnection(socket);
      connection.attach(accept(connection));
      socket.on('data', (chunk) => connection.receive(chunk as Buffer));
    });
    server.once('error', reject);
    server.listen(endpoint.port, endpoint.host, () => {
      server.removeListener('error', reject);
      // Accepting can fail later (EMFILE): that connection is lost, the listener is not.
      server.on('error', () => {});
      const address = server.address() as net.AddressInfo;
      resolve({ endpoint: { host: endpoint.host, port: address.port }, close: () => closeServer(server) });
    });
  });
}

/** net.Server's own callback waits for every open connection; the port is free much earlier. */
function closeServer(server: net.Server): Promise<void> {
  if (server.listening) server.close();
  return new Promise((resolve) => realClock.defer(resolve));
}

/** One socket of either side. */
class TcpConnection implements Connection {
  readonly remote: string;
  readonly #socket: net.Socket;
  #handler: ConnectionHandler | null = null;
  #error: Error | null = null;
  /** After end() what still comes in is read and dropped: unread bytes would turn the close into a reset. */
  #discarding = false;
  #lingerTimer: Timer | null = null;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    this.remote = formatEndpoint({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 });
  }

  attach(handler: ConnectionHandler): void {
    this.#handler = handler;
    this.#socket.on('error', (error) => {
      this.#error ??= error;
    });
    // A Kafka peer never half-closes: after its FIN nobody waits for what is left to write.
    this.#socket.on('end', () => this.#socket.destroy());
    this.#socket.once('close', () => {
      if (this.#lingerTimer !== null) realClock.clearTimer(this.#lingerTimer);
      this.#handler?.onClose(this.#error);
    });
  }

  receive(chunk: Buffer): void {
    if (this.#discarding || this.#socket.destroyed) return;
    this.#handler?.onData(chunk);
  }

  get pendingBytes(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Uint8Array[], onWritten?: () => void): void {
    const socket = this.#socket;
    const last = chunks.length - 1;
    if (last < 0 || !socket.writable) return;
    const done = onWritten && ((error?: Error | null) => error ?? onWritten());
    // Corked chunks leave in one writev, by reference.
    if (last > 0) socket.cork();
    for (let index = 0; index < last; index++) socket.write(chunks[index] as Uint8Array);
    socket.write(chunks[last] as Uint8Array, done);
    if (last > 0) socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#discarding = true;
    this.#socket.destroy();
  }

  end(): void {
    if (this.#discarding) return;
    this.#discarding = true;
    this.#socket.end();
    this.#socket.resume();
    this.#lingerTimer = realClock.setTimer(() => this.#socket.destroy(), END_LINGER_MS);
  }
}
