import { type OptionRest, optionsOf, type ProducerOption } from './define-option.ts';

const { int, long, flag, text, list, className, password } = optionsOf('oauth');

const JAVA_SECURITY = 'org.apache.kafka.common.security.oauthbearer.';
const NO_ASSERTIONS: OptionRest = {
  refused:
    'Of the OAuth grants only client_credentials is served: leave it out, and give sasl.oauthbearer.client.credentials.client.id and .client.secret.',
};
const BROKER_CHECKS: OptionRest = {
  withoutEffect: 'A token is not judged by this client: the broker checks it.',
};
const NO_JAVA: OptionRest = {
  refused:
    'Java classes cannot run here: leave it out, and name where tokens come from in sasl.oauthbearer.token.endpoint.url (the library also takes a token function).',
};

/** What Java's client does to get and to check bearer tokens of its own. */
export const OAUTH_OPTIONS: readonly ProducerOption[] = [
  text(
    'sasl.oauthbearer.assertion.algorithm',
    'medium',
    'RS256',
    'Algorithm that signs the assertion sent to the identity provider.',
    { oneOf: ['ES256', 'RS256'], ignoresCase: true, ...NO_ASSERTIONS },
  ),
  ...(
    [
      ['aud', 'Audience claimed by the assertion.'],
      ['iss', 'Issuer claimed by the assertion.'],
      ['sub', 'Subject claimed by the assertion.'],
    ] as const
  ).map(([claim, meaning]) =>
    text(`sasl.oauthbearer.assertion.claim.${claim}`, 'medium', null, meaning, NO_ASSERTIONS),
  ),
  flag(
    'sasl.oauthbearer.assertion.claim.jti.include',
    'medium',
    false,
    'Whether the assertion has an identifier of its own.',
    NO_ASSERTIONS,
  ),
  text(
    'sasl.oauthbearer.assertion.file',
    'medium',
    null,
    'File with an assertion made elsewhere.',
    NO_ASSERTIONS,
  ),
  text(
    'sasl.oauthbearer.assertion.private.key.file',
    'medium',
    null,
    'File with the private key that signs assertions.',
    NO_ASSERTIONS,
  ),
  password(
    'sasl.oauthbearer.assertion.private.key.passphrase',
    'medium',
    'Passphrase of the private key that signs assertions.',
    NO_ASSERTIONS,
  ),
  text(
    'sasl.oauthbearer.assertion.template.file',
    'medium',
    null,
    'File with further claims of the assertion.',
    NO_ASSERTIONS,
  ),
  text(
    'sasl.oauthbearer.client.credentials.client.id',
    'medium',
    null,
    'Name under which the identity provider knows this client.',
  ),
  password(
    'sasl.oauthbearer.client.credentials.client.secret',
    'medium',
    'Secret under which the identity provider knows this client.',
  ),
  text(
    'sasl.oauthbearer.jwks.endpoint.url',
    'medium',
    null,
    'Where the keys that sign tokens are published.',
    BROKER_CHECKS,
  ),
  className(
    'sasl.oauthbearer.jwt.retriever.class',
    'medium',
    `${JAVA_SECURITY}DefaultJwtRetriever`,
    'Java class that gets tokens.',
    NO_JAVA,
  ),
  className(
    'sasl.oauthbearer.jwt.validator.class',
    'medium',
    `${JAVA_SECURITY}DefaultJwtValidator`,
    'Java class that judges tokens.',
    NO_JAVA,
  ),
  text('sasl.oauthbearer.scope', 'medium', null, 'Scope asked for at the identity provider.'),
  text(
    'sasl.oauthbearer.token.endpoint.url',
    'medium',
    null,
    'Where tokens come from: the https:// endpoint of an identity provider, or a file:// that holds one.',
  ),
  int(
    'sasl.oauthbearer.assertion.claim.exp.seconds',
    'low',
    300,
    'Seconds for which an assertion is valid.',
    { min: 0, max: 86_400, ...NO_ASSERTIONS },
  ),
  int(
    'sasl.oauthbearer.assertion.claim.nbf.seconds',
    'low',
    60,
    'Seconds in the past from which an assertion is valid.',
    { min: 0, max: 3_600, ...NO_ASSERTIONS },
  ),
  int(
    'sasl.oauthbearer.clock.skew.seconds',
    'low',
    30,
    'Seconds by which clocks may differ when a token is checked.',
    BROKER_CHECKS,
  ),
  list(
    'sasl.oauthbearer.expected.audience',
    'low',
    null,
    'Audiences of which a token must name one.',
    BROKER_CHECKS,
  ),
  text('sasl.oauthbearer.expected.issuer', 'low', null, 'Issuer that a token must name.', BROKER_CHECKS),
  flag(
    'sasl.oauthbearer.header.urlencode',
    'low',
    false,
    'URL-encode name and secret towards the identity provider.',
  ),
  long(
    'sasl.oauthbearer.jwks.endpoint.refresh.ms',
    'low',
    3_600_000,
    'How often the published keys are fetched.',
    BROKER_CHECKS,
  ),
  long(
    'sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms',
    'low',
    10_000,
    'Longest pause between two attempts to fetch keys.',
    BROKER_CHECKS,
  ),
  long(
    'sasl.oauthbearer.jwks.endpoint.retry.backoff.ms',
    'low',
    100,
    'Pause before a second attempt to fetch keys; doubles each time.',
    BROKER_CHECKS,
  ),
  text(
    'sasl.oauthbearer.scope.claim.name',
    'low',
    'scope',
    "Name of the claim that holds a token's scope.",
    BROKER_CHECKS,
  ),
  text(
    'sasl.oauthbearer.sub.claim.name',
    'low',
    'sub',
    "Name of the claim that holds a token's subject.",
    BROKER_CHECKS,
  ),
];
