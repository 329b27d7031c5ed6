import type { TlsSettings, TlsVersion } from '../../base/tls-settings.ts';
import { toOpenSslName } from './cipher-suites.ts';
import { readKeyStore } from './read-key-store.ts';
import { readTrustStore } from './read-trust-store.ts';
import type { SecurityProperties } from './security-properties.ts';

const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];
const CONTEXT_PROTOCOLS = ['TLS', ...VERSIONS];

/** Kafka's `ssl.*` properties (SslConfigs, DefaultSslEngineFactory) as settings of TLS. */
export function readTls(properties: SecurityProperties): TlsSettings {
  const contextProtocol = properties.text('ssl.protocol') ?? 'TLSv1.3';
  if (!CONTEXT_PROTOCOLS.includes(contextProtocol)) {
    properties.refuse(
      'ssl.protocol',
      `must be one of ${CONTEXT_PROTOCOLS.join(', ')}, got "${contextProtocol}"`,
    );
  }
  return {
    trustedPem: readTrustStore(properties),
    identity: readKeyStore(properties),
    verifiesHost: verifiesHost(properties),
    ...versionsOf(properties),
    cipherSuites: cipherSuitesOf(properties),
  };
}

function verifiesHost(properties: SecurityProperties): boolean {
  const name = 'ssl.endpoint.identification.algorithm';
  const algorithm = properties.textOrEmpty(name, 'https').toLowerCase();
  if (algorithm !== '' && algorithm !== 'https') {
    properties.refuse(name, `must be https, or empty for certificates of any host name, got "${algorithm}"`);
  }
  return algorithm !== '';
}

/** The versions between the lowest and the highest enabled are all offered: there are two. */
function versionsOf(properties: SecurityProperties): { minVersion: TlsVersion; maxVersion: TlsVersion } {
  const name = 'ssl.enabled.protocols';
  const listed = properties.list(name);
  const enabled =
    listed.length === 0 ? [...VERSIONS] : VERSIONS.filter((version) => listed.includes(version));
  const unknown = listed.filter((version) => !VERSIONS.some((known) => known === version));
  if (unknown.length > 0) {
    properties.refuse(name, `may list ${VERSIONS.join(' and ')}; ${unknown.join(', ')} is not spoken here`);
  }
  return { minVersion: enabled[0] ?? 'TLSv1.2', maxVersion: enabled.at(-1) ?? 'TLSv1.3' };
}

function cipherSuitesOf(properties: SecurityProperties): string | null {
  const listed = properties.list('ssl.cipher.suites');
  if (listed.length === 0) return null;
  const names: string[] = [];
  for (const suite of listed) {
    const name = toOpenSslName(suite);
    if (name !== null) names.push(name);
    else properties.refuse('ssl.cipher.suites', `names ${suite}, which this runtime's TLS does not have`);
  }
  return names.join(':');
}
