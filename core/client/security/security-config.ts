/** How connections are secured, as read from Kafka's `security.protocol`, `ssl.*` and `sasl.*` properties. */
export interface SecurityConfig {
  readonly protocol: SecurityProtocol;
  /** Null unless the protocol is SSL or SASL_SSL. */
  readonly tls: TlsSettings | null;
  /** Null unless the protocol is SASL_PLAINTEXT or SASL_SSL. */
  readonly sasl: SaslSettings | null;
}

export type SecurityProtocol = 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';

/** What TLS needs beyond the endpoint; PEM texts, or a PKCS12 store as bytes. */
export interface TlsSettings {
  /** Certificates trusted; null: those of the runtime. */
  readonly trusted: { readonly pem: string } | { readonly pkcs12: Buffer; readonly password: string } | null;
  /** The client's own certificate chain and key; null: none. */
  readonly identity:
    | { readonly certificatePem: string; readonly keyPem: string; readonly keyPassword: string | null }
    | { readonly pkcs12: Buffer; readonly password: string }
    | null;
  /** Whether the certificate must name the host (ssl.endpoint.identification.algorithm=https). */
  readonly verifiesHost: boolean;
  /** Of ssl.enabled.protocols. */
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
  /** OpenSSL's or the standard's names, colon separated; null: the runtime's choice. */
  readonly cipherSuites: string | null;
}

export type SaslSettings =
  | { readonly mechanism: 'PLAIN'; readonly username: string; readonly password: string }
  | {
      readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
      readonly username: string;
      readonly password: string;
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: TokenSource; readonly extensions: Extensions };

export type Extensions = Readonly<Record<string, string>>;

/** A bearer token as it is, or a function asked for one whenever a connection logs in. */
export type TokenSource = string | (() => string | Promise<string>);

export const PLAINTEXT: SecurityConfig = Object.freeze({ protocol: 'PLAINTEXT', tls: null, sasl: null });
