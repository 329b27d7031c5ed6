import { X509Certificate } from 'node:crypto';
import { certificatesIn, pemBlocks, pemOf } from './pem.ts';
import { Pkcs12Error, readPkcs12 } from './pkcs12.ts';
import type { SecurityProperties } from './security-properties.ts';
import { readStoreFile, storeTypeOf } from './store-file.ts';

const CERTIFICATES = 'ssl.truststore.certificates';
const LOCATION = 'ssl.truststore.location';
const PASSWORD = 'ssl.truststore.password';

/**
 * The certificates to trust as PEM, from a store or the property that holds them; null: those of the runtime. The
 * rules between the properties are those of Kafka's DefaultSslEngineFactory.createTruststore.
 */
export function readTrustStore(properties: SecurityProperties): string | null {
  const inline = properties.text(CERTIFICATES);
  const location = properties.text(LOCATION);
  const password = properties.text(PASSWORD);
  if (inline !== null) {
    const type = storeTypeOf(properties, 'truststore');
    if (type !== null && type !== 'PEM') {
      return properties.refuse(CERTIFICATES, `is PEM, but ssl.truststore.type is ${type}: set it to PEM`);
    }
    if (location !== null)
      return properties.refuse(CERTIFICATES, `and ${LOCATION} are both set: leave one out`);
    if (password !== null)
      return properties.refuse(PASSWORD, `is set, but ${CERTIFICATES} is PEM and needs none`);
    return checkedCertificates(properties, CERTIFICATES, inline);
  }
  if (location === null) {
    return password === null ? null : properties.refuse(PASSWORD, `is set, but ${LOCATION} is not`);
  }
  const store = readStoreFile(properties, 'truststore');
  if (store === null) return null;
  if (store.format === 'PEM') {
    if (password !== null)
      return properties.refuse(PASSWORD, `is set, but ssl.truststore.type is PEM, which has none`);
    return checkedCertificates(properties, LOCATION, store.bytes.toString('utf8'));
  }
  try {
    const { certificates } = readPkcs12(store.bytes, password);
    if (certificates.length === 0)
      return properties.refuse(LOCATION, `names ${location}, which holds no certificate`);
    return certificates.map((der) => pemOf('CERTIFICATE', der)).join('');
  } catch (error) {
    return refuseStore(properties, { location, kind: 'truststore' }, error);
  }
}

/** Says of a PKCS12 store why it cannot be read. Anything but a Pkcs12Error is thrown on. */
export function refuseStore(
  properties: SecurityProperties,
  store: { readonly location: string; readonly kind: 'truststore' | 'keystore' },
  error: unknown,
): null {
  if (!(error instanceof Pkcs12Error)) throw error;
  if (error.reason === 'password') {
    const name = `ssl.${store.kind}.password`;
    const what = properties.text(name) === null ? 'is not set, but needed to open' : 'does not open';
    return properties.refuse(name, `${what} ${store.location}`);
  }
  return properties.refuse(`ssl.${store.kind}.location`, `names ${store.location}: ${error.message}`);
}

/** The certificates in a PEM text, each of them readable. */
export function checkedCertificates(
  properties: SecurityProperties,
  property: string,
  text: string,
): string | null {
  const where = property.endsWith('.location') ? `names ${properties.text(property)}, which` : 'is set, but';
  const pem = certificatesIn(text);
  if (pem === null) {
    return properties.refuse(property, `${where} holds no certificate (-----BEGIN CERTIFICATE-----)`);
  }
  for (const [index, block] of pemBlocks(pem).entries()) {
    try {
      new X509Certificate(block.pem);
    } catch {
      return properties.refuse(
        property,
        `${where} holds a certificate (number ${index + 1}) that cannot be read`,
      );
    }
  }
  return pem;
}
