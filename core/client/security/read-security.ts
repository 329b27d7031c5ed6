import type { OptionProblem, OptionValue } from '../../base/options.ts';
import { readSasl } from './read-sasl.ts';
import { readTls } from './read-tls.ts';
import {
  PLAINTEXT,
  SECURITY_PROTOCOLS,
  type SecurityConfig,
  type SecurityProtocol,
  type TokenSource,
} from './security-config.ts';
import { SecurityProperties } from './security-properties.ts';

/**
 * Reads `security.protocol`, `ssl.*` and `sasl.*` and the store files they name, and reports all that is wrong at
 * once. As in Kafka, properties that the protocol does not use are not looked at. `given` are the properties that
 * the user set. The config is meaningful only when there are no problems.
 */
export function readSecurity(
  values: ReadonlyMap<string, OptionValue>,
  given: ReadonlySet<string>,
): { readonly security: SecurityConfig; readonly problems: OptionProblem[] } {
  const properties = new SecurityProperties(values, given);
  const protocol = protocolOf(properties);
  if (protocol === null || protocol === 'PLAINTEXT') {
    return { security: PLAINTEXT, problems: properties.problems };
  }
  const tls = protocol === 'SSL' || protocol === 'SASL_SSL' ? readTls(properties) : null;
  const sasl = protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL' ? readSasl(properties) : null;
  return { security: { protocol, tls, sasl }, problems: properties.problems };
}

/** The same security with bearer tokens from an application: a text, or a function asked at each login. */
export function withTokenSource(security: SecurityConfig, token: TokenSource): SecurityConfig {
  if (security.sasl?.mechanism !== 'OAUTHBEARER') return security;
  return { ...security, sasl: { ...security.sasl, token } };
}

/** Matches whatever the case, as Kafka does. */
function protocolOf(properties: SecurityProperties): SecurityProtocol | null {
  const name = properties.text('security.protocol') ?? 'PLAINTEXT';
  const known = SECURITY_PROTOCOLS.find((protocol) => protocol === name.toUpperCase());
  if (known !== undefined) return known;
  return properties.refuse(
    'security.protocol',
    `must be one of ${SECURITY_PROTOCOLS.join(', ')}, got "${name}"`,
  );
}
