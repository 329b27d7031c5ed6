import type { Clock } from '../../base/clock.ts';
import { TidemarkError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { TokenFunction } from './security-config.ts';

/** A token is asked for anew after this share of its lifetime (Kafka's sasl.login.refresh.window.factor). */
const REFRESH_SHARE = 0.8;
const MAX_ANSWER_CHARACTERS = 1024 * 1024;

export interface ClientCredentials {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly scope: string | null;
  /** Kafka's sasl.oauthbearer.header.urlencode (RFC 6749, 2.3.1). */
  readonly encodesHeader: boolean;
  readonly timeoutMs: number;
}

/**
 * Tokens of an OAuth 2 server for a client's id and secret (RFC 6749, 4.4; Kafka's ClientCredentialsJwtRetriever). One
 * token serves all logins for most of its lifetime.
 */
export function clientCredentialsSource(credentials: ClientCredentials): TokenFunction {
  let known: { readonly token: string; readonly untilNs: number } | null = null;
  return async (clock: Clock) => {
    if (known !== null && clock.nowNs() < known.untilNs) return known.token;
    const askedNs = clock.nowNs();
    const { token, lifetimeS } = await requestToken(credentials);
    known = { token, untilNs: askedNs + lifetimeS * REFRESH_SHARE * 1e9 };
    return token;
  };
}

async function requestToken(of: ClientCredentials): Promise<{ token: string; lifetimeS: number }> {
  const encoded = (text: string) => (of.encodesHeader ? encodeURIComponent(text) : text);
  const login = `${encoded(of.clientId)}:${encoded(of.clientSecret.reveal())}`;
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  if (of.scope !== null) body.set('scope', of.scope);
  let response: Response;
  let text: string;
  try {
    response = await globalThis.fetch(of.url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(login).toString('base64')}`,
      },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(of.timeoutMs),
    });
    text = await response.text();
  } catch (error) {
    const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    throw refusal(of, `cannot be asked for a token: ${reason}`, { cause: error, retriable: true });
  }
  // A server that is overloaded or being restarted may answer the next time.
  const retriable = response.status >= 500 || response.status === 429;
  if (!response.ok)
    throw refusal(of, `gave no token: HTTP ${response.status}${oauthErrorIn(text)}`, { retriable });
  const answer = objectIn(text);
  const token = answer?.['access_token'];
  if (typeof token !== 'string' || token === '') throw refusal(of, 'answered without an access_token');
  const lifetimeS = Number(answer?.['expires_in']);
  return { token, lifetimeS: lifetimeS > 0 ? lifetimeS : 0 };
}

/** The server's own words, `invalid_client` say. */
function oauthErrorIn(text: string): string {
  const answer = objectIn(text);
  const words = [answer?.['error'], answer?.['error_description']].filter((word) => typeof word === 'string');
  return words.length === 0 ? '' : ` (${words.join(': ').slice(0, 200)})`;
}

function objectIn(text: string): Record<string, unknown> | null {
  if (text.length > MAX_ANSWER_CHARACTERS) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function refusal(
  of: ClientCredentials,
  what: string,
  options: { readonly cause?: unknown; readonly retriable?: boolean } = {},
): TidemarkError {
  const kind = options.retriable === true ? 'NETWORK' : 'AUTHENTICATION';
  const where = `${of.url.origin}${of.url.pathname}`;
  return new TidemarkError(kind, `sasl.oauthbearer.token.endpoint.url: ${where} ${what}`, options);
}
