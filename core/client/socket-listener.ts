import type net from 'node:net';
import type { Connection, ConnectionHandler, Endpoint, Listener } from '../base/network.ts';
import { realClock } from '../base/real-clock.ts';
import { SocketConnection } from './socket-connection.ts';

/** Listens with the server that `create` makes, which hands each socket that is ready to `take`. */
export function listenOn(
  endpoint: Endpoint,
  accept: (connection: Connection) => ConnectionHandler,
  create: (take: (socket: net.Socket) => void) => net.Server,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = create((socket) => {
      const connection = new SocketConnection(socket);
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
