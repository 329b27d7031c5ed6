import type { Secret } from './secret.ts';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** What TLS needs beyond the endpoint. Whatever store they came from, certificates and keys are PEM texts here. */
export interface TlsSettings {
  /** Certificates trusted; null: those of the runtime. */
  readonly trustedPem: string | null;
  /** The client's own certificate, leaf first, and its key, not encrypted; null: none. */
  readonly identity: { readonly certificatePem: string; readonly keyPem: Secret } | null;
  /** Whether the certificate must name the host (ssl.endpoint.identification.algorithm=https). */
  readonly verifiesHost: boolean;
  /** Of ssl.enabled.protocols. */
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** OpenSSL's names, colon separated; null: the runtime's choice. */
  readonly cipherSuites: string | null;
}
