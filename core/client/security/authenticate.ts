import type { Clock } from '../../base/clock.ts';
import { kafkaError, TidemarkError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { Api } from '../../wire/api.ts';
import { saslAuthenticateApi } from '../../wire/messages/sasl-authenticate.ts';
import { saslHandshakeApi } from '../../wire/messages/sasl-handshake.ts';
import type { Draft } from '../../wire/schema.ts';
import type { RequestOptions } from '../connection-options.ts';
import { oauthBearerExchange } from './oauthbearer.ts';
import { plainExchange } from './plain.ts';
import { authenticationError, type SaslExchange } from './sasl-mechanism.ts';
import { newNonce } from './sasl-nonce.ts';
import { scramExchange } from './scram.ts';
import type { SaslSettings, TokenLogin } from './security-config.ts';

const UNSUPPORTED_SASL_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;
const SASL_AUTHENTICATION_FAILED = 58;

/** The connection to log in on. */
export interface LoginChannel {
  readonly name: string;
  request<Req, Res>(api: Api<Req, Res>, body: NoInfer<Draft<Req>>, options: RequestOptions): Promise<Res>;
}

export interface LoginOptions {
  readonly sasl: SaslSettings;
  readonly clock: Clock;
  /** For each step. */
  readonly timeoutMs: number;
}

/**
 * Logs in: SaslHandshake, then SaslAuthenticate until the mechanism is through. Resolves with how long the login
 * holds in milliseconds, 0 for ever. Rejects with AUTHENTICATION when trying again cannot help (Kafka's
 * AuthenticationException), else with what befell the connection.
 */
export async function authenticate(channel: LoginChannel, options: LoginOptions): Promise<number> {
  const { sasl, timeoutMs } = options;
  const exchange = await exchangeOf(options);
  await chooseMechanism(channel, sasl.mechanism, timeoutMs);
  let message: Uint8Array | null = exchange.first();
  for (;;) {
    const answer = await channel.request(saslAuthenticateApi, { authBytes: message }, { timeoutMs });
    if (answer.errorCode !== 0) throw refusedLogin(channel.name, sasl, answer);
    try {
      message = exchange.next(Buffer.from(answer.authBytes));
    } catch (error) {
      if (!(error instanceof TidemarkError)) throw error;
      throw authenticationError(`${channel.name}, SASL ${sasl.mechanism}: ${error.message}`, error);
    }
    if (message === null) return answer.sessionLifetimeMs;
  }
}

async function exchangeOf({ sasl, clock, timeoutMs }: LoginOptions): Promise<SaslExchange> {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return plainExchange(sasl);
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return scramExchange(sasl, newNonce());
    case 'OAUTHBEARER':
      return oauthBearerExchange(await tokenOf(sasl, clock, timeoutMs), sasl.extensions);
  }
}

async function tokenOf({ token }: TokenLogin, clock: Clock, timeoutMs: number): Promise<string> {
  if (token === null) {
    throw new TidemarkError(
      'CONFIG',
      'sasl.mechanism=OAUTHBEARER has no token: give the client a token function, set ' +
        'sasl.oauthbearer.token.endpoint.url, or unsecuredLoginStringClaim_sub in sasl.jaas.config',
    );
  }
  if (token instanceof Secret) return token.reveal();
  try {
    const given: unknown = await within(clock, timeoutMs, Promise.resolve(token(clock)));
    if (typeof given === 'string') return given;
    throw authenticationError(
      `the token function gave ${given === null ? 'null' : typeof given}, not a string`,
    );
  } catch (error) {
    if (error instanceof TidemarkError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw authenticationError(`the token function failed: ${reason}`, error);
  }
}

/** The token, or TIMEOUT: whoever makes tokens must not hold a connection for ever. */
function within(clock: Clock, timeoutMs: number, token: Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => {
      const message = `no OAUTHBEARER token within ${timeoutMs} ms`;
      reject(new TidemarkError('TIMEOUT', message, { retriable: true }));
    }, timeoutMs);
    token.then(resolve, reject).finally(() => clock.clearTimer(timer));
  });
}

async function chooseMechanism(channel: LoginChannel, mechanism: string, timeoutMs: number): Promise<void> {
  const { errorCode, mechanisms } = await channel.request(saslHandshakeApi, { mechanism }, { timeoutMs });
  switch (errorCode) {
    case 0:
      return;
    case UNSUPPORTED_SASL_MECHANISM:
      throw authenticationError(
        `${channel.name} does not enable sasl.mechanism=${mechanism}; it enables ${mechanisms.join(', ') || 'none'}`,
      );
    case ILLEGAL_SASL_STATE:
      throw authenticationError(
        `${channel.name} is a listener without SASL: leave the SASL out of security.protocol (SASL_PLAINTEXT becomes ` +
          'PLAINTEXT, SASL_SSL becomes SSL), or name a SASL listener in bootstrap.servers',
      );
    default:
      throw kafkaError(errorCode, `SaslHandshake of ${channel.name}`);
  }
}

function refusedLogin(
  name: string,
  sasl: SaslSettings,
  answer: { readonly errorCode: number; readonly errorMessage: string | null },
): TidemarkError {
  const who = sasl.mechanism === 'OAUTHBEARER' ? 'the token' : `user "${sasl.username}"`;
  const error = kafkaError(answer.errorCode, `SaslAuthenticate of ${name}`);
  if (answer.errorCode !== SASL_AUTHENTICATION_FAILED && error.retriable) return error;
  const words = answer.errorMessage || error.message;
  const check = sasl.mechanism === 'OAUTHBEARER' ? 'the token' : 'username and password in sasl.jaas.config';
  return authenticationError(
    `${name} refused ${who} (SASL ${sasl.mechanism}): ${words}: check ${check}`,
    error,
  );
}
