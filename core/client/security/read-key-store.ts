import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Secret } from '../../base/secret.ts';
import type { TlsSettings } from '../../base/tls-settings.ts';
import { pemBlocks, privateKeyIn } from './pem.ts';
import { readPkcs12 } from './pkcs12.ts';
import { checkedCertificates, refuseStore } from './read-trust-store.ts';
import type { SecurityProperties } from './security-properties.ts';
import { readStoreFile, storeTypeOf } from './store-file.ts';

const CHAIN = 'ssl.keystore.certificate.chain';
const KEY = 'ssl.keystore.key';
const LOCATION = 'ssl.keystore.location';
const PASSWORD = 'ssl.keystore.password';
const KEY_PASSWORD = 'ssl.key.password';

type Identity = TlsSettings['identity'];

/**
 * The client's own certificate and key, from a store or the properties that hold them; null: none. The rules between
 * the properties are those of Kafka's DefaultSslEngineFactory.createKeystore.
 */
export function readKeyStore(properties: SecurityProperties): Identity {
  const chain = properties.text(CHAIN);
  const key = properties.text(KEY);
  const location = properties.text(LOCATION);
  const password = properties.text(PASSWORD);
  if (chain !== null || key !== null) {
    if (key === null) return properties.refuse(CHAIN, `is set, but ${KEY} is not: set both`);
    if (chain === null) return properties.refuse(KEY, `is set, but ${CHAIN} is not: set both`);
    const type = storeTypeOf(properties, 'keystore');
    if (type !== null && type !== 'PEM') {
      return properties.refuse(KEY, `is PEM, but ssl.keystore.type is ${type}: set it to PEM`);
    }
    if (location !== null) return properties.refuse(KEY, `and ${LOCATION} are both set: leave one out`);
    if (password !== null)
      return properties.refuse(PASSWORD, `is set, but ${KEY} is PEM: its password is ${KEY_PASSWORD}`);
    return identityOfPem(properties, { chain, chainProperty: CHAIN, key, keyProperty: KEY });
  }
  if (location === null) {
    return password === null ? null : properties.refuse(PASSWORD, `is set, but ${LOCATION} is not`);
  }
  const store = readStoreFile(properties, 'keystore');
  if (store === null) return null;
  if (store.format === 'PKCS12') return identityOfPkcs12(properties, store.bytes, location);
  if (password !== null) {
    return properties.refuse(
      PASSWORD,
      `is set, but ssl.keystore.type is PEM: the key's password is ${KEY_PASSWORD}`,
    );
  }
  const text = store.bytes.toString('utf8');
  return identityOfPem(properties, {
    chain: text,
    chainProperty: LOCATION,
    key: text,
    keyProperty: LOCATION,
  });
}

function identityOfPem(
  properties: SecurityProperties,
  texts: {
    readonly chain: string;
    readonly chainProperty: string;
    readonly key: string;
    readonly keyProperty: string;
  },
): Identity {
  const certificatePem = checkedCertificates(properties, texts.chainProperty, texts.chain);
  if (certificatePem === null) return null;
  const where = texts.keyProperty === LOCATION ? `names ${properties.text(LOCATION)}, which` : 'is set, but';
  const block = privateKeyIn(texts.key);
  if (block === null) {
    return properties.refuse(
      texts.keyProperty,
      `${where} holds no private key (-----BEGIN PRIVATE KEY-----)`,
    );
  }
  const password = properties.text(KEY_PASSWORD);
  const isEncrypted = block.label.startsWith('ENCRYPTED');
  if (isEncrypted && password === null) {
    return properties.refuse(
      KEY_PASSWORD,
      `is not set, but needed to open the key that ${texts.keyProperty} gives`,
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: block.pem, ...(isEncrypted ? { passphrase: password! } : {}) });
  } catch {
    if (isEncrypted) {
      return properties.refuse(KEY_PASSWORD, `does not open the key that ${texts.keyProperty} gives`);
    }
    return properties.refuse(texts.keyProperty, `${where} holds a private key that cannot be read`);
  }
  const leaf = new X509Certificate(pemBlocks(certificatePem)[0]!.pem);
  if (!leaf.checkPrivateKey(key)) {
    return properties.refuse(
      texts.keyProperty,
      `${where} holds a key that is not that of the first certificate`,
    );
  }
  return { certificatePem, keyPem: pemOfKey(key) };
}

function identityOfPkcs12(properties: SecurityProperties, bytes: Buffer, location: string): Identity {
  const password = properties.text(PASSWORD);
  if (password === null) return properties.refuse(PASSWORD, `is not set, but needed to open ${location}`);
  try {
    const store = readPkcs12(bytes, password, properties.text(KEY_PASSWORD) ?? password);
    const certificates = store.certificates.map((der) => new X509Certificate(der));
    for (const der of store.keys) {
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
      if (leaf === undefined) continue;
      const chain = chainFrom(leaf, certificates);
      return { certificatePem: chain.map((each) => each.toString()).join(''), keyPem: pemOfKey(key) };
    }
    return properties.refuse(LOCATION, `names ${location}, which holds no private key with its certificate`);
  } catch (error) {
    return refuseStore(properties, { location, kind: 'keystore' }, error);
  }
}

/** The certificate and who issued it, and so on, as far as the store tells. */
function chainFrom(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  for (;;) {
    const last = chain.at(-1)!;
    const issuer = others.find((other) => !chain.includes(other) && last.checkIssued(other));
    if (issuer === undefined) return chain;
    chain.push(issuer);
  }
}

function pemOfKey(key: KeyObject): Secret {
  return new Secret(key.export({ format: 'pem', type: 'pkcs8' }) as string);
}
