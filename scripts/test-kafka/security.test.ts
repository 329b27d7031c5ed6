/** TLS and SASL against a real broker: right settings get in, wrong ones get a plain error within seconds. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import { jaasConfig, LISTENER_NAMES, type ListenerName, SASL_MECHANISMS } from '../kafka/listeners.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { readTopic } from './read-topic.ts';
import { settleAll } from './settled-sends.ts';
import { startTestKafka } from './start-test-kafka.ts';

type Properties = Readonly<Record<string, string>>;

const TOPIC = 'secured';
const RECORDS = 200;
const MAX_BLOCK_MS = 30_000;
/** "Within seconds", on a machine that is busy with other things. */
const PLAIN_ERROR_MS = 10_000;
const REAUTHENTICATION_MS = 2_000;

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;
let directory: string;
let arrived = 0;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tidemark-tokens-'));
  const config = { 'connections.max.reauth.ms': String(REAUTHENTICATION_MS) };
  kafka = await startTestKafka({ listeners: LISTENER_NAMES, config });
  admin = await connectAdmin(kafka.bootstrapServers);
  await makeTopic(admin, TOPIC, { partitions: 1 });
});

after(async () => {
  await admin?.close();
  await kafka?.close();
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

/** By name, what a client is told that gets in. */
const RIGHT: Readonly<Record<string, () => Properties>> = {
  'TLS, CA as a PEM file': () => kafka.clientProperties('tls'),
  'TLS, CA as PEM text': () => ({
    ...without(kafka.clientProperties('tls'), 'ssl.truststore.location'),
    'ssl.truststore.certificates': readFileSync(kafka.tlsFiles.caPem, 'utf8'),
  }),
  'TLS, CA in a PKCS12 store of keytool': () => ({
    ...kafka.clientProperties('tls'),
    'ssl.truststore.type': 'PKCS12',
    'ssl.truststore.location': kafka.tlsFiles.truststorePkcs12,
    'ssl.truststore.password': kafka.tlsFiles.password,
  }),
  'TLS with another host name that is not checked': () => kafka.clientProperties('tls-other-host'),
  'mTLS, key and certificate in a PEM file': () => kafka.clientProperties('mtls'),
  'mTLS, key and certificate in a PKCS12 store': () => ({
    ...kafka.clientProperties('mtls'),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': kafka.tlsFiles.clientKeystorePkcs12,
    'ssl.keystore.password': kafka.tlsFiles.password,
  }),
  'mTLS, certificate and encrypted key as PEM text': () => ({
    ...without(kafka.clientProperties('mtls'), 'ssl.keystore.location'),
    'ssl.keystore.certificate.chain': readFileSync(kafka.tlsFiles.clientCertificatePem, 'utf8'),
    'ssl.keystore.key': readFileSync(kafka.tlsFiles.clientEncryptedKeyPem, 'utf8'),
    'ssl.key.password': kafka.tlsFiles.password,
  }),
  'OAUTHBEARER with a token from a file': () => ({
    ...kafka.clientProperties('sasl-tls', 'OAUTHBEARER'),
    ...tokenFile('olga', 3_600),
  }),
};

const GETS_IN = [
  ...Object.entries(RIGHT),
  ...(['sasl-plain-text', 'sasl-tls'] as const).flatMap((listener) =>
    SASL_MECHANISMS.map((mechanism) => {
      return [`${listener}, ${mechanism}`, () => kafka.clientProperties(listener, mechanism)] as const;
    }),
  ),
];

for (const [name, properties] of GETS_IN) {
  test(`gets in: ${name}`, async () => {
    await using producer = new Producer({ ...properties(), 'max.block.ms': MAX_BLOCK_MS });
    const records = Array.from({ length: RECORDS }, (_, index) => ({
      topic: TOPIC,
      value: `${name} ${index}`,
    }));
    const settled = await settleAll(producer, records, MAX_BLOCK_MS);
    const failed = settled.find(({ error }) => error !== null);
    assert.equal(failed?.error?.message, undefined);
    arrived += RECORDS;
  });
}

test('gets in: OAUTHBEARER with a function that is asked for tokens', async () => {
  let asked = 0;
  const oauthBearerToken = () => {
    asked++;
    return unsecuredToken('olga', 3_600);
  };
  const properties = without(kafka.clientProperties('sasl-tls', 'OAUTHBEARER'), 'sasl.jaas.config');
  await using producer = new Producer(properties, { oauthBearerToken });
  await producer.send({ topic: TOPIC, value: 'token function' });
  assert.ok(asked > 0);
  arrived++;
});

test('what got in is in the log', async () => {
  const [read] = await readTopic(kafka.bootstrapServers, TOPIC, 1);
  assert.equal(arrived, GETS_IN.length * RECORDS + 1);
  assert.equal(new Set(read!.map(({ value }) => String(value))).size, arrived);
  assert.equal(read!.length, arrived);
});

for (const mechanism of SASL_MECHANISMS) {
  test(`logs in again before the broker ends the session: ${mechanism}`, async () => {
    await using producer = new Producer(kafka.clientProperties('sasl-plain-text', mechanism));
    const endMs = performance.now() + 2.5 * REAUTHENTICATION_MS;
    while (performance.now() < endMs) {
      await producer.send({ topic: TOPIC, value: 'again' });
      await sleep(50);
    }
    const { retries, failedRecords } = producer.stats();
    assert.deepEqual({ retries, failedRecords }, { retries: 0, failedRecords: 0 });
  });
}

interface Wrong {
  readonly properties: () => Properties;
  readonly says: RegExp;
}

function wrongPassword(mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512', username?: string): Wrong {
  return {
    properties: () => ({
      ...kafka.clientProperties('sasl-tls', mechanism),
      'sasl.jaas.config': jaasConfig(mechanism, {
        username: username ?? kafka.users[mechanism].username,
        password: 'not-the-pass-word',
      }),
    }),
    says: /Authentication failed|refused|SASL_AUTHENTICATION_FAILED/i,
  };
}

/** A client meant for one listener that comes to another. */
function to(listener: ListenerName, meantFor: ListenerName, says: RegExp): Wrong {
  return {
    properties: () => ({ ...kafka.clientProperties(meantFor), 'bootstrap.servers': kafka.servers(listener) }),
    says,
  };
}

const STAYS_OUT: Readonly<Record<string, Wrong>> = {
  'PLAIN, wrong password': wrongPassword('PLAIN'),
  'PLAIN, unknown user': wrongPassword('PLAIN', 'nobody'),
  'SCRAM-SHA-256, wrong password': wrongPassword('SCRAM-SHA-256'),
  'SCRAM-SHA-256, unknown user': wrongPassword('SCRAM-SHA-256', 'nobody'),
  'SCRAM-SHA-512, wrong password': wrongPassword('SCRAM-SHA-512'),
  'OAUTHBEARER, expired token': {
    properties: () => ({
      ...kafka.clientProperties('sasl-plain-text', 'OAUTHBEARER'),
      ...tokenFile('olga', -3_600),
    }),
    says: /invalid_token|expired|Authentication failed/i,
  },
  'CA that did not sign the broker’s certificate': {
    properties: () => ({
      ...kafka.clientProperties('tls'),
      'ssl.truststore.location': kafka.tlsFiles.wrongCaPem,
    }),
    says: /not trusted.*ssl\.truststore/,
  },
  'no CA of its own': {
    properties: () =>
      without(kafka.clientProperties('tls'), 'ssl.truststore.location', 'ssl.truststore.type'),
    says: /not trusted.*ssl\.truststore/,
  },
  'certificate for another host': {
    properties: () =>
      without(kafka.clientProperties('tls-other-host'), 'ssl.endpoint.identification.algorithm'),
    says: /does not name this host.*ssl\.endpoint\.identification\.algorithm/,
  },
  'mTLS without a client certificate': to('mtls', 'tls', /client certificate.*ssl\.keystore/),
  'plain text to TLS': to('tls', 'plain', /security\.protocol/),
  'TLS to plain text': to('plain', 'tls', /security\.protocol/),
  'SASL to a listener without': to('plain', 'sasl-plain-text', /SASL/),
  'SASL to a TLS listener without': to('tls', 'sasl-tls', /SASL/),
  'no SASL to a listener with': to('sasl-plain-text', 'plain', /SASL/),
  'TLS without SASL to a listener with both': to('sasl-tls', 'tls', /SASL/),
  'SASL in plain text to a listener with TLS': to('sasl-tls', 'sasl-plain-text', /security\.protocol/),
  'SASL over TLS to a listener without TLS': to('sasl-plain-text', 'sasl-tls', /security\.protocol/),
};

for (const [name, { properties, says }] of Object.entries(STAYS_OUT)) {
  test(`stays out with a plain error: ${name}`, async () => {
    await using producer = new Producer({ ...properties(), 'max.block.ms': MAX_BLOCK_MS });
    const [settled] = await settleAll(producer, [{ topic: TOPIC, value: 'must not arrive' }], MAX_BLOCK_MS);
    assert.ok(settled!.error !== null, 'it got in');
    const { message, retriable } = settled!.error;
    assert.match(message, says);
    assert.ok(!message.includes('not-the-pass-word'), message);
    assert.match(message, /127\.0\.0\.1:\d+/, 'it says which broker');
    assert.equal(retriable, false, message);
    assert.ok(settled!.tookMs < PLAIN_ERROR_MS, `after ${settled!.tookMs} ms: ${message}`);
  });
}

test('nothing of those that stayed out is in the log', async () => {
  const [read] = await readTopic(kafka.bootstrapServers, TOPIC, 1);
  assert.ok(read!.length >= arrived);
  assert.equal(read!.filter(({ value }) => String(value) === 'must not arrive').length, 0);
});

function without(properties: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** A token whose signature nobody checks, as brokers under development take it. */
function unsecuredToken(subject: string, lifetimeSeconds: number): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = { sub: subject, iat: nowSeconds - 7_200, exp: nowSeconds + lifetimeSeconds };
  const [header, payload] = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${header}.${payload}.`;
}

/** The same in a file, from which OAUTHBEARER can be told to take it. */
function tokenFile(subject: string, lifetimeSeconds: number): Properties {
  const path = join(directory, `token-${lifetimeSeconds}`);
  writeFileSync(path, unsecuredToken(subject, lifetimeSeconds));
  return {
    'sasl.jaas.config': 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;',
    'sasl.oauthbearer.token.endpoint.url': pathToFileURL(path).href,
  };
}
