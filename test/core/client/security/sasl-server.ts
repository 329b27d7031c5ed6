import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Connection } from '../../../../core/base/network.ts';
import { apiVersionsApi } from '../../../../core/wire/messages/api-versions.ts';
import { saslAuthenticateApi } from '../../../../core/wire/messages/sasl-authenticate.ts';
import { saslHandshakeApi } from '../../../../core/wire/messages/sasl-handshake.ts';
import type { Exchange, FakeBroker } from '../fake-broker.ts';

export interface SaslServerOptions {
  readonly users?: Readonly<Record<string, string>>;
  readonly mechanisms?: readonly string[];
  /** Whether a token is good. */
  readonly accepts?: (clientFirst: string) => boolean;
  readonly sessionLifetimeMs?: () => number;
  readonly iterations?: number;
  /** The server does not know the password either and makes its signature up. */
  readonly isImpostor?: boolean;
}

/** What a step of a mechanism gives: the next message, the message of a refusal, or the end. */
type Step = { readonly more: Buffer } | { readonly refused: string } | { readonly last: Buffer };
type Mechanism = (message: Buffer) => Step;

/**
 * Makes a fake broker ask for SASL, as Kafka's SaslServerAuthenticator does: before the login, and between the handshake
 * and the end of a renewed one, any other request closes the connection. `logins` counts those that went well.
 */
export function requireSasl(broker: FakeBroker, options: SaslServerOptions): { logins: () => number } {
  const sessions = new Map<Connection, { step: Mechanism | null; isLoggedIn: boolean }>();
  let logins = 0;
  const sessionOf = ({ connection }: Exchange) => {
    const session = sessions.get(connection) ?? { step: null, isLoggedIn: false };
    sessions.set(connection, session);
    return session;
  };
  for (const [key, handler] of [...broker.handlers]) {
    if (key === apiVersionsApi.key) continue;
    broker.handlers.set(key, (exchange) => {
      const { isLoggedIn, step } = sessionOf(exchange);
      if (!isLoggedIn || step !== null) exchange.connection.close();
      else handler(exchange);
    });
  }
  const mechanisms = [...(options.mechanisms ?? ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'])];
  broker.on(saslHandshakeApi, ({ mechanism }, exchange) => {
    if (!mechanisms.includes(mechanism)) return { errorCode: 33, mechanisms };
    sessionOf(exchange).step = mechanismOf(mechanism, options);
    return { errorCode: 0, mechanisms };
  });
  broker.on(saslAuthenticateApi, ({ authBytes }, exchange) => {
    const session = sessionOf(exchange);
    const result = session.step!(Buffer.from(authBytes));
    if ('more' in result) return { errorCode: 0, authBytes: result.more };
    if ('refused' in result)
      return { errorCode: 58, errorMessage: result.refused, authBytes: Buffer.alloc(0) };
    session.step = null;
    session.isLoggedIn = true;
    logins++;
    return {
      errorCode: 0,
      authBytes: result.last,
      sessionLifetimeMs: options.sessionLifetimeMs?.() ?? 0,
    };
  });
  return { logins: () => logins };
}

function mechanismOf(name: string, options: SaslServerOptions): Mechanism {
  if (name === 'PLAIN') return plain(options);
  if (name === 'OAUTHBEARER') return oauthBearer(options);
  return scram(name === 'SCRAM-SHA-512' ? 'sha512' : 'sha256', options);
}

function plain({ users = {} }: SaslServerOptions): Mechanism {
  return (message) => {
    const [, user, password] = message.toString().split('\0');
    if (users[user!] === password) return { last: Buffer.alloc(0) };
    return { refused: 'Authentication failed: Invalid username or password' };
  };
}

function oauthBearer({ accepts = () => true }: SaslServerOptions): Mechanism {
  let isRefused = false;
  return (message) => {
    if (isRefused) return { refused: message.equals(Buffer.from([1])) ? 'invalid_token' : 'not \\x01' };
    if (accepts(message.toString())) return { last: Buffer.alloc(0) };
    isRefused = true;
    return { more: Buffer.from('{"status":"invalid_token"}') };
  };
}

function scram(digest: string, options: SaslServerOptions): Mechanism {
  const salt = Buffer.from('4125c247e43ab1e93c6dff76', 'hex');
  const iterations = options.iterations ?? 4096;
  let clientFirst: string | null = null;
  let serverFirst = '';
  const hmac = (key: Buffer, text: string) => createHmac(digest, key).update(text).digest();
  return (message) => {
    const text = message.toString();
    if (clientFirst === null) {
      clientFirst = text.slice('n,,'.length);
      serverFirst = `r=${field(clientFirst, 'r')}server,s=${salt.toString('base64')},i=${iterations}`;
      return { more: Buffer.from(serverFirst) };
    }
    const user = field(clientFirst, 'n').replaceAll('=2C', ',').replaceAll('=3D', '=');
    const password = options.users?.[user] ?? '';
    const salted = pbkdf2Sync(password, salt, iterations, digest === 'sha512' ? 64 : 32, digest);
    const authMessage = `${clientFirst},${serverFirst},${text.slice(0, text.lastIndexOf(',p='))}`;
    const storedKey = createHash(digest).update(hmac(salted, 'Client Key')).digest();
    const proof = Buffer.from(field(text, 'p'), 'base64');
    const signature = hmac(storedKey, authMessage);
    const clientKey = proof.map((byte, index) => byte ^ signature[index]!);
    const isRight = createHash(digest).update(clientKey).digest().equals(storedKey);
    if (!isRight && options.isImpostor !== true)
      return { refused: 'Authentication failed: invalid credentials' };
    return { last: Buffer.from(`v=${hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')}`) };
  };
}

function field(message: string, name: string): string {
  const part = message.split(',').find((each) => each.startsWith(`${name}=`));
  return part?.slice(2) ?? '';
}
