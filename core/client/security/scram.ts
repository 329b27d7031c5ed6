import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { authenticationError, type SaslExchange } from './sasl-mechanism.ts';
import type { PasswordLogin } from './security-config.ts';

/** Kafka's ScramMechanism: fewer rounds than these would make the password easy to guess from what was overheard. */
const MIN_ITERATIONS = 4096;
/** A hostile broker must not keep this process busy for minutes. */
const MAX_ITERATIONS = 1_000_000;
/** GS2 header: no channel binding, no authorization identity. */
const GS2_HEADER = 'n,,';

/**
 * SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677), as Kafka's ScramSaslClient speaks it: neither the password nor
 * anything that would serve as one is sent, and the broker proves that it knows it too.
 *
 *     client-first   n,,n=user,r=nonce
 *     server-first   r=nonce+more,s=salt,i=iterations
 *     client-final   c=biws,r=nonce+more,p=proof
 *     server-final   v=signature, or e=error
 */
export function scramExchange({ mechanism, username, password }: PasswordLogin, nonce: string): SaslExchange {
  const digest = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
  const digestBytes = digest === 'sha512' ? 64 : 32;
  const firstBare = `n=${saslName(username)},r=${nonce}`;
  let expectedSignature: Buffer | null = null;
  let isVerified = false;

  function answer(serverFirst: string): Buffer {
    const fields = fieldsOf(serverFirst);
    const combined = fields.get('r') ?? '';
    const salt = Buffer.from(fields.get('s') ?? '', 'base64');
    const iterations = Number(fields.get('i'));
    if (!combined.startsWith(nonce) || combined.length === nonce.length) {
      throw authenticationError("the broker's SCRAM answer does not continue this client's nonce");
    }
    if (salt.length === 0) throw authenticationError("the broker's SCRAM answer has no salt");
    if (!Number.isInteger(iterations) || iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
      throw authenticationError(
        `the broker's SCRAM answer asks for ${fields.get('i') ?? 'no'} iterations, ` +
          `which must be ${MIN_ITERATIONS} to ${MAX_ITERATIONS}`,
      );
    }
    // As Kafka's ScramFormatter.normalize, which leaves out SASLprep: the bytes typed are those that were stored.
    const salted = pbkdf2Sync(password.reveal(), salt, iterations, digestBytes, digest);
    const finalBare = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${combined}`;
    const authMessage = `${firstBare},${serverFirst},${finalBare}`;
    const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash(digest).update(clientKey).digest();
    const proof = hmac(storedKey, authMessage);
    for (let index = 0; index < proof.length; index++) proof[index]! ^= clientKey[index]!;
    expectedSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${finalBare},p=${proof.toString('base64')}`);
  }

  function verify(serverFinal: string, expected: Buffer): void {
    const fields = fieldsOf(serverFinal);
    const error = fields.get('e');
    if (error !== undefined) throw authenticationError(`the broker refused the login: ${error}`);
    const signature = Buffer.from(fields.get('v') ?? '', 'base64');
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw authenticationError(
        'the broker could not prove that it knows the password: it may be another one',
      );
    }
    isVerified = true;
  }

  return {
    first: () => Buffer.from(`${GS2_HEADER}${firstBare}`),
    next: (challenge) => {
      if (isVerified) throw authenticationError('the broker went on after the SCRAM login was complete');
      const text = challenge.toString('utf8');
      if (expectedSignature === null) return answer(text);
      verify(text, expectedSignature);
      return null;
    },
  };
}

/** RFC 5802: `=` and `,` have a meaning of their own in messages. */
function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function fieldsOf(message: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of message.split(',')) {
    if (part[1] === '=') fields.set(part[0]!, part.slice(2));
  }
  return fields;
}
