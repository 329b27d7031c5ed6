import type { TlsFiles } from './certificates.ts';

/** Ways into the brokers. `plain` is always there: the brokers speak to each other through it. */
export type ListenerName = keyof typeof LISTENERS;

interface Listener {
  /** As server.properties call it; not one of the security protocols' names, which Kafka would map by itself. */
  readonly kafkaName: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
}

export const LISTENERS = {
  plain: { kafkaName: 'PLAIN', protocol: 'PLAINTEXT' },
  tls: { kafkaName: 'TLS', protocol: 'SSL' },
  'sasl-plain-text': { kafkaName: 'SASL_PLAIN_TEXT', protocol: 'SASL_PLAINTEXT' },
  'sasl-tls': { kafkaName: 'SASL_TLS', protocol: 'SASL_SSL' },
  /** Wants a client certificate. */
  mtls: { kafkaName: 'MTLS', protocol: 'SSL' },
  /** Shows a certificate that was made for another host. */
  'tls-other-host': { kafkaName: 'TLS_OTHER_HOST', protocol: 'SSL' },
} as const satisfies Record<string, Listener>;

export const LISTENER_NAMES = Object.keys(LISTENERS) as ListenerName[];

export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export const SASL_MECHANISMS = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER'] as const;

export interface User {
  readonly username: string;
  readonly password: string;
}

/** Who may log in, by mechanism. OAUTHBEARER has no users: any token that is well formed and not expired. */
export type Users = Readonly<Record<Exclude<SaslMechanism, 'OAUTHBEARER'>, User>>;

export const USERS: Users = {
  PLAIN: { username: 'paula', password: 'plain-secret' },
  'SCRAM-SHA-256': { username: 'sam', password: 'scram-256-secret' },
  'SCRAM-SHA-512': { username: 'sofia', password: 'scram-512-secret' },
};

export function usesTls(name: ListenerName): boolean {
  return LISTENERS[name].protocol.endsWith('SSL');
}

export function usesSasl(name: ListenerName): boolean {
  return LISTENERS[name].protocol.startsWith('SASL');
}

/** Lines of server.properties for everything the listeners need but their ports. */
export function listenerProperties(
  names: readonly ListenerName[],
  tlsFiles: TlsFiles | null,
): Record<string, string> {
  const properties: Record<string, string> = { 'sasl.enabled.mechanisms': SASL_MECHANISMS.join(',') };
  if (tlsFiles !== null) {
    properties['ssl.keystore.type'] = 'PEM';
    properties['ssl.keystore.location'] = tlsFiles.serverKeystorePem;
    properties['ssl.truststore.type'] = 'PEM';
    properties['ssl.truststore.location'] = tlsFiles.caPem;
  }
  for (const name of names) {
    const prefix = `listener.name.${LISTENERS[name].kafkaName.toLowerCase()}`;
    if (usesSasl(name)) Object.assign(properties, saslProperties(prefix));
    if (name === 'mtls') properties[`${prefix}.ssl.client.auth`] = 'required';
    if (name === 'tls-other-host') {
      properties[`${prefix}.ssl.keystore.type`] = 'PEM';
      properties[`${prefix}.ssl.keystore.location`] = tlsFiles!.otherHostKeystorePem;
    }
  }
  return properties;
}

/** The broker's side of each mechanism. SCRAM's users are in the cluster's metadata; OAUTHBEARER takes unsecured tokens. */
function saslProperties(prefix: string): Record<string, string> {
  const { username, password } = USERS.PLAIN;
  return {
    [`${prefix}.plain.sasl.jaas.config`]: `org.apache.kafka.common.security.plain.PlainLoginModule required user_${username}="${password}";`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${SCRAM_MODULE} required;`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${SCRAM_MODULE} required;`,
    [`${prefix}.oauthbearer.sasl.jaas.config`]: `${OAUTH_MODULE} required;`,
  };
}

const SCRAM_MODULE = 'org.apache.kafka.common.security.scram.ScramLoginModule';
const OAUTH_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule';

/** Arguments of `StorageTool format` that make SCRAM's users. */
export function scramArguments(): string[] {
  return (['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const).flatMap((mechanism) => {
    const { username, password } = USERS[mechanism];
    return ['--add-scram', `${mechanism}=[name=${username},password=${password}]`];
  });
}

/** Producer properties, by Kafka's names, that get a client through a listener. */
export function clientProperties(
  name: ListenerName,
  tlsFiles: TlsFiles | null,
  mechanism: SaslMechanism = 'PLAIN',
): Record<string, string> {
  const properties: Record<string, string> = { 'security.protocol': LISTENERS[name].protocol };
  if (usesTls(name)) {
    properties['ssl.truststore.type'] = 'PEM';
    properties['ssl.truststore.location'] = tlsFiles!.caPem;
  }
  if (name === 'mtls') {
    properties['ssl.keystore.type'] = 'PEM';
    properties['ssl.keystore.location'] = tlsFiles!.clientKeystorePem;
  }
  if (name === 'tls-other-host') properties['ssl.endpoint.identification.algorithm'] = '';
  if (usesSasl(name)) {
    properties['sasl.mechanism'] = mechanism;
    properties['sasl.jaas.config'] = jaasConfig(mechanism);
  }
  return properties;
}

/** What sasl.jaas.config says for a mechanism, with its user's name and password unless others are given. */
export function jaasConfig(mechanism: SaslMechanism, given?: User): string {
  if (mechanism === 'OAUTHBEARER') return `${OAUTH_MODULE} required unsecuredLoginStringClaim_sub="olga";`;
  const { username, password } = given ?? USERS[mechanism];
  const module =
    mechanism === 'PLAIN' ? 'org.apache.kafka.common.security.plain.PlainLoginModule' : SCRAM_MODULE;
  return `${module} required username="${username}" password="${password}";`;
}
