import net from 'node:net';
import type { Connection, ConnectionHandler, Endpoint, Network } from '../base/network.ts';
import { type OpeningLimits, openSocket, READ_BUFFER_BYTES, SocketConnection } from './socket-connection.ts';
import { listenOn } from './socket-listener.ts';

/** TCP of this machine. One per thread is enough: the connections it opens share one read buffer. */
export function createTcpNetwork(): Network {
  // A chunk is valid only during onData, and one thread reads one socket at a time.
  const readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  return {
    connect: (endpoint, handler, timeoutMs, signal) =>
      connectTcp(endpoint, handler, { timeoutMs, signal, readBuffer }),
    listen: (endpoint, accept) =>
      listenOn(endpoint, accept, (take) => net.createServer({ noDelay: true, keepAlive: true }, take)),
    // Most runs do without TLS, and without the time that loading it takes.
    overTls: async (settings) =>
      (await import('./security/tls-network.ts')).createTlsNetwork(settings, readBuffer),
  };
}

function connectTcp(
  endpoint: Endpoint,
  handler: ConnectionHandler,
  options: OpeningLimits & { readonly readBuffer: Buffer },
): Promise<Connection> {
  let connection: SocketConnection | null = null;
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
  return openSocket(socket, 'connect', {
    ...options,
    late: () => `no connection within ${options.timeoutMs} ms`,
    ready: () => {
      connection = new SocketConnection(socket);
      connection.attach(handler);
      return connection;
    },
  });
}
