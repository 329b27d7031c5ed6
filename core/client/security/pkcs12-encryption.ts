import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto';
import { childrenOf, contentsOf, DER, type DerElement, integerOf, objectIdOf } from './der.ts';

/** More rounds than any tool writes would only keep this process busy. */
const MAX_ITERATIONS = 10_000_000;

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';
const PBE_SHA1_RC2 = ['1.2.840.113549.1.12.1.5', '1.2.840.113549.1.12.1.6'];

const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};

const HMAC_DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

/** Why the parts of a store cannot be opened: the wrong password (or none), or something that is not read here. */
export class Pkcs12Error extends Error {
  readonly reason: 'password' | 'format';

  constructor(reason: 'password' | 'format', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Decrypts what an AlgorithmIdentifier says how: PBES2 (RFC 8018) or PKCS12's own scheme with triple DES. */
export function decryptPart(algorithm: DerElement, encrypted: Buffer, password: string | null): Buffer {
  if (password === null) throw new Pkcs12Error('password', 'it is encrypted');
  const [id, parameters] = childrenOf(algorithm, DER.sequence);
  const scheme = objectIdOf(id);
  if (PBE_SHA1_RC2.includes(scheme)) {
    throw new Pkcs12Error(
      'format',
      'it is encrypted with RC2, which is no longer served: write it anew with keytool of Java 17 or later ' +
        '(keytool -importkeystore -srckeystore OLD -destkeystore NEW -deststoretype PKCS12)',
    );
  }
  const isKnown = scheme === PBES2 || scheme === PBE_SHA1_3DES;
  if (!isKnown) throw new Pkcs12Error('format', `it is encrypted in a way not known here (${scheme})`);
  const { cipher, key, iv } =
    scheme === PBES2 ? pbes2Key(parameters, password) : tripleDesKey(parameters, password);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch {
    throw new Pkcs12Error('password', 'its password is another one');
  }
}

interface CipherKey {
  readonly cipher: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

function pbes2Key(parameters: DerElement | undefined, password: string): CipherKey {
  const [derivation, encryption] = childrenOf(parameters, DER.sequence);
  const [derivationId, derivationParameters] = childrenOf(derivation, DER.sequence);
  const [cipherId, iv] = childrenOf(encryption, DER.sequence);
  const cipher = CIPHERS[objectIdOf(cipherId)];
  if (objectIdOf(derivationId) !== PBKDF2 || cipher === undefined) {
    throw new Pkcs12Error('format', 'it is encrypted in a way not known here');
  }
  const [salt, iterations, ...rest] = childrenOf(derivationParameters, DER.sequence);
  const prf = rest.find((element) => element.tag === DER.sequence);
  const digest = prf === undefined ? 'sha1' : HMAC_DIGESTS[objectIdOf(childrenOf(prf, DER.sequence)[0])];
  if (digest === undefined) throw new Pkcs12Error('format', 'its key is derived in a way not known here');
  const key = pbkdf2Sync(
    password,
    contentsOf(salt, DER.octetString),
    boundedIterations(iterations),
    cipher.keyBytes,
    digest,
  );
  return { cipher: cipher.name, key, iv: contentsOf(iv, DER.octetString) };
}

function tripleDesKey(parameters: DerElement | undefined, password: string): CipherKey {
  const [salt, iterations] = childrenOf(parameters, DER.sequence);
  const derive = (purpose: number, bytes: number) =>
    deriveKey({
      digest: 'sha1',
      password,
      salt: contentsOf(salt, DER.octetString),
      iterations: boundedIterations(iterations),
      purpose,
      bytes,
    });
  return { cipher: 'des-ede3-cbc', key: derive(KEY, 24), iv: derive(IV, 8) };
}

export function boundedIterations(element: DerElement | undefined): number {
  const iterations = element === undefined ? 1 : integerOf(element);
  if (iterations < 1 || iterations > MAX_ITERATIONS) {
    throw new Pkcs12Error('format', `it asks for ${iterations} rounds of key derivation`);
  }
  return iterations;
}

export const KEY = 1;
export const IV = 2;
export const MAC = 3;

/** PKCS12's own derivation of a key, an IV or a MAC key from a password (RFC 7292, appendix B.2). */
export function deriveKey(of: {
  readonly digest: string;
  readonly password: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly purpose: number;
  readonly bytes: number;
}): Buffer {
  const block = of.digest === 'sha384' || of.digest === 'sha512' ? 128 : 64;
  const diversifier = Buffer.alloc(block, of.purpose);
  // The password is UTF-16 with its terminating zero, big-endian.
  const password = Buffer.from(`${of.password}\0`, 'utf16le').swap16();
  const input = Buffer.concat([repeated(of.salt, block), repeated(password, block)]);
  const blocks: Buffer[] = [];
  for (let made = 0; made < of.bytes; ) {
    let hash = createHash(of.digest).update(diversifier).update(input).digest();
    for (let round = 1; round < of.iterations; round++) hash = createHash(of.digest).update(hash).digest();
    blocks.push(hash);
    made += hash.length;
    addToEachBlock(input, repeated(hash, block).subarray(0, block));
  }
  return Buffer.concat(blocks).subarray(0, of.bytes);
}

/** The bytes over and over, up to a whole number of blocks. */
function repeated(bytes: Buffer, block: number): Buffer {
  const length = Math.ceil(bytes.length / block) * block;
  return length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** Each block of `input` becomes itself plus `addend` plus one, as big-endian numbers that wrap. */
function addToEachBlock(input: Buffer, addend: Buffer): void {
  for (let end = addend.length; end <= input.length; end += addend.length) {
    let carry = 1;
    for (let index = addend.length - 1; index >= 0; index--) {
      const place = end - addend.length + index;
      carry += input[place]! + addend[index]!;
      input[place] = carry & 0xff;
      carry >>= 8;
    }
  }
}
