import { randomBytes } from 'node:crypto';

/** Bytes of a SCRAM nonce: 144 bits, of no pattern that could be guessed, which a seeded source has. */
const NONCE_BYTES = 18;

/** A nonce for one login, of characters that SCRAM allows (RFC 5802: printable, no comma). */
export function newNonce(): string {
  return randomBytes(NONCE_BYTES).toString('base64');
}
