import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  childrenOf,
  contentsOf,
  DER,
  type DerElement,
  DerError,
  derElements,
  firstDerElement,
  objectIdOf,
} from './der.ts';
import { boundedIterations, decryptPart, deriveKey, MAC, Pkcs12Error } from './pkcs12-encryption.ts';

export { Pkcs12Error } from './pkcs12-encryption.ts';

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const NESTED_BAG = '1.2.840.113549.1.12.10.1.6';
const X509 = '1.2.840.113549.1.9.22.1';

const DIGESTS: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

export interface Pkcs12Contents {
  /** DER. */
  readonly certificates: readonly Buffer[];
  /** PKCS#8 in DER, decrypted. */
  readonly keys: readonly Buffer[];
}

/**
 * Reads a PKCS12 store (RFC 7292) as keytool and OpenSSL write it:
 *
 *     PFX { version, authSafe: data { [ contentInfo... ] }, macData? }
 *     contentInfo: data { [ bag... ] } or encryptedData { algorithm, [ bag... ] }
 *     bag: a certificate, a key, or an encrypted key
 *
 * node:crypto has no reader of them, and node:tls takes no store that holds certificates alone. Without a password the
 * MAC is not checked, as in Java. Throws Pkcs12Error.
 */
export function readPkcs12(bytes: Buffer, password: string | null, keyPassword = password): Pkcs12Contents {
  try {
    const [, authSafe, macData] = childrenOf(firstDerElement(bytes), DER.sequence);
    const [type, content] = childrenOf(authSafe, DER.sequence);
    if (objectIdOf(type) !== DATA) throw new Pkcs12Error('format', 'it is signed with a certificate');
    const safe = octetsIn(content);
    if (macData !== undefined && password !== null) checkMac(macData, safe, password);
    const found: Found = { certificates: [], keys: [] };
    const passwords = { store: password, key: keyPassword };
    for (const info of childrenOf(firstDerElement(safe), DER.sequence)) {
      readBags(safeContentsOf(info, password), passwords, found);
    }
    return found;
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new Pkcs12Error('format', `it is no PKCS12 store that can be read (${error.message})`);
  }
}

interface Found {
  readonly certificates: Buffer[];
  readonly keys: Buffer[];
}

interface Passwords {
  readonly store: string | null;
  readonly key: string | null;
}

/** The bags of one part of the store, decrypted when they are encrypted. */
function safeContentsOf(info: DerElement, password: string | null): Buffer {
  const [type, content] = childrenOf(info, DER.sequence);
  const kind = objectIdOf(type);
  if (kind === DATA) return octetsIn(content);
  if (kind !== ENCRYPTED_DATA) throw new Pkcs12Error('format', 'a part of it is encrypted for a public key');
  const [, encrypted] = childrenOf(childrenOf(content, DER.context0Constructed)[0], DER.sequence);
  const [, algorithm, bytes] = childrenOf(encrypted, DER.sequence);
  if (algorithm === undefined) throw new DerError('no algorithm');
  return decryptPart(algorithm, contentsOf(bytes, DER.context0), password);
}

function readBags(safeContents: Buffer, passwords: Passwords, found: Found): void {
  for (const bag of childrenOf(firstDecrypted(safeContents), DER.sequence)) {
    const [id, value] = childrenOf(bag, DER.sequence);
    const inside = contentsOf(value, DER.context0Constructed);
    switch (objectIdOf(id)) {
      case CERTIFICATE_BAG: {
        const [type, certificate] = childrenOf(firstDerElement(inside), DER.sequence);
        if (objectIdOf(type) === X509) found.certificates.push(octetsIn(certificate));
        break;
      }
      case KEY_BAG:
        found.keys.push(firstDerElement(inside).whole);
        break;
      case SHROUDED_KEY_BAG: {
        const [algorithm, encrypted] = childrenOf(firstDerElement(inside), DER.sequence);
        if (algorithm === undefined) throw new DerError('no algorithm');
        const key = decryptPart(algorithm, contentsOf(encrypted, DER.octetString), passwords.key);
        found.keys.push(firstDecrypted(key).whole);
        break;
      }
      case NESTED_BAG:
        readBags(inside, passwords, found);
        break;
      default:
      // Revocation lists and secrets: of no use here.
    }
  }
}

/** What was decrypted begins with a sequence, unless the password was wrong and the padding right by chance. */
function firstDecrypted(bytes: Buffer): DerElement {
  try {
    return derElements(bytes)[0] ?? firstDerElement(bytes);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new Pkcs12Error('password', 'its password is another one');
  }
}

/** `[0] EXPLICIT OCTET STRING`. */
function octetsIn(element: DerElement | undefined): Buffer {
  return contentsOf(childrenOf(element, DER.context0Constructed)[0], DER.octetString);
}

function checkMac(macData: DerElement, safe: Buffer, password: string): void {
  const [digestInfo, salt, iterations] = childrenOf(macData, DER.sequence);
  const [algorithm, expected] = childrenOf(digestInfo, DER.sequence);
  const digest = DIGESTS[objectIdOf(childrenOf(algorithm, DER.sequence)[0])];
  // A MAC of another kind (PBMAC1) is left unchecked: a wrong password then shows when decrypting.
  if (digest === undefined) return;
  const mac = contentsOf(expected, DER.octetString);
  const key = deriveKey({
    digest,
    password,
    salt: contentsOf(salt, DER.octetString),
    iterations: boundedIterations(iterations),
    purpose: MAC,
    bytes: mac.length,
  });
  const actual = createHmac(digest, key).update(safe).digest();
  if (actual.length !== mac.length || !timingSafeEqual(actual, mac)) {
    throw new Pkcs12Error('password', 'its password is another one');
  }
}
