import { authenticationError, type SaslExchange } from './sasl-mechanism.ts';
import type { PasswordLogin } from './security-config.ts';

/** PLAIN (RFC 4616): name and password as they are. Only TLS keeps them from being read on the way. */
export function plainExchange({ username, password }: PasswordLogin): SaslExchange {
  return {
    first: () => {
      const parts = ['', username, password.reveal()];
      if (parts.some((part) => part.includes('\0'))) {
        throw authenticationError('a user name or password for SASL PLAIN cannot hold the character NUL');
      }
      return Buffer.from(parts.join('\0'), 'utf8');
    },
    next: () => null,
  };
}
