import net from 'node:net';
import tls from 'node:tls';
import { TidemarkError } from '../../base/errors.ts';
import type { Connection, ConnectionHandler, Endpoint, Network } from '../../base/network.ts';
import type { TlsSettings } from '../../base/tls-settings.ts';
import { type OpeningLimits, openSocket, SocketConnection } from '../socket-connection.ts';
import { listenOn } from '../socket-listener.ts';

/**
 * TCP of this machine with TLS on each connection. Its listeners show the identity of the settings, and when the
 * settings trust certificates they ask clients for one (Kafka's ssl.client.auth=required).
 */
export function createTlsNetwork(settings: TlsSettings, readBuffer: Buffer): Network {
  const secureContext = contextOf(settings);
  return {
    connect: (endpoint, handler, timeoutMs, signal) =>
      connectTls(endpoint, handler, { timeoutMs, signal, readBuffer, secureContext, settings }),
    listen: (endpoint, accept) =>
      listenOn(endpoint, accept, (take) => {
        const asksClients = settings.trustedPem !== null;
        const server = tls.createServer(
          {
            ...contextOptions(settings),
            noDelay: true,
            keepAlive: true,
            requestCert: asksClients,
            rejectUnauthorized: asksClients,
          },
          take,
        );
        // A client that does not get through the handshake is its own concern.
        server.on('tlsClientError', (_, socket) => socket.destroy());
        return server;
      }),
  };
}

function contextOptions(settings: TlsSettings): tls.SecureContextOptions {
  const { trustedPem, identity, cipherSuites } = settings;
  return {
    ...(trustedPem === null ? {} : { ca: trustedPem }),
    ...(identity === null ? {} : { cert: identity.certificatePem, key: identity.keyPem.reveal() }),
    ...(cipherSuites === null ? {} : { ciphers: cipherSuites }),
    minVersion: settings.minVersion,
    maxVersion: settings.maxVersion,
    // Java trusts each certificate of a truststore by itself, though it was issued by another.
    allowPartialTrustChain: true,
  };
}

function contextOf(settings: TlsSettings): tls.SecureContext {
  try {
    return tls.createSecureContext(contextOptions(settings));
  } catch (error) {
    throw new TidemarkError('CONFIG', `the ssl.* properties cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

interface TlsOpening extends OpeningLimits {
  readonly readBuffer: Buffer;
  readonly secureContext: tls.SecureContext;
  readonly settings: TlsSettings;
}

function connectTls(
  endpoint: Endpoint,
  handler: ConnectionHandler,
  options: TlsOpening,
): Promise<Connection> {
  let connection: SocketConnection | null = null;
  let isReached = false;
  const socket = tls.connect({
    host: endpoint.host,
    port: endpoint.port,
    // A server name is a name: an address is checked against the certificate's addresses, and not sent.
    servername: net.isIP(endpoint.host) === 0 ? endpoint.host : '',
    secureContext: options.secureContext,
    ...(options.settings.verifiesHost ? {} : { checkServerIdentity: () => undefined }),
    onread: {
      buffer: options.readBuffer,
      callback: (length: number, buffer: Uint8Array): boolean => {
        connection?.receive(buffer.subarray(0, length) as Buffer);
        return true;
      },
    },
  } as tls.ConnectionOptions);
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  socket.once('connect', () => {
    isReached = true;
  });
  const late = () => `no ${isReached ? 'TLS handshake' : 'connection'} within ${options.timeoutMs} ms`;
  return openSocket(socket, 'secureConnect', {
    ...options,
    late,
    ready: () => {
      connection = new SocketConnection(socket);
      connection.attach(handler);
      return connection;
    },
  });
}
