import type { Clock } from '../../base/clock.ts';
import type { Secret } from '../../base/secret.ts';
import type { TlsSettings } from '../../base/tls-settings.ts';

/** How connections are secured, as read from Kafka's `security.protocol`, `ssl.*` and `sasl.*` properties. */
export interface SecurityConfig {
  readonly protocol: SecurityProtocol;
  /** Null unless the protocol is SSL or SASL_SSL. */
  readonly tls: TlsSettings | null;
  /** Null unless the protocol is SASL_PLAINTEXT or SASL_SSL. */
  readonly sasl: SaslSettings | null;
}

export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export interface PasswordLogin {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: Secret;
}

export interface TokenLogin {
  readonly mechanism: 'OAUTHBEARER';
  /** Null: neither the properties nor the application say where tokens come from; connecting then says so. */
  readonly token: TokenSource | null;
  readonly extensions: Extensions;
}

export type SaslSettings = PasswordLogin | TokenLogin;

/** SASL extensions (KIP-342), which the broker is told beside the token. */
export type Extensions = Readonly<Record<string, string>>;

/** Where bearer tokens come from: one token as it is, or a function asked for one whenever a connection logs in. */
export type TokenSource = Secret | TokenFunction;

export type TokenFunction = (clock: Clock) => string | Promise<string>;

export const PLAINTEXT: SecurityConfig = Object.freeze({ protocol: 'PLAINTEXT', tls: null, sasl: null });
