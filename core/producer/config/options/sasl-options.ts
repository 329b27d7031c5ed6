import { optionsOf, type ProducerOption } from './define-option.ts';

const { short, int, long, double, text, className, password } = optionsOf('sasl');

const NO_KERBEROS = {
  refused:
    'Kerberos (GSSAPI) is not served: leave it out, and log in with sasl.mechanism PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER.',
};
const FIXED_RENEWAL = {
  withoutEffect:
    'A token is asked for anew after 80 % of its lifetime, or when a connection has to log in again.',
};
const NO_JAVA = {
  refused:
    'Java classes cannot run here: leave it out, and name user, password or token in sasl.jaas.config (or sasl.oauthbearer.token.endpoint.url; the library also takes a token function).',
};
const ONE_ATTEMPT = {
  withoutEffect: 'A token is asked for once per login; the pauses between logins are those of reconnecting.',
};

/** How a client logs in. */
export const SASL_OPTIONS: readonly ProducerOption[] = [
  className(
    'sasl.client.callback.handler.class',
    'medium',
    null,
    'Java class that answers what the mechanism asks for.',
    NO_JAVA,
  ),
  password(
    'sasl.jaas.config',
    'medium',
    'Who logs in, as a JAAS line: LoginModule required username="..." password="...";',
  ),
  text(
    'sasl.kerberos.service.name',
    'medium',
    null,
    'Kerberos principal name that brokers run under.',
    NO_KERBEROS,
  ),
  className(
    'sasl.login.callback.handler.class',
    'medium',
    null,
    'Java class that answers what logging in asks for.',
    NO_JAVA,
  ),
  className('sasl.login.class', 'medium', null, 'Java class that logs in.', NO_JAVA),
  text(
    'sasl.mechanism',
    'medium',
    'GSSAPI',
    "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER; Kafka's default, GSSAPI (Kerberos), is not served.",
  ),
  text(
    'sasl.kerberos.kinit.cmd',
    'low',
    '/usr/bin/kinit',
    'Path of the Kerberos kinit command.',
    NO_KERBEROS,
  ),
  long(
    'sasl.kerberos.min.time.before.relogin',
    'low',
    60_000,
    'Least milliseconds between two Kerberos logins.',
    NO_KERBEROS,
  ),
  double(
    'sasl.kerberos.ticket.renew.jitter',
    'low',
    0.05,
    'Share of chance in the time of renewing a Kerberos ticket.',
    NO_KERBEROS,
  ),
  double(
    'sasl.kerberos.ticket.renew.window.factor',
    'low',
    0.8,
    "Share of a Kerberos ticket's life after which it is renewed.",
    NO_KERBEROS,
  ),
  int('sasl.login.connect.timeout.ms', 'low', null, 'How long connecting to the identity provider may take.'),
  int('sasl.login.read.timeout.ms', 'low', null, 'How long the identity provider may take to answer.'),
  short(
    'sasl.login.refresh.buffer.seconds',
    'low',
    300,
    'Seconds that must be left of a token when it is renewed.',
    { min: 0, max: 3_600, ...FIXED_RENEWAL },
  ),
  short(
    'sasl.login.refresh.min.period.seconds',
    'low',
    60,
    'Least seconds between two renewals of a token.',
    { min: 0, max: 900, ...FIXED_RENEWAL },
  ),
  double(
    'sasl.login.refresh.window.factor',
    'low',
    0.8,
    "Share of a token's life after which it is renewed.",
    { min: 0.5, max: 1, ...FIXED_RENEWAL },
  ),
  double(
    'sasl.login.refresh.window.jitter',
    'low',
    0.05,
    'Share of chance in the time of renewing a token.',
    { min: 0, max: 0.25, ...FIXED_RENEWAL },
  ),
  long(
    'sasl.login.retry.backoff.max.ms',
    'low',
    10_000,
    'Longest pause between two attempts to get a token.',
    ONE_ATTEMPT,
  ),
  long(
    'sasl.login.retry.backoff.ms',
    'low',
    100,
    'Pause before a second attempt to get a token; doubles each time.',
    ONE_ATTEMPT,
  ),
];
