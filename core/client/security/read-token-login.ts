import { Secret } from '../../base/secret.ts';
import { clientCredentialsSource } from './client-credentials.ts';
import type { Extensions, TokenLogin, TokenSource } from './security-config.ts';
import type { SecurityProperties } from './security-properties.ts';
import { tokenFileSource } from './token-file.ts';
import { unsecuredTokenSource } from './unsecured-token.ts';

const JAAS = 'sasl.jaas.config';
const ENDPOINT = 'sasl.oauthbearer.token.endpoint.url';
const CREDENTIALS = 'sasl.oauthbearer.client.credentials';
const EXTENSION_NAME = /^[a-zA-Z]+$/;
/** KIP-342: visible characters, blanks and line ends; never the separator. */
const EXTENSION_VALUE = /^[\x21-\x7e \t\r\n]+$/;

/**
 * Where OAUTHBEARER gets its tokens: the endpoint or file that `sasl.oauthbearer.token.endpoint.url` names, or the
 * unsecured ones that the login module's options describe; null when neither is there, for the application to say.
 */
export function readTokenLogin(
  properties: SecurityProperties,
  options: ReadonlyMap<string, string>,
): TokenLogin | null {
  const url = properties.text(ENDPOINT);
  const token =
    url === null ? unsecuredSource(properties, options) : endpointSource(properties, url, options);
  const extensions = extensionsOf(properties, options);
  return properties.problems.length > 0 ? null : { mechanism: 'OAUTHBEARER', token, extensions };
}

function endpointSource(
  properties: SecurityProperties,
  text: string,
  options: ReadonlyMap<string, string>,
): TokenSource | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:', 'file:'].includes(url.protocol)) {
    return properties.refuse(ENDPOINT, 'must be a URL that begins with https://, http:// or file://');
  }
  if (url.protocol === 'file:') return tokenFileSource(url);
  const clientId = properties.text(`${CREDENTIALS}.client.id`) ?? options.get('clientId') ?? '';
  const secret = properties.text(`${CREDENTIALS}.client.secret`) ?? options.get('clientSecret') ?? '';
  if (clientId === '' || secret === '') {
    const missing = clientId === '' ? 'client.id' : 'client.secret';
    return properties.refuse(`${CREDENTIALS}.${missing}`, `is not set, but needed for ${ENDPOINT}`);
  }
  return clientCredentialsSource({
    url,
    clientId,
    clientSecret: new Secret(secret),
    scope: properties.text('sasl.oauthbearer.scope') ?? options.get('scope') ?? null,
    encodesHeader: properties.text('sasl.oauthbearer.header.urlencode') === 'true',
    timeoutMs:
      properties.number('sasl.login.connect.timeout.ms', 10_000) +
      properties.number('sasl.login.read.timeout.ms', 10_000),
  });
}

function unsecuredSource(
  properties: SecurityProperties,
  options: ReadonlyMap<string, string>,
): TokenSource | null {
  const unsecured = [...options.keys()].filter((name) => name.startsWith('unsecuredLogin'));
  if (unsecured.length === 0) {
    if (!options.has('clientId')) return null;
    return properties.refuse(ENDPOINT, `is not set, but needed for the clientId in ${JAAS}`);
  }
  const source = unsecuredTokenSource(options);
  if (typeof source !== 'string') return source;
  return properties.refuse(JAAS, source);
}

function extensionsOf(properties: SecurityProperties, options: ReadonlyMap<string, string>): Extensions {
  const extensions: Record<string, string> = {};
  for (const [option, value] of options) {
    const name = /^(?:extension_|unsecuredLoginExtension_)(.*)$/.exec(option)?.[1];
    if (name === undefined) continue;
    // `auth` is the token's own place in the message.
    if (!EXTENSION_NAME.test(name) || name === 'auth' || !EXTENSION_VALUE.test(value)) {
      properties.refuse(
        JAAS,
        `has an extension that SASL cannot carry: ${option} (letters only in its name, not "auth")`,
      );
    }
    extensions[name] = value;
  }
  return extensions;
}
