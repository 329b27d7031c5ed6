import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SeededRandom } from '../../../../core/base/random.ts';
import { Secret } from '../../../../core/base/secret.ts';
import { BrokerConnection } from '../../../../core/client/broker-connection.ts';
import type {
  SaslSettings,
  SecurityConfig,
  TokenSource,
} from '../../../../core/client/security/security-config.ts';
import { metadataApi } from '../../../../core/wire/messages/metadata.ts';
import { saslHandshakeApi } from '../../../../core/wire/messages/sasl-handshake.ts';
import { VirtualClock } from '../../base/virtual-clock.ts';
import { type Exchange, FakeBroker } from '../fake-broker.ts';
import { PipeNetwork } from '../pipe-network.ts';
import { requireSasl, type SaslServerOptions } from './sasl-server.ts';

const USERS = { alice: 's3cret', 'b=o,b': 'x' };
const METADATA = { brokers: [], controllerId: -1, topics: [] };

async function setUp(server: SaslServerOptions | null) {
  const clock = new VirtualClock();
  const network = new PipeNetwork({ clock });
  const broker = await FakeBroker.listen(network);
  broker.on(metadataApi, () => METADATA);
  const { logins } = server === null ? { logins: () => 0 } : requireSasl(broker, { users: USERS, ...server });
  const open = (sasl: SaslSettings | null, more: { isFirstContact?: boolean; signal?: AbortSignal } = {}) => {
    const security: SecurityConfig = {
      protocol: sasl === null ? 'PLAINTEXT' : 'SASL_PLAINTEXT',
      tls: null,
      sasl,
    };
    return BrokerConnection.open({
      network,
      clock,
      endpoint: broker.endpoint,
      clientId: 'tester',
      requestTimeoutMs: 30_000,
      connectTimeoutMs: 10_000,
      maxResponseBytes: 1_000_000,
      random: new SeededRandom(7),
      isFirstContact: true,
      security,
      ...more,
    });
  };
  /** Nothing is left behind by an opening that failed. */
  const assertClean = async () => {
    await clock.settle();
    assert.equal(network.openConnections, 0);
    assert.equal(clock.pendingTimers, 0);
  };
  return { clock, network, broker, open, logins, assertClean };
}

const password = (mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', text = 's3cret'): SaslSettings => ({
  mechanism,
  username: 'alice',
  password: new Secret(text),
});
const bearer = (token: TokenSource | null): SaslSettings => ({
  mechanism: 'OAUTHBEARER',
  token,
  extensions: {},
});
const fetchMetadata = (connection: BrokerConnection) => connection.request(metadataApi, { topics: [] });

describe('logging in', () => {
  for (const mechanism of ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const) {
    it(`${mechanism}: the right password opens the connection, a wrong one says so at once`, async () => {
      const { open, logins, assertClean, clock } = await setUp({});
      const startNs = clock.nowNs();
      const connection = await open(password(mechanism));
      assert.deepEqual((await fetchMetadata(connection)).topics, []);
      assert.equal(logins(), 1);
      connection.close();
      await assert.rejects(
        open(password(mechanism, 'hunter2')),
        (error: Error & { retriable: boolean; kind: string }) => {
          assert.equal(error.kind, 'AUTHENTICATION');
          assert.equal(error.retriable, false);
          assert.match(
            error.message,
            /refused user "alice" \(SASL .*\): Authentication failed: .*: check username and password in sasl.jaas.config/i,
          );
          assert.doesNotMatch(error.message, /hunter2/);
          return true;
        },
      );
      assert.equal(clock.nowNs(), startNs);
      await assertClean();
    });
  }

  it('SCRAM: a broker that does not know the password gets no request', async () => {
    const { open, broker, assertClean } = await setUp({ users: {}, isImpostor: true });
    await assert.rejects(open(password('SCRAM-SHA-256')), {
      kind: 'AUTHENTICATION',
      message: /could not prove/,
    });
    assert.equal(broker.count(metadataApi), 0);
    await assertClean();
  });

  it('OAUTHBEARER: a token, a function, and one that the broker refuses', async () => {
    const accepts = (message: string) => message.includes('Bearer good\x01');
    const { open, assertClean } = await setUp({ accepts });
    for (const token of [new Secret('good'), () => 'good', async () => 'good']) {
      (await open(bearer(token))).close();
    }
    await assert.rejects(open(bearer(() => 'bad')), {
      kind: 'AUTHENTICATION',
      message: /refused the token.*invalid_token/,
    });
    await assertClean();
  });

  it('OAUTHBEARER: a function that throws, gives no text, never answers, or is absent', async () => {
    const { open, clock, assertClean } = await setUp({});
    const sources: [TokenSource | null, string, RegExp][] = [
      [
        () => Promise.reject(new Error('vault is sealed')),
        'AUTHENTICATION',
        /token function failed: vault is sealed/,
      ],
      [() => undefined as unknown as string, 'AUTHENTICATION', /gave undefined, not a string/],
      [() => new Promise<string>(() => {}), 'TIMEOUT', /no OAUTHBEARER token within 10000 ms/],
      [null, 'CONFIG', /token function.*sasl.oauthbearer.token.endpoint.url/],
    ];
    for (const [token, kind, message] of sources) {
      await assert.rejects(clock.runUntil(open(bearer(token))), { kind, message });
      await assertClean();
    }
  });

  it('a mechanism that is not enabled: those that are get named', async () => {
    const { open, assertClean } = await setUp({ mechanisms: ['PLAIN', 'GSSAPI'] });
    await assert.rejects(open(password('SCRAM-SHA-512')), {
      kind: 'AUTHENTICATION',
      message: /does not enable sasl.mechanism=SCRAM-SHA-512; it enables PLAIN, GSSAPI/,
    });
    await assertClean();
  });

  it('a listener without SASL, as Kafka and as others say so', async () => {
    const answers: [(exchange: Exchange) => void, RegExp][] = [
      [
        (exchange) => exchange.respond(saslHandshakeApi, { errorCode: 34, mechanisms: [] }),
        /listener without SASL: leave the SASL out of security.protocol \(.*SASL_SSL becomes SSL\)/,
      ],
      [
        ({ connection }) => connection.close(),
        /closed the connection during the SASL login.*security.protocol is SASL_PLAINTEXT/,
      ],
    ];
    for (const [answer, message] of answers) {
      const { open, broker, assertClean } = await setUp(null);
      broker.handlers.set(saslHandshakeApi.key, answer);
      await assert.rejects(open(password('PLAIN')), { kind: 'AUTHENTICATION', retriable: false, message });
      await assertClean();
    }
  });

  it('SASL needed and none configured: the first request says so, unless the cluster was known to answer', async () => {
    const { open } = await setUp({});
    const first = await open(null);
    await assert.rejects(fetchMetadata(first), {
      kind: 'AUTHENTICATION',
      message: /at the first request.*does this listener need SASL\? Set security.protocol=SASL_PLAINTEXT/,
    });
    const later = await open(null, { isFirstContact: false });
    await assert.rejects(fetchMetadata(later), { kind: 'NETWORK', retriable: true, message: /need SASL/ });
  });

  it('a broker silent during the login ends it in time', async () => {
    const { open, broker, clock, assertClean } = await setUp(null);
    broker.handlers.set(saslHandshakeApi.key, () => {});
    const startNs = clock.nowNs();
    await assert.rejects(clock.runUntil(open(password('PLAIN'))), { kind: 'TIMEOUT', retriable: true });
    assert.equal((clock.nowNs() - startNs) / 1e6, 10_000);
    await assertClean();
  });

  it('giving up ends a login under way', async () => {
    const { open, broker, assertClean } = await setUp(null);
    const controller = new AbortController();
    broker.handlers.set(saslHandshakeApi.key, () => controller.abort());
    await assert.rejects(open(password('PLAIN'), { isFirstContact: false, signal: controller.signal }), {
      kind: 'NETWORK',
    });
    await assertClean();
  });
});

describe('renewing a login', () => {
  it('happens on the same connection before it ends; requests wait, in order, and none fails', async () => {
    const { open, broker, clock, network, logins } = await setUp({ sessionLifetimeMs: () => 10_000 });
    const connection = await open(password('SCRAM-SHA-256'));
    const answered: number[] = [];
    let sent = 0;
    for (let step = 0; step < 300; step++) {
      const burst = Array.from({ length: 3 }, () => {
        const number = sent++;
        return fetchMetadata(connection).then(() => answered.push(number));
      });
      await clock.advance(100);
      await Promise.all(burst);
    }
    assert.deepEqual(
      answered,
      Array.from({ length: 900 }, (_, index) => index),
    );
    // 30 s, renewed after 8.5 to 9.5 s each.
    assert.equal(logins(), 4);
    assert.equal(network.attempts.length, 1);
    assert.equal(broker.count(metadataApi), 900);
    connection.close();
  });

  it('lets requests in flight be answered first, and holds those that come later', async () => {
    const { open, broker, clock, logins } = await setUp({ sessionLifetimeMs: () => 1_000 });
    const connection = await open(password('PLAIN'));
    // As a broker does: the next request is looked at once the one before it is answered.
    const waiting: (() => void)[] = [];
    for (const key of [metadataApi.key, saslHandshakeApi.key]) {
      const handler = broker.handlers.get(key)!;
      broker.handlers.set(key, (exchange) => waiting.push(() => handler(exchange)));
    }
    const before = fetchMetadata(connection);
    await clock.advance(960);
    const after = fetchMetadata(connection);
    await clock.settle();
    assert.deepEqual(
      broker.requests.slice(-2).map(({ apiKey }) => apiKey),
      [metadataApi.key, saslHandshakeApi.key],
    );
    assert.equal(connection.inFlight, 3);
    waiting.shift()!();
    await before;
    waiting.shift()!();
    await clock.settle();
    assert.equal(logins(), 2);
    waiting.shift()!();
    await after;
    assert.equal(connection.inFlight, 0);
    connection.close();
  });

  it('a renewal that is refused closes the connection: what waits may go out again on another', async () => {
    let lifetimes = 0;
    const users: Record<string, string> = { alice: 's3cret' };
    const { open, clock, assertClean } = await setUp({
      users,
      sessionLifetimeMs: () => ++lifetimes * 1_000,
    });
    const connection = await open(password('PLAIN'));
    users['alice'] = 'changed';
    await clock.advance(990);
    const closed = new Promise<Error>((resolve) => connection.onClose(resolve));
    await assert.rejects(fetchMetadata(connection), {
      kind: 'NETWORK',
      retriable: true,
      message: /refused user "alice"/,
    });
    assert.match((await closed).message, /refused user "alice"/);
    assert.equal(connection.isOpen, false);
    assert.equal(connection.inFlight, 0);
    assert.equal(lifetimes, 1);
    await assertClean();
  });

  it('a login that holds for ever is not renewed', async () => {
    const { open, clock, logins } = await setUp({});
    const connection = await open(password('PLAIN'));
    await clock.advance(3_600_000);
    await fetchMetadata(connection);
    assert.equal(logins(), 1);
    connection.close();
  });
});
