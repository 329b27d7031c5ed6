import { authenticationError, type SaslExchange } from './sasl-mechanism.ts';
import type { Extensions } from './security-config.ts';

/** Of a token, RFC 6750: what else is in it would end the message early. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const SEPARATOR = '\x01';

/**
 * OAUTHBEARER (RFC 7628, KIP-255): the token, and the SASL extensions of KIP-342. A broker that refuses it answers in
 * JSON and waits for one byte before it ends the exchange.
 */
export function oauthBearerExchange(token: string, extensions: Extensions): SaslExchange {
  let refusal: string | null = null;
  return {
    first: () => {
      if (!TOKEN.test(token)) {
        const why = token === '' ? 'is empty' : 'holds a character that no bearer token has';
        throw authenticationError(`the OAUTHBEARER token ${why}`);
      }
      const pairs = Object.entries(extensions).map(([name, value]) => `${name}=${value}${SEPARATOR}`);
      return Buffer.from(`n,,${SEPARATOR}auth=Bearer ${token}${SEPARATOR}${pairs.join('')}${SEPARATOR}`);
    },
    next: (challenge) => {
      if (refusal !== null) throw authenticationError(`the broker refused the token: ${refusal}`);
      if (challenge.length === 0) return null;
      refusal = refusalIn(challenge.toString('utf8'));
      return Buffer.from(SEPARATOR);
    },
  };
}

/** `{"status":"invalid_token","openid-configuration":"..."}`, in words. */
function refusalIn(text: string): string {
  try {
    const { status, scope } = JSON.parse(text) as { status?: unknown; scope?: unknown };
    if (typeof status === 'string') {
      return typeof scope === 'string' ? `${status} (scope needed: ${scope})` : status;
    }
  } catch {
    // Not JSON: as it is.
  }
  return text.slice(0, 200);
}
