import { readFileSync } from 'node:fs';
import type { SecurityProperties } from './security-properties.ts';

export type StoreFormat = 'PEM' | 'PKCS12' | 'JKS' | 'unknown';

export interface StoreFile {
  readonly bytes: Buffer;
  readonly format: 'PEM' | 'PKCS12';
}

const TYPES = ['PEM', 'PKCS12', 'JKS'];
const JKS_MAGIC = 0xfeedfeed;
const JCEKS_MAGIC = 0xcececece;
/** The tag of a DER sequence, which a PKCS12 store is. */
const DER_SEQUENCE = 0x30;

/**
 * Reads the store that `ssl.<kind>.location` names, if `ssl.<kind>.type` fits what it is. Kafka's default type JKS is
 * Java's name for stores of either format, and keytool has written PKCS12 by default since Java 9: such a one is read.
 */
export function readStoreFile(
  properties: SecurityProperties,
  kind: 'truststore' | 'keystore',
): StoreFile | null {
  const locationName = `ssl.${kind}.location`;
  const path = properties.text(locationName)!;
  const type = storeTypeOf(properties, kind);
  if (type === null) return null;
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const advice = type === 'JKS' && /\.jks$/i.test(path) ? `; and ${conversion(kind, path)}` : '';
    return properties.refuse(locationName, `names ${path}, which cannot be read: ${reason(code)}${advice}`);
  }
  const format = formatOf(bytes);
  if (format === 'PEM' && type !== 'PEM') {
    const how = properties.isGiven(`ssl.${kind}.type`) ? `is ${type}` : 'is JKS by default';
    return properties.refuse(`ssl.${kind}.type`, `${how}, but ${path} holds PEM: set ssl.${kind}.type=PEM`);
  }
  if (format === 'PKCS12' && type === 'PEM') {
    return properties.refuse(
      `ssl.${kind}.type`,
      `is PEM, but ${path} is a PKCS12 store: set ssl.${kind}.type=PKCS12`,
    );
  }
  if (format === 'JKS' || (format === 'unknown' && type === 'JKS')) {
    return properties.refuse(locationName, `names ${path}: ${conversion(kind, path)}`);
  }
  if (format === 'unknown')
    return properties.refuse(locationName, `names ${path}, which is no ${type} store`);
  return { bytes, format };
}

/** The declared type, refused when there is no such one here. */
export function storeTypeOf(properties: SecurityProperties, kind: 'truststore' | 'keystore'): string | null {
  const type = (properties.text(`ssl.${kind}.type`) ?? 'JKS').toUpperCase();
  if (TYPES.includes(type)) return type;
  return properties.refuse(`ssl.${kind}.type`, `must be PEM or PKCS12, got "${type}"`);
}

function formatOf(bytes: Buffer): StoreFormat {
  if (bytes.includes('-----BEGIN ')) return 'PEM';
  if (bytes.length < 4) return 'unknown';
  const magic = bytes.readUInt32BE(0);
  if (magic === JKS_MAGIC || magic === JCEKS_MAGIC) return 'JKS';
  return bytes[0] === DER_SEQUENCE ? 'PKCS12' : 'unknown';
}

function reason(code: string): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'permission denied';
  return code === 'EISDIR' ? 'it is a directory' : code;
}

function conversion(kind: string, path: string): string {
  const converted = `${path.replace(/\.(jks|jceks|keystore|truststore)$/i, '')}.p12`;
  return (
    `JKS stores are not read here; convert it with: keytool -importkeystore -srckeystore ${quoted(path)} ` +
    `-destkeystore ${quoted(converted)} -deststoretype PKCS12, then set ssl.${kind}.location=${converted} ` +
    `and ssl.${kind}.type=PKCS12`
  );
}

function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
