import { TidemarkError } from '../base/errors.ts';
import type { Endpoint } from '../base/network.ts';
import { formatEndpoint } from './endpoint.ts';
import { networkError } from './request-errors.ts';
import { authenticationError } from './security/sasl-mechanism.ts';
import type { SecurityConfig } from './security/security-config.ts';
import { meaningOfTlsError } from './security/tls-errors.ts';

/** What is being opened, and whether this cluster has ever answered. */
export interface OpeningContext {
  readonly endpoint: Endpoint;
  readonly security: SecurityConfig;
  /**
   * Nothing of this cluster has answered a request yet. Then a peer that closes the connection early may speak something
   * else than what is configured, which no retry mends; later on it is a broker that goes away.
   */
  readonly isFirstContact: boolean;
}

const UNRESOLVED = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME'];
const CUT_OFF = ['ECONNRESET', 'EPIPE', 'ECONNABORTED'];
/** The two kinds of TLS record that a TLS listener may answer plain text with, and the major version after it. */
const TLS_ALERT = 0x15;
const TLS_HANDSHAKE = 0x16;

/** Why there is no connection. */
export function explainFailedConnect(context: OpeningContext, error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error;
  const { endpoint, security } = context;
  const name = formatEndpoint(endpoint);
  const reason = error instanceof Error ? error.message : String(error);
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (UNRESOLVED.includes(code)) {
    const where = context.isFirstContact ? 'bootstrap.servers' : "the broker's advertised.listeners";
    const message = `cannot connect to ${name}: the host name ${endpoint.host} cannot be resolved (${code}): check ${where}`;
    // As in Kafka, whose client does not start with servers that do not resolve.
    const isFinal = context.isFirstContact && code === 'ENOTFOUND';
    return isFinal ? new TidemarkError('CONFIG', message, { cause: error }) : networkError(message, error);
  }
  if (security.tls !== null) {
    const meaning = meaningOfTlsError(error);
    if (meaning !== null) return authenticationError(`no TLS with ${name}: ${meaning}`, error);
    if (CUT_OFF.includes(code)) {
      return closedEarly(
        context,
        `${name} closed the connection during the TLS handshake: is it a TLS listener? ` +
          `security.protocol is ${security.protocol} (${reason})`,
        error,
      );
    }
  }
  return networkError(`cannot connect to ${name}: ${reason}`, error);
}

/** Why ApiVersions failed: what the other side seems to be; `firstBytes` is what it sent first, if anything. */
export function explainFailedNegotiation(
  context: OpeningContext,
  error: unknown,
  firstBytes: Buffer | null,
): unknown {
  if (!(error instanceof TidemarkError)) return error;
  const name = formatEndpoint(context.endpoint);
  const { protocol } = context.security;
  const expected = context.security.tls === null ? 'a plaintext Kafka listener' : 'a Kafka listener';
  const meaning = context.security.tls === null ? null : meaningOfTlsError(error);
  if (meaning !== null) return authenticationError(`no TLS with ${name}: ${meaning}`, error);
  if (context.security.tls === null && firstBytes !== null && isTlsRecord(firstBytes)) {
    const secured = protocol === 'PLAINTEXT' ? 'SSL (SASL_SSL with SASL)' : 'SASL_SSL';
    return authenticationError(
      `${name} does not speak Kafka in plain text: it answered with a TLS record: a TLS listener, not a plaintext ` +
        `one: set security.protocol=${secured}, which is ${protocol} now`,
      error,
    );
  }
  switch (error.kind) {
    case 'PROTOCOL':
      return new TidemarkError('PROTOCOL', `${name} does not speak Kafka: ${sender(firstBytes, expected)}`, {
        cause: error,
      });
    case 'NETWORK':
      return closedEarly(
        context,
        `${name} closed the connection during ApiVersions: is it ${expected}? security.protocol is ${protocol} (${error.message})`,
        error,
      );
    case 'TIMEOUT':
      return new TidemarkError(
        'TIMEOUT',
        `${name} accepted the connection and did not answer ApiVersions: is it ${expected}? security.protocol is ${protocol} (${error.message})`,
        { cause: error, retriable: true },
      );
    default:
      return error;
  }
}

/** Why logging in failed, where it is not the broker that said so. */
export function explainFailedLogin(context: OpeningContext, error: unknown): unknown {
  if (!(error instanceof TidemarkError)) return error;
  const name = formatEndpoint(context.endpoint);
  const mechanism = context.security.sasl?.mechanism;
  if (error.kind === 'UNSUPPORTED_VERSION') {
    return authenticationError(
      `${name} does not serve SASL, which security.protocol=${context.security.protocol} asks for: ${error.message}`,
      error,
    );
  }
  if (error.kind !== 'NETWORK' || error.cause instanceof TidemarkError) return error;
  return closedEarly(
    context,
    `${name} closed the connection during the SASL login (${mechanism}): does this listener need SASL? ` +
      `security.protocol is ${context.security.protocol} (${error.message})`,
    error,
  );
}

/** Why a broker closed a connection that was open but had answered no request yet. */
export function explainEarlyClose(context: OpeningContext, error: TidemarkError): TidemarkError {
  const name = formatEndpoint(context.endpoint);
  const { protocol, tls } = context.security;
  const meaning = tls === null ? null : meaningOfTlsError(error);
  if (meaning !== null) return authenticationError(`no TLS with ${name}: ${meaning}`, error);
  if (context.security.sasl !== null) return error;
  const secured = tls === null ? 'SASL_PLAINTEXT' : 'SASL_SSL';
  return closedEarly(
    context,
    `${name} closed the connection at the first request after ApiVersions: does this listener need SASL? Set ` +
      `security.protocol=${secured}, sasl.mechanism and sasl.jaas.config; security.protocol is ${protocol} (${error.message})`,
    error,
  );
}

/** Whether an error is concluded from what the network did, rather than told by the broker or its certificate. */
export function isConclusion(error: TidemarkError): boolean {
  return error.kind === 'CONFIG' || error.cause instanceof EarlyClose;
}

/** A broker that is stopping closes connections early, but not so many in a row. */
const EARLY_CLOSES = 4;

/** Tries the first contact again while the other side closes the connection early. */
export async function insist<T>(contact: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await contact();
    } catch (error) {
      const isEarly = error instanceof TidemarkError && error.cause instanceof EarlyClose;
      if (!isEarly || attempt === EARLY_CLOSES) throw error;
    }
  }
}

/** Tells an AUTHENTICATION error that is concluded from a closed connection from one that a broker gave. */
class EarlyClose extends Error {}

function closedEarly(context: OpeningContext, message: string, cause: unknown): TidemarkError {
  if (!context.isFirstContact) return networkError(message, cause);
  return authenticationError(message, new EarlyClose('closed early', { cause }));
}

function isTlsRecord(bytes: Buffer): boolean {
  return (bytes[0] === TLS_ALERT || bytes[0] === TLS_HANDSHAKE) && bytes[1] === 3;
}

function sender(firstBytes: Buffer | null, expected: string): string {
  if (firstBytes === null) return 'its ApiVersions response is not readable';
  const text = firstBytes.toString('latin1').replaceAll(/[^\x20-\x7e]/g, '.');
  if (text.startsWith('HTTP')) return `it answered "${text}", as an HTTP server does`;
  return `it answered with 0x${firstBytes.toString('hex')} ("${text}"): is it ${expected}?`;
}
