import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { Secret } from '../../../../core/base/secret.ts';
import { withTokenSource } from '../../../../core/client/security/read-security.ts';
import type {
  PasswordLogin,
  TokenFunction,
  TokenLogin,
} from '../../../../core/client/security/security-config.ts';
import { VirtualClock } from '../../base/virtual-clock.ts';
import { OAUTH_MODULE, PLAIN_MODULE, read, SCRAM_MODULE } from './read-properties.ts';

const SASL = { 'security.protocol': 'SASL_PLAINTEXT' };

function login(mechanism: string, jaas: string): PasswordLogin {
  const { security, messages } = read({ ...SASL, 'sasl.mechanism': mechanism, 'sasl.jaas.config': jaas });
  assert.deepEqual(messages, []);
  return security.sasl as PasswordLogin;
}

function problem(properties: Record<string, string>): string {
  const { messages } = read({ ...SASL, ...properties });
  assert.equal(messages.length, 1, messages.join('\n'));
  return messages[0]!;
}

function jaasProblem(jaas: string): string {
  return problem({ 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': jaas });
}

describe('sasl.jaas.config', () => {
  test('module, flag, quoted options and comments', () => {
    const text = `${PLAIN_MODULE} Required\n  username="alice" /* who */ password='s3cret' serviceName=kafka; // end`;
    const { mechanism, username, password } = login('PLAIN', text);
    assert.deepEqual([mechanism, username, password.reveal()], ['PLAIN', 'alice', 's3cret']);
  });

  test("Java's escapes inside quotes", () => {
    const text = `${PLAIN_MODULE} required username="al\\"ice\\\\" password="a;b\\'c=d\\tx\\101\\q";`;
    const { username, password } = login('PLAIN', text);
    assert.deepEqual([username, password.reveal()], ['al"ice\\', "a;b'c=d\txAq"]);
  });

  test('what is wrong is said without a word of the text', () => {
    const bad: [string, RegExp][] = [
      [`${PLAIN_MODULE} required username="alice" password="hunter2"`, /must end with ;$/],
      [`${PLAIN_MODULE} username="alice" password="hunter2";`, /must have a control flag/],
      [
        `${PLAIN_MODULE} required username="alice" password=7hunter2;`,
        /value of its option number 2 in double q/,
      ],
      [`${PLAIN_MODULE} required username="alice" password="hunter2;`, /a quote \("\) that is not closed/],
      [
        `${PLAIN_MODULE} required username="alice" "hunter2";`,
        /must have = and a value after option number 2/,
      ],
      [`${PLAIN_MODULE} required username="alice" password="hunter2"; x`, /one login module/],
      [`${PLAIN_MODULE} required username="alice";`, /has no password="..."/],
      [`${PLAIN_MODULE} required password="hunter2";`, /has no username="..."/],
      ['hunter2', /must begin with a login module class/],
      ['hunter2 required username="alice" password="x";', /names a login module not known here/],
    ];
    for (const [text, expected] of bad) {
      const message = jaasProblem(text);
      assert.match(message, expected);
      assert.match(message, /^sasl.jaas.config /);
      assert.doesNotMatch(message, /hunter2|alice/);
    }
  });

  test('a module that does not fit the mechanism: both are named, and the way out', () => {
    assert.equal(
      jaasProblem(`${SCRAM_MODULE} required username="a" password="b";`),
      `sasl.jaas.config names ${SCRAM_MODULE}, but sasl.mechanism=PLAIN needs ${PLAIN_MODULE}, ` +
        'or set sasl.mechanism=SCRAM-SHA-256 or SCRAM-SHA-512',
    );
  });

  test('missing, it is asked for with an example', () => {
    assert.match(
      problem({ 'sasl.mechanism': 'SCRAM-SHA-512' }),
      /is not set.*ScramLoginModule required username=/,
    );
  });
});

describe('sasl.mechanism', () => {
  test('SCRAM, but not with delegation tokens', () => {
    const jaas = `${SCRAM_MODULE} required username="a" password="b"`;
    assert.equal(login('SCRAM-SHA-512', `${jaas};`).mechanism, 'SCRAM-SHA-512');
    const tokens = { 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': `${jaas} tokenauth="true";` };
    assert.match(problem(tokens), /tokenauth/);
  });

  test("Kafka's default and others are refused with what is offered", () => {
    const offered = /PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER$/;
    assert.match(problem({}), /^sasl.mechanism is not set, and its default GSSAPI/);
    assert.match(problem({}), offered);
    assert.match(problem({ 'sasl.mechanism': 'NTLM' }), offered);
  });
});

test('security.protocol matches in any case, and others are refused', () => {
  const jaas = `${PLAIN_MODULE} required username="a" password="b";`;
  const { security } = read({
    'security.protocol': 'sasl_plaintext',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': jaas,
  });
  assert.equal(security.protocol, 'SASL_PLAINTEXT');
  assert.match(
    problem({ 'security.protocol': 'TLS' }),
    /one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL, got "TLS"/,
  );
});

test('no print-out shows a password', () => {
  const { security } = read({
    ...SASL,
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': `${PLAIN_MODULE} required username="alice" password="hunter2";`,
  });
  assert.doesNotMatch(`${inspect(security, { depth: 9 })}${JSON.stringify(security)}`, /hunter2/);
});

describe('OAUTHBEARER', () => {
  const mechanism = { ...SASL, 'sasl.mechanism': 'OAUTHBEARER' };

  function tokenLogin(properties: Record<string, string>): TokenLogin {
    const { security, messages } = read({ ...mechanism, ...properties });
    assert.deepEqual(messages, []);
    return security.sasl as TokenLogin;
  }

  test("unsecured tokens have the claims that Kafka's handler gives them", async () => {
    const clock = new VirtualClock();
    const jaas =
      `${OAUTH_MODULE} required unsecuredLoginStringClaim_sub="alice" unsecuredLoginNumberClaim_n="1.5" ` +
      'unsecuredLoginListClaim_scope=",a,b" unsecuredLoginLifetimeSeconds="60" unsecuredLoginExtension_tenant="t1";';
    const { token, extensions } = tokenLogin({ 'sasl.jaas.config': jaas });
    const text = await (token as TokenFunction)(clock);
    const [header, claims, signature] = text.split('.');
    assert.deepEqual(decoded(header!), { alg: 'none' });
    const iat = clock.wallMs() / 1000;
    assert.deepEqual(decoded(claims!), { sub: 'alice', n: 1.5, scope: ['a', 'b'], iat, exp: iat + 60 });
    assert.equal(signature, '');
    assert.deepEqual(extensions, { tenant: 't1' });
  });

  test('a file is read at each login', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-token-'));
    try {
      const path = join(folder, 'token');
      const { token } = tokenLogin({ 'sasl.oauthbearer.token.endpoint.url': pathToFileURL(path).href });
      const ask = token as TokenFunction;
      writeFileSync(path, 'first\n');
      assert.equal(await ask(new VirtualClock()), 'first');
      writeFileSync(path, 'second');
      assert.equal(await ask(new VirtualClock()), 'second');
      rmSync(path);
      await assert.rejects(async () => ask(new VirtualClock()), {
        kind: 'AUTHENTICATION',
        message: /ENOENT/,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('what is missing or wrong is said', () => {
    const jaas = (options: string) => ({
      ...mechanism,
      'sasl.jaas.config': `${OAUTH_MODULE} required ${options};`,
    });
    assert.match(problem(jaas('unsecuredLoginStringClaim_name="x"')), /has no unsecuredLoginStringClaim_sub/);
    assert.match(problem(jaas('unsecuredLoginStringClaim_exp="x"')), /sets the claim exp/);
    assert.match(problem(jaas('clientId="x" clientSecret="y"')), /token.endpoint.url is not set/);
    assert.match(problem(jaas('extension_auth="x"')), /extension_auth/);
    const url = { 'sasl.oauthbearer.token.endpoint.url': 'https://login.example/token' };
    assert.match(problem({ ...jaas('clientId="x"'), ...url }), /client.credentials.client.secret is not set/);
    assert.match(
      problem({ ...mechanism, 'sasl.oauthbearer.token.endpoint.url': 'login.example' }),
      /must be a URL/,
    );
  });

  test('an application gives a token or a function where the properties give none', () => {
    const { security } = read(mechanism);
    assert.equal((security.sasl as TokenLogin).token, null);
    const token = new Secret('abc');
    assert.equal((withTokenSource(security, token).sasl as TokenLogin).token, token);
  });
});

function decoded(segment: string): unknown {
  return JSON.parse(Buffer.from(segment, 'base64url').toString());
}
