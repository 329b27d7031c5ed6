import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { OPENSSL_SUITES } from '../../../../core/client/security/cipher-suites.ts';
import { Pkcs12Error, readPkcs12 } from '../../../../core/client/security/pkcs12.ts';
import { fixture, read } from './read-properties.ts';

/** How many certificates are read, or why none. */
function parse(bytes: Buffer): { certificates: number; error: Pkcs12Error | null } {
  try {
    return { certificates: readPkcs12(bytes, null).certificates.length, error: null };
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error;
    return { certificates: 0, error };
  }
}

const ca = readFileSync(fixture('ca.pem'), 'utf8');
const SSL = { 'security.protocol': 'SSL' };

function trusted(properties: Record<string, string>): string | null {
  const { security, messages } = read({ ...SSL, ...properties });
  assert.deepEqual(messages, []);
  return security.tls!.trustedPem;
}

function problem(properties: Record<string, string>): string {
  const { messages } = read({ ...SSL, ...properties });
  assert.equal(messages.length, 1, messages.join('\n'));
  return messages[0]!;
}

function truststore(file: string, more: Record<string, string> = {}): Record<string, string> {
  return { 'ssl.truststore.location': fixture(file), ...more };
}

function keystore(file: string, more: Record<string, string> = {}): Record<string, string> {
  return { 'ssl.keystore.location': fixture(file), ...more };
}

const trustPassword = { 'ssl.truststore.password': 'tidemark' };
const keyPassword = { 'ssl.keystore.password': 'tidemark' };

describe('trust stores', () => {
  test('without one the certificates of the runtime are trusted', () => {
    assert.equal(trusted({}), null);
  });

  test('a PEM file, and PEM in the property even when its lines became blanks', () => {
    assert.equal(trusted(truststore('ca.pem', { 'ssl.truststore.type': 'PEM' })), ca);
    const oneLine = ca.trim().replaceAll('\n', ' ');
    assert.equal(trusted({ 'ssl.truststore.certificates': oneLine, 'ssl.truststore.type': 'PEM' }), ca);
  });

  for (const file of ['truststore-keytool.p12', 'truststore-openssl.p12']) {
    test(`${file}, as PKCS12 and under the name JKS as Java reads it`, () => {
      assert.equal(trusted(truststore(file, { ...trustPassword, 'ssl.truststore.type': 'PKCS12' })), ca);
      assert.equal(trusted(truststore(file, trustPassword)), ca);
    });
  }

  test('a store without encryption needs no password', () => {
    assert.equal(trusted(truststore('truststore-open.p12', { 'ssl.truststore.type': 'PKCS12' })), ca);
  });

  test('a store that is only sealed is not trusted under a wrong password', () => {
    const type = { 'ssl.truststore.type': 'PKCS12' };
    assert.equal(trusted(truststore('truststore-mac.p12', { ...type, ...trustPassword })), ca);
    const wrong = truststore('truststore-mac.p12', { ...type, 'ssl.truststore.password': 'opensesame' });
    assert.match(problem(wrong), /^ssl.truststore.password does not open/);
  });

  test('a wrong or missing password is said, and not what it was', () => {
    const file = truststore('truststore-keytool.p12');
    assert.equal(
      problem({ ...file, 'ssl.truststore.password': 'opensesame' }),
      `ssl.truststore.password does not open ${fixture('truststore-keytool.p12')}`,
    );
    assert.match(problem(file), /^ssl.truststore.password is not set, but needed to open/);
  });

  test('a JKS store is refused with the command that converts it', () => {
    const path = fixture('truststore.jks');
    const converted = path.replace(/jks$/, 'p12');
    const message = problem(truststore('truststore.jks', trustPassword));
    assert.ok(message.startsWith(`ssl.truststore.location names ${path}: JKS stores are not read`), message);
    assert.ok(
      message.includes(
        `keytool -importkeystore -srckeystore ${path} -destkeystore ${converted} -deststoretype PKCS12`,
      ),
      message,
    );
    assert.ok(
      message.includes(`ssl.truststore.location=${converted} and ssl.truststore.type=PKCS12`),
      message,
    );
    assert.match(
      problem(truststore('truststore.jks', { 'ssl.truststore.type': 'PKCS12' })),
      /keytool -import/,
    );
  });

  test('a type that the file is not is corrected', () => {
    assert.equal(
      problem(truststore('ca.pem')),
      `ssl.truststore.type is JKS by default, but ${fixture('ca.pem')} holds PEM: set ssl.truststore.type=PEM`,
    );
    assert.match(
      problem(truststore('truststore-keytool.p12', { 'ssl.truststore.type': 'PEM' })),
      /type=PKCS12$/,
    );
    assert.match(
      problem({ 'ssl.truststore.type': 'BCFKS', ...truststore('ca.pem') }),
      /PEM or PKCS12, got "BCFKS"/,
    );
  });

  test('RC2, which OpenSSL 3 no longer serves, is refused with the way out', () => {
    assert.match(
      problem(truststore('truststore-rc2.p12', trustPassword)),
      /encrypted with RC2.*keytool -importkeystore/,
    );
  });

  test('a file that is absent, empty of certificates or no store is named', () => {
    assert.equal(
      problem({ 'ssl.truststore.location': '/nowhere/ca.pem', 'ssl.truststore.type': 'PEM' }),
      'ssl.truststore.location names /nowhere/ca.pem, which cannot be read: there is no such file',
    );
    assert.match(
      problem(truststore('client-key.pem', { 'ssl.truststore.type': 'PEM' })),
      /holds no certificate/,
    );
    assert.match(
      problem(truststore('make-stores.sh', { 'ssl.truststore.type': 'PKCS12' })),
      /is no PKCS12 store/,
    );
  });

  test('properties that exclude each other are both named', () => {
    const inline = { 'ssl.truststore.certificates': ca, 'ssl.truststore.type': 'PEM' };
    assert.match(
      problem({ ...inline, ...truststore('ca.pem') }),
      /^ssl.truststore.certificates and ssl.truststore.location are both set/,
    );
    assert.match(
      problem({ ...inline, ...trustPassword }),
      /^ssl.truststore.password is set, but ssl.truststore.cert/,
    );
    assert.match(
      problem(trustPassword),
      /^ssl.truststore.password is set, but ssl.truststore.location is not/,
    );
    assert.match(problem({ 'ssl.truststore.certificates': ca }), /ssl.truststore.type is JKS: set it to PEM/);
  });
});

describe('a PKCS12 store cut short or changed', () => {
  test('ends in a problem at every byte, never in anything else', () => {
    const whole = readFileSync(fixture('truststore-open.p12'));
    for (let length = 2; length < whole.length; length++) {
      const { certificates, error } = parse(whole.subarray(0, length));
      assert.ok(error !== null && certificates === 0, `read ${certificates} certificates of ${length} bytes`);
    }
  });
});

describe('key stores', () => {
  const certificate = readFileSync(fixture('client.pem'), 'utf8');
  const PEM = { 'ssl.keystore.type': 'PEM' };

  function identity(properties: Record<string, string>): { certificatePem: string; keyPem: string } {
    const { security, messages } = read({ ...SSL, ...properties });
    assert.deepEqual(messages, []);
    const { certificatePem, keyPem } = security.tls!.identity!;
    return { certificatePem, keyPem: keyPem.reveal() };
  }

  const expected = {
    certificatePem: certificate + ca,
    keyPem: readFileSync(fixture('client-key.pem'), 'utf8'),
  };

  test('PEM in one file, with its key encrypted or not', () => {
    assert.deepEqual(identity(keystore('client-identity.pem', PEM)), expected);
    const encrypted = identity(
      keystore('client-identity-encrypted.pem', { ...PEM, 'ssl.key.password': 'tidemark' }),
    );
    assert.deepEqual(encrypted, { ...expected, certificatePem: certificate });
  });

  test('PEM in the properties', () => {
    const properties = {
      ...PEM,
      'ssl.keystore.certificate.chain': certificate,
      'ssl.keystore.key': readFileSync(fixture('client-key-encrypted.pem'), 'utf8'),
    };
    const opened = identity({ ...properties, 'ssl.key.password': 'tidemark' });
    assert.deepEqual(opened, { ...expected, certificatePem: certificate });
    assert.match(
      problem({ ...properties, 'ssl.key.password': 'sesame' }),
      /^ssl.key.password does not open the key/,
    );
    assert.match(problem(properties), /^ssl.key.password is not set/);
  });

  for (const file of ['keystore-openssl.p12', 'keystore-openssl-3des.p12', 'keystore-keytool.p12']) {
    test(`${file}: the key, and the chain with its leaf first`, () => {
      assert.deepEqual(identity(keystore(file, keyPassword)), expected);
    });
  }

  test('halves and misfits are named', () => {
    assert.match(
      problem({ ...PEM, 'ssl.keystore.certificate.chain': certificate }),
      /ssl.keystore.key is not/,
    );
    assert.match(
      problem({ ...PEM, 'ssl.keystore.key': expected.keyPem }),
      /ssl.keystore.certificate.chain is not/,
    );
    const foreign = { 'ssl.keystore.key': readFileSync(fixture('server-key.pem'), 'utf8') };
    assert.match(
      problem({ ...PEM, 'ssl.keystore.certificate.chain': certificate, ...foreign }),
      /^ssl.keystore.key is set, but holds a key that is not that of the first certificate/,
    );
    assert.match(problem(keystore('keystore-keytool.p12')), /^ssl.keystore.password is not set, but needed/);
    assert.match(problem(keystore('truststore-keytool.p12', keyPassword)), /holds no private key/);
    assert.match(problem(keystore('client.pem', PEM)), /holds no private key \(-----BEGIN PRIVATE KEY/);
  });

  test('no print-out shows the key', () => {
    const { security } = read({ ...SSL, ...keystore('client-identity.pem', PEM) });
    assert.doesNotMatch(`${inspect(security, { depth: 9 })}${JSON.stringify(security)}`, /PRIVATE KEY/);
  });
});

describe('the rest of ssl.*', () => {
  test('versions, host check and cipher suites', () => {
    const { security, messages } = read({
      ...SSL,
      'ssl.enabled.protocols': 'TLSv1.2',
      'ssl.endpoint.identification.algorithm': '',
      'ssl.cipher.suites': 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384',
    });
    assert.deepEqual(messages, []);
    assert.equal(security.tls!.minVersion, 'TLSv1.2');
    assert.equal(security.tls!.maxVersion, 'TLSv1.2');
    assert.equal(security.tls!.verifiesHost, false);
    assert.equal(security.tls!.cipherSuites, 'ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_256_GCM_SHA384');
  });

  test("Kafka's defaults: both versions, and the host is checked", () => {
    const { tls: settings } = read(SSL).security;
    assert.deepEqual([settings!.minVersion, settings!.maxVersion], ['TLSv1.2', 'TLSv1.3']);
    assert.equal(settings!.verifiesHost, true);
    assert.equal(settings!.cipherSuites, null);
  });

  test('what is not spoken is named', () => {
    assert.match(problem({ 'ssl.enabled.protocols': 'TLSv1.1,TLSv1.2' }), /TLSv1.1 is not spoken here/);
    assert.match(problem({ 'ssl.protocol': 'SSLv3' }), /^ssl.protocol must be one of TLS, TLSv1.2, TLSv1.3/);
    assert.match(
      problem({ 'ssl.cipher.suites': 'TLS_RSA_WITH_RC4_128_MD5' }),
      /names TLS_RSA_WITH_RC4_128_MD5/,
    );
    assert.match(
      problem({ 'ssl.endpoint.identification.algorithm': 'ldaps' }),
      /https, or empty.*got "ldaps"/,
    );
  });

  test('every cipher suite of the table is one of the runtime', () => {
    const known = tls.getCiphers();
    for (const suite of OPENSSL_SUITES) assert.ok(known.includes(suite.toLowerCase()), suite);
  });
});

test('ssl properties are not looked at unless the protocol uses TLS', () => {
  const { security, messages } = read({
    'ssl.truststore.location': '/nowhere',
    'security.protocol': 'PLAINTEXT',
  });
  assert.deepEqual(messages, []);
  assert.equal(security.tls, null);
});
