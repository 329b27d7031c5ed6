import { optionsOf, type ProducerOption } from './define-option.ts';

const { text, list, className, password } = optionsOf('security');

const ONE_TLS = 'TLS is the one of Node (OpenSSL), which has nothing to choose here.';

/** security.protocol and everything about TLS. */
export const TLS_OPTIONS: readonly ProducerOption[] = [
  password('ssl.key.password', 'high', 'Password of the private key, or of the key in the key store.'),
  password(
    'ssl.keystore.certificate.chain',
    'high',
    "The client's own certificate and those that vouch for it, as PEM text (ssl.keystore.type=PEM).",
  ),
  password(
    'ssl.keystore.key',
    'high',
    "The client's private key, as PEM text in PKCS#8 (ssl.keystore.type=PEM).",
  ),
  text('ssl.keystore.location', 'high', null, "File with the client's own certificate and key."),
  password('ssl.keystore.password', 'high', 'Password of the key store; PEM has none.'),
  password(
    'ssl.truststore.certificates',
    'high',
    'Certificates to trust, as PEM text (ssl.truststore.type=PEM).',
  ),
  text(
    'ssl.truststore.location',
    'high',
    null,
    "File with the certificates to trust; empty trusts the runtime's own.",
  ),
  password('ssl.truststore.password', 'high', 'Password of the trust store; PEM has none.'),
  text(
    'security.protocol',
    'medium',
    'PLAINTEXT',
    'What a connection speaks: TLS (SSL), SASL (SASL_PLAINTEXT), both (SASL_SSL) or neither.',
    { oneOf: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], ignoresCase: true },
  ),
  list(
    'ssl.enabled.protocols',
    'medium',
    'TLSv1.2,TLSv1.3',
    'TLS versions that may be spoken, comma separated.',
  ),
  text(
    'ssl.keystore.type',
    'medium',
    'JKS',
    'PEM or PKCS12; JKS is refused with the command that converts it.',
  ),
  text('ssl.protocol', 'medium', 'TLSv1.3', 'Highest TLS version of this client: TLSv1.3 or TLSv1.2.'),
  text('ssl.provider', 'medium', null, 'Name of a Java security provider for TLS.', {
    refused: 'Java security providers cannot run here: leave it out, TLS is the one of Node (OpenSSL).',
  }),
  text(
    'ssl.truststore.type',
    'medium',
    'JKS',
    'PEM or PKCS12; JKS is refused with the command that converts it.',
  ),
  text('security.providers', 'low', null, 'Java classes that bring security algorithms.', {
    refused: 'Java classes cannot run here: leave it out, algorithms are those of Node (OpenSSL).',
  }),
  list(
    'ssl.cipher.suites',
    'low',
    null,
    "Cipher suites that may be used, comma separated; empty is the runtime's choice.",
  ),
  text(
    'ssl.endpoint.identification.algorithm',
    'low',
    'https',
    "https: the broker's certificate must name the host; empty: it need not.",
  ),
  className('ssl.engine.factory.class', 'low', null, 'Java class that makes TLS engines.', {
    refused:
      'Java classes cannot run here: leave it out, and give certificates by ssl.keystore.* and ssl.truststore.*.',
  }),
  text('ssl.keymanager.algorithm', 'low', 'SunX509', "Java's algorithm for choosing a key.", {
    withoutEffect: ONE_TLS,
  }),
  text('ssl.secure.random.implementation', 'low', null, "Java's random number generator for TLS.", {
    withoutEffect: ONE_TLS,
  }),
  text('ssl.trustmanager.algorithm', 'low', 'PKIX', "Java's algorithm for judging certificates.", {
    withoutEffect: ONE_TLS,
  }),
];
