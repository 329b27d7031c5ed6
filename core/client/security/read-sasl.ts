import { Secret } from '../../base/secret.ts';
import { type JaasEntry, JaasError, parseJaas } from './jaas.ts';
import { readTokenLogin } from './read-token-login.ts';
import { SASL_MECHANISMS, type SaslMechanism, type SaslSettings } from './security-config.ts';
import type { SecurityProperties } from './security-properties.ts';

const JAAS = 'sasl.jaas.config';
const PACKAGE = 'org.apache.kafka.common.security';

const MODULES: Readonly<Record<SaslMechanism, string>> = {
  PLAIN: `${PACKAGE}.plain.PlainLoginModule`,
  'SCRAM-SHA-256': `${PACKAGE}.scram.ScramLoginModule`,
  'SCRAM-SHA-512': `${PACKAGE}.scram.ScramLoginModule`,
  OAUTHBEARER: `${PACKAGE}.oauthbearer.OAuthBearerLoginModule`,
};

/** Kafka's `sasl.*` properties (SaslConfigs) as the login that they describe; null when a problem was noted. */
export function readSasl(properties: SecurityProperties): SaslSettings | null {
  const mechanism = mechanismOf(properties);
  if (mechanism === null) return null;
  const text = properties.text(JAAS);
  // An application's token function needs no JAAS text.
  if (text === null && mechanism === 'OAUTHBEARER') return readTokenLogin(properties, new Map());
  const module = MODULES[mechanism];
  if (text === null) {
    const example = `${module} required username="..." password="...";`;
    return properties.refuse(JAAS, `is not set, but needed for sasl.mechanism=${mechanism}: ${example}`);
  }
  const entry = entryOf(properties, text);
  if (entry === null) return null;
  if (entry.module !== module) {
    const named = /LoginModule$/.test(entry.module) ? entry.module : 'a login module not known here';
    const fitting = SASL_MECHANISMS.filter((each) => MODULES[each] === entry.module).join(' or ');
    const other = fitting === '' ? '' : `, or set sasl.mechanism=${fitting}`;
    return properties.refuse(JAAS, `names ${named}, but sasl.mechanism=${mechanism} needs ${module}${other}`);
  }
  return mechanism === 'OAUTHBEARER'
    ? readTokenLogin(properties, entry.options)
    : passwordLogin(properties, mechanism, entry);
}

function mechanismOf(properties: SecurityProperties): SaslMechanism | null {
  const name = properties.text('sasl.mechanism') ?? 'GSSAPI';
  const known = SASL_MECHANISMS.find((mechanism) => mechanism === name);
  if (known !== undefined) return known;
  const isDefault = !properties.isGiven('sasl.mechanism');
  const how = isDefault
    ? `is not set, and its default ${name} (Kerberos) is not spoken here`
    : `${name} is not spoken here`;
  return properties.refuse('sasl.mechanism', `${how}: set it to ${SASL_MECHANISMS.join(', ')}`);
}

function entryOf(properties: SecurityProperties, text: string): JaasEntry | null {
  try {
    return parseJaas(text);
  } catch (error) {
    if (!(error instanceof JaasError)) throw error;
    return properties.refuse(JAAS, error.message);
  }
}

function passwordLogin(
  properties: SecurityProperties,
  mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512',
  { options }: JaasEntry,
): SaslSettings | null {
  if (options.get('tokenauth')?.toLowerCase() === 'true') {
    return properties.refuse(
      JAAS,
      'sets tokenauth: delegation tokens are not served here, use a user and password',
    );
  }
  const username = options.get('username') ?? '';
  const password = options.get('password') ?? '';
  const missing = username === '' ? 'username' : password === '' ? 'password' : null;
  if (missing !== null) {
    return properties.refuse(JAAS, `has no ${missing}="...", which ${MODULES[mechanism]} needs`);
  }
  return { mechanism, username, password: new Secret(password) };
}
