import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, it } from 'node:test';
import type { Connection, ConnectionHandler } from '../../../core/base/network.ts';
import { createTcpNetwork } from '../../../core/client/tcp-network.ts';

const network = createTcpNetwork();
const LOOPBACK = { host: '127.0.0.1', port: 0 };

/** Collects what arrives; `closed` resolves with the close error. */
function collector() {
  const chunks: Buffer[] = [];
  const closed = Promise.withResolvers<Error | null>();
  const waiting: { length: number; resolve: () => void }[] = [];
  let closeCount = 0;
  const length = () => chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const handler: ConnectionHandler = {
    onData(chunk) {
      chunks.push(Buffer.from(chunk));
      for (const each of waiting) if (length() >= each.length) each.resolve();
    },
    onClose(error) {
      closeCount++;
      closed.resolve(error);
    },
  };
  return {
    handler,
    closed: closed.promise,
    bytes: () => Buffer.concat(chunks),
    closeCount: () => closeCount,
    atLeast(wanted: number): Promise<void> {
      if (length() >= wanted) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ length: wanted, resolve }));
    },
  };
}

async function pair(host = '127.0.0.1') {
  const server = collector();
  const accepted = Promise.withResolvers<Connection>();
  const listener = await network.listen({ host, port: 0 }, (connection) => {
    accepted.resolve(connection);
    return server.handler;
  });
  const client = collector();
  const clientConnection = await network.connect(listener.endpoint, client.handler, 2_000);
  return { listener, server, client, clientConnection, serverConnection: await accepted.promise };
}

describe('TCP network', () => {
  it('carries bytes both ways, gathered chunks in order, and reports them written', async () => {
    const { listener, server, client, clientConnection, serverConnection } = await pair();
    const big = Buffer.alloc(3_000_000, 7);
    await new Promise<void>((resolve) => {
      clientConnection.write([Buffer.from('head'), big, new Uint8Array([1, 2, 3])], resolve);
    });
    assert.equal(clientConnection.pendingBytes, 0);
    await server.atLeast(3_000_007);
    assert.deepEqual(
      server.bytes(),
      Buffer.concat([Buffer.from('head'), big, Buffer.from(new Uint8Array([1, 2, 3]))]),
    );
    serverConnection.write([big]);
    await client.atLeast(big.length);
    assert.ok(client.bytes().equals(big));
    clientConnection.close();
    assert.equal(await client.closed, null);
    assert.equal(await server.closed, null);
    assert.equal(client.closeCount(), 1);
    assert.equal(server.closeCount(), 1);
    await listener.close();
  });

  it('connects by a name that has several addresses', async () => {
    const { listener, clientConnection, serverConnection, client } = await pair('localhost');
    serverConnection.write([Buffer.from('hello')]);
    await client.atLeast(5);
    assert.equal(client.bytes().toString(), 'hello');
    clientConnection.close();
    await client.closed;
    await listener.close();
  });

  it('stops reading while paused', async () => {
    for (const side of ['client', 'server'] as const) {
      const all = await pair();
      const reader = side === 'client' ? all.clientConnection : all.serverConnection;
      const writer = side === 'client' ? all.serverConnection : all.clientConnection;
      const sink = side === 'client' ? all.client : all.server;
      reader.pause();
      const bytes = 32 * 1024 * 1024;
      writer.write([Buffer.alloc(bytes)]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.ok(sink.bytes().length <= 256 * 1024, `${sink.bytes().length} bytes read while paused`);
      assert.ok(writer.pendingBytes > 0);
      reader.resume();
      await sink.atLeast(bytes);
      all.clientConnection.close();
      await all.server.closed;
      await all.listener.close();
    }
  });

  it('end() delivers what was written and closes, even towards a peer that keeps writing', async () => {
    const { listener, server, client, clientConnection, serverConnection } = await pair();
    clientConnection.write([Buffer.alloc(100_000)]);
    serverConnection.pause();
    const answer = Buffer.alloc(1_000_000, 5);
    serverConnection.write([answer]);
    serverConnection.end();
    await client.closed;
    assert.ok(client.bytes().equals(answer));
    await server.closed;
    await listener.close();
  });

  it('never calls onWritten for what a close dropped, and ignores writes after it', async () => {
    const { listener, client, clientConnection, serverConnection } = await pair();
    serverConnection.pause();
    let written = false;
    clientConnection.write([Buffer.alloc(64 * 1024 * 1024)], () => {
      written = true;
    });
    clientConnection.close();
    clientConnection.write([Buffer.from('late')], () => {
      written = true;
    });
    assert.equal(await client.closed, null);
    assert.equal(written, false);
    serverConnection.close();
    await listener.close();
  });

  it('tells the system error of a connection that was reset', async () => {
    const sockets: net.Socket[] = [];
    const server = net.createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const client = collector();
    const connection = await network.connect({ host: '127.0.0.1', port }, client.handler, 1_000);
    connection.write([Buffer.from('x')]);
    while (sockets.length === 0) await new Promise(setImmediate);
    sockets[0]?.resetAndDestroy();
    assert.equal(((await client.closed) as NodeJS.ErrnoException).code, 'ECONNRESET');
    server.close();
  });

  it('closes when the peer has closed its side, though not all is written', async () => {
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
      socket.on('error', () => {});
      socket.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const client = collector();
    const connection = await network.connect({ host: '127.0.0.1', port }, client.handler, 1_000);
    connection.write([Buffer.alloc(64 * 1024 * 1024)]);
    await client.closed;
    server.close();
  });

  it('rejects a refused connection and a port in use with the code of the system', async () => {
    const { listener, clientConnection, serverConnection } = await pair();
    const { handler } = collector();
    await assert.rejects(
      network.listen(listener.endpoint, () => handler),
      { code: 'EADDRINUSE' },
    );
    clientConnection.close();
    serverConnection.close();
    await listener.close();
    await assert.rejects(network.connect(listener.endpoint, handler, 1_000), (error: Error) => {
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      assert.match(error.message, /ECONNREFUSED 127\.0\.0\.1/);
      return true;
    });
    const name = { host: 'localhost', port: listener.endpoint.port };
    await assert.rejects(network.connect(name, handler, 1_000), (error: Error) => {
      assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
      assert.match(error.message, /ECONNREFUSED/);
      return true;
    });
  });

  it('frees the port at once, though connections stay open', async () => {
    const { listener, clientConnection, client, serverConnection } = await pair();
    await listener.close();
    const again = await network.listen(listener.endpoint, () => client.handler);
    await again.close();
    serverConnection.write([Buffer.from('still here')]);
    await client.atLeast(10);
    clientConnection.close();
  });

  it('gives up connecting after the timeout with ETIMEDOUT', async () => {
    const listener = await network.listen(LOOPBACK, () => collector().handler);
    const attempt = network.connect(listener.endpoint, collector().handler, 1);
    // The thread is busy until the timeout is over, and timers run before the socket's events.
    const busyUntil = performance.now() + 10;
    while (performance.now() < busyUntil);
    await assert.rejects(attempt, { code: 'ETIMEDOUT' });
    await listener.close();
  });
});
