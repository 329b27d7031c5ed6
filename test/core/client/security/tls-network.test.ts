import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { after, describe, it } from 'node:test';
import type { Connection, Listener, Network } from '../../../../core/base/network.ts';
import { SeededRandom } from '../../../../core/base/random.ts';
import { realClock } from '../../../../core/base/real-clock.ts';
import { Secret } from '../../../../core/base/secret.ts';
import type { TlsSettings } from '../../../../core/base/tls-settings.ts';
import { Cluster } from '../../../../core/client/cluster.ts';
import type { SecurityConfig } from '../../../../core/client/security/security-config.ts';
import { PLAINTEXT } from '../../../../core/client/security/security-config.ts';
import { createTcpNetwork } from '../../../../core/client/tcp-network.ts';
import { metadataApi } from '../../../../core/wire/messages/metadata.ts';
import { FakeBroker } from '../fake-broker.ts';
import { fixture } from './read-properties.ts';
import { requireSasl } from './sasl-server.ts';

const tcp = createTcpNetwork();
const pem = (name: string) => readFileSync(fixture(`${name}.pem`), 'utf8');
const identity = (name: string) => ({ certificatePem: pem(name), keyPem: new Secret(pem(`${name}-key`)) });

const SETTINGS: TlsSettings = {
  trustedPem: null,
  identity: null,
  verifiesHost: true,
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  cipherSuites: null,
};
const TRUSTING: TlsSettings = { ...SETTINGS, trustedPem: pem('ca') };

const closing: (() => Promise<unknown>)[] = [];
after(() => Promise.all(closing.map((close) => close())));

/** A broker that serves Metadata over the network given. */
async function startBroker(network: Network): Promise<FakeBroker> {
  const broker = await FakeBroker.listen(network);
  const { host, port } = broker.endpoint;
  broker.on(metadataApi, () => ({
    brokers: [{ nodeId: 1, host, port }],
    controllerId: 1,
    clusterId: 'tls',
    topics: [],
  }));
  closing.push(() => broker.close());
  return broker;
}

const startTlsBroker = async (settings: Partial<TlsSettings>) =>
  startBroker(await tcp.overTls!({ ...SETTINGS, identity: identity('server'), ...settings }));

function connect(
  broker: { endpoint: { port: number } },
  security: SecurityConfig,
  host = '127.0.0.1',
): Promise<Cluster> {
  return Cluster.connect({
    bootstrapServers: [`${host}:${broker.endpoint.port}`],
    clientId: 'tester',
    network: tcp,
    clock: realClock,
    random: new SeededRandom(1),
    config: { security, connectionSetupTimeoutMs: 5_000 },
  });
}

const ssl = (tls: TlsSettings): SecurityConfig => ({ protocol: 'SSL', tls, sasl: null });

async function assertConnects(broker: FakeBroker, security: SecurityConfig, host?: string): Promise<void> {
  const cluster = await connect(broker, security, host);
  assert.equal(cluster.clusterId, 'tls');
  await cluster.close();
}

async function assertRefused(
  broker: { endpoint: { port: number } },
  security: SecurityConfig,
  message: RegExp,
  host?: string,
): Promise<void> {
  await assert.rejects(connect(broker, security, host), {
    kind: 'AUTHENTICATION',
    retriable: false,
    message,
  });
}

describe('a cluster over TLS', () => {
  it('answers whoever trusts its authority, by name and by address, in both versions', async () => {
    const broker = await startTlsBroker({});
    await assertConnects(broker, ssl(TRUSTING));
    await assertConnects(broker, ssl(TRUSTING), 'localhost');
    await assertConnects(
      broker,
      ssl({ ...TRUSTING, maxVersion: 'TLSv1.2', cipherSuites: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
    );
    await assertConnects(broker, ssl({ ...TRUSTING, minVersion: 'TLSv1.3' }));
  });

  it('an untrusted certificate names the property to set', async () => {
    const broker = await startTlsBroker({});
    const untrusted =
      /no TLS with 127.0.0.1:\d+: the broker's certificate is not trusted: set ssl.truststore.location/;
    await assertRefused(broker, ssl(SETTINGS), untrusted);
    await assertRefused(broker, ssl({ ...SETTINGS, trustedPem: pem('other-ca') }), untrusted);
  });

  it('a certificate of another host is refused, unless hosts are not checked', async () => {
    const broker = await startTlsBroker({ identity: identity('elsewhere') });
    await assertRefused(
      broker,
      ssl(TRUSTING),
      /does not name this host.*ssl.endpoint.identification.algorithm/,
    );
    await assertConnects(broker, ssl({ ...TRUSTING, verifiesHost: false }));
  });

  it('an expired certificate is said to be', async () => {
    await assertRefused(
      await startTlsBroker({ identity: identity('expired') }),
      ssl(TRUSTING),
      /has expired/,
    );
  });

  it('a broker that asks for a client certificate gets it, and without one says so', async () => {
    const broker = await startTlsBroker({ trustedPem: pem('ca') });
    await assertConnects(broker, ssl({ ...TRUSTING, identity: identity('client') }));
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      await assertRefused(
        broker,
        ssl({ ...TRUSTING, maxVersion }),
        /client certificate|closed the connection/,
      );
    }
  });

  it('no version or cipher suite in common', async () => {
    const broker = await startTlsBroker({ maxVersion: 'TLSv1.2' });
    await assertRefused(broker, ssl({ ...TRUSTING, minVersion: 'TLSv1.3' }), /ssl.enabled.protocols/);
    const rsaOnly = { ...TRUSTING, maxVersion: 'TLSv1.2' as const, cipherSuites: 'AES128-GCM-SHA256' };
    await assertRefused(broker, ssl(rsaOnly), /ssl.cipher.suites/);
  });

  it('SASL over TLS', async () => {
    const broker = await startTlsBroker({});
    requireSasl(broker, { users: { alice: 's3cret' } });
    const login = (password: string): SecurityConfig => ({
      protocol: 'SASL_SSL',
      tls: TRUSTING,
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: new Secret(password) },
    });
    await assertConnects(broker, login('s3cret'));
    await assertRefused(broker, login('hunter2'), /refused user "alice"/);
    await assertRefused(broker, ssl(TRUSTING), /Set security.protocol=SASL_SSL/);
  });
});

describe('the wrong security.protocol', () => {
  it('plain text to a TLS listener', async () => {
    const broker = await startTlsBroker({});
    await assertRefused(
      broker,
      PLAINTEXT,
      /a TLS listener.*set security.protocol=SSL|closed the connection during ApiV/,
    );
  });

  it('TLS to a listener of plain text that closes, as Kafka does', async () => {
    const server = await plainServer((socket) => socket.once('data', () => socket.destroy()));
    await assertRefused(
      server,
      ssl(TRUSTING),
      /during the TLS handshake: is it a TLS listener\? security.protocol is SSL/,
    );
  });

  it('TLS to a listener that answers in plain text', async () => {
    const server = await plainServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    await assertRefused(server, ssl(TRUSTING), /does not speak TLS: set security.protocol to PLAINTEXT/);
  });
});

describe('a connection that never opens', () => {
  it('a server silent in the handshake is left in time', async () => {
    const server = await plainServer(() => {});
    const secured = await tcp.overTls!(TRUSTING);
    const handler = { onData: () => {}, onClose: () => {} };
    await assert.rejects(secured.connect({ host: '127.0.0.1', port: server.endpoint.port }, handler, 30), {
      code: 'ETIMEDOUT',
      message: 'no TLS handshake within 30 ms',
    });
  });

  for (const [name, security] of [
    ['TLS', ssl(TRUSTING)],
    ['plain text', PLAINTEXT],
  ] as const) {
    it(`closing ends the opening of a connection in ${name}, and its socket`, async () => {
      const taken = Promise.withResolvers<net.Socket>();
      const server = await plainServer((socket) => taken.resolve(socket.resume()));
      const controller = new AbortController();
      const network = name === 'TLS' ? await tcp.overTls!(security.tls!) : tcp;
      const handler = { onData: () => {}, onClose: () => {} };
      const { port } = server.endpoint;
      const opening = network.connect({ host: '127.0.0.1', port }, handler, 60_000, controller.signal);
      if (name === 'plain text') {
        (await opening).close();
      } else {
        const socket = await taken.promise;
        const closed = new Promise((resolve) => socket.once('close', resolve));
        controller.abort();
        await assert.rejects(opening, { code: 'ABORT_ERR' });
        await closed;
      }
      const late = network.connect({ host: '127.0.0.1', port }, handler, 60_000, AbortSignal.abort());
      await assert.rejects(late, { code: 'ABORT_ERR' });
    });
  }
});

describe('a TLS connection', () => {
  it('carries megabytes written in chunks, in order, and says when they are written and closed', async () => {
    const serverNetwork = await tcp.overTls!({ ...SETTINGS, identity: identity('server') });
    const received: Buffer[] = [];
    const total = 3_000_007;
    const complete = Promise.withResolvers<void>();
    const serverClosed = Promise.withResolvers<Error | null>();
    let length = 0;
    const listener: Listener = await serverNetwork.listen({ host: '127.0.0.1', port: 0 }, () => ({
      onData: (chunk) => {
        received.push(Buffer.from(chunk));
        length += chunk.length;
        if (length === total) complete.resolve();
      },
      onClose: serverClosed.resolve,
    }));
    closing.push(() => listener.close());
    const client: Connection = await (await tcp.overTls!(TRUSTING)).connect(
      listener.endpoint,
      { onData: () => {}, onClose: () => {} },
      5_000,
    );
    const bytes = Buffer.from(Array.from({ length: total }, (_, index) => (index * 31) & 0xff));
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 2_000_000), bytes.subarray(2_000_000)];
    await new Promise<void>((resolve) => client.write(chunks, resolve));
    await complete.promise;
    assert.ok(Buffer.concat(received).equals(bytes));
    assert.equal(client.pendingBytes, 0);
    client.end();
    assert.equal(await serverClosed.promise, null);
  });

  it('says of settings that OpenSSL cannot use that they are the ssl properties', async () => {
    await assert.rejects(tcp.overTls!({ ...TRUSTING, cipherSuites: 'NO-SUCH-SUITE' }), {
      kind: 'CONFIG',
      message: /^the ssl\.\* properties cannot be used/,
    });
  });
});

async function plainServer(onSocket: (socket: net.Socket) => void): Promise<{ endpoint: { port: number } }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { endpoint: { port: (server.address() as net.AddressInfo).port } };
}
