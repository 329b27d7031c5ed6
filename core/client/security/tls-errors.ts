/** What OpenSSL's and Node's codes of a failed TLS handshake mean here, and what to do. */
const MEANINGS: readonly (readonly [codes: RegExp, meaning: string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)$/,
    "the broker's certificate is not trusted: set ssl.truststore.location (ssl.truststore.type PEM or PKCS12), or ssl.truststore.certificates, to the certificate of the authority that signed it",
  ],
  [/^CERT_HAS_EXPIRED$/, "the broker's certificate has expired: the broker needs a new one"],
  [/^CERT_NOT_YET_VALID$/, "the broker's certificate is not valid yet: is a clock wrong?"],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "the broker's certificate does not name this host: use a name that it has in bootstrap.servers and advertised.listeners, or set ssl.endpoint.identification.algorithm to nothing to leave the name unchecked",
  ],
  [
    /CERTIFICATE_REQUIRED|ALERT_NO_CERTIFICATE/,
    'the broker asks for a client certificate: set ssl.keystore.location, or ssl.keystore.certificate.chain and ssl.keystore.key',
  ],
  [
    /ALERT_(BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/,
    'the broker refused the client certificate, or asks for one and got none: look at ssl.keystore.location (ssl.keystore.certificate.chain and ssl.keystore.key)',
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|BAD_RECORD_TYPE|UNEXPECTED_MESSAGE|HTTP_REQUEST/,
    'it does not speak TLS: set security.protocol to PLAINTEXT, or SASL_PLAINTEXT with SASL',
  ],
  [
    /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE/,
    'the broker speaks none of the TLS versions in ssl.enabled.protocols',
  ],
  [
    /HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_CIPHERS_AVAILABLE|INSUFFICIENT_SECURITY/,
    'broker and client have no cipher suite in common, or the broker asks for a client certificate: look at ssl.cipher.suites, ssl.enabled.protocols and ssl.keystore.location',
  ],
];

/** In plain words what an error of TLS says; null for an error of another kind. Trying again does not mend these. */
export function meaningOfTlsError(error: unknown): string | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const code = (each as NodeJS.ErrnoException).code;
    if (typeof code !== 'string') continue;
    const meaning = MEANINGS.find(([codes]) => codes.test(code))?.[1];
    if (meaning !== undefined) return `${meaning} (${code})`;
    if (code.startsWith('ERR_SSL_')) return `TLS failed: ${each.message}`;
  }
  return null;
}
