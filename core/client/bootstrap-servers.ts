import { TidemarkError } from '../base/errors.ts';
import type { Endpoint } from '../base/network.ts';

/** `host:port`, `[::1]:port`, either behind a listener name as in advertised.listeners (`PLAINTEXT://`). */
const SERVER = /^(?:([A-Za-z0-9_]+):\/\/)?(?:\[([0-9A-Fa-f:.%]+)\]|([A-Za-z0-9._%-]+)):(\d{1,5})$/;

/** One server. Throws CONFIG saying what is wrong with it. */
export function parseServer(text: string): Endpoint {
  const trimmed = text.trim();
  const match = SERVER.exec(trimmed);
  const protocol = /^([^:/]*):\/\//.exec(trimmed)?.[1];
  if (protocol !== undefined && protocol.toUpperCase() !== 'PLAINTEXT') {
    throw invalid(trimmed, hintForProtocol(protocol.toUpperCase()));
  }
  if (match === null) throw invalid(trimmed, hintFor(trimmed));
  const [, , address, name, portText] = match;
  const port = Number(portText);
  if (port < 1 || port > 65_535) throw invalid(trimmed, 'expected a port between 1 and 65535');
  return { host: address ?? name ?? '', port };
}

/**
 * The servers of a list whose elements may themselves be comma separated; empty elements and repeated servers are
 * dropped. Throws CONFIG when one is malformed or none is left.
 */
export function parseBootstrapServers(list: string | readonly string[]): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const element of typeof list === 'string' ? [list] : list) {
    for (const text of element.split(',')) {
      if (text.trim() === '') continue;
      const server = parseServer(text);
      found.set(`${server.host}|${server.port}`, server);
    }
  }
  if (found.size === 0) {
    throw new TidemarkError('CONFIG', 'bootstrap.servers is empty, expected host:port[,host:port...]');
  }
  return [...found.values()];
}

function hintForProtocol(protocol: string): string {
  if (/^HTTPS?$/.test(protocol)) {
    return `a Kafka listener is not a web address, expected host:port without ${protocol.toLowerCase()}://`;
  }
  if (/^(SSL|SASL_PLAINTEXT|SASL_SSL)$/.test(protocol)) {
    return `expected host:port; security.protocol=${protocol} says how to speak to it`;
  }
  return `expected host:port without ${protocol.toLowerCase()}://`;
}

function hintFor(text: string): string {
  const port = /:([^:\]]*)$/.exec(text)?.[1];
  if (/[;\s|]/.test(text)) return 'expected host:port pairs with commas between them';
  if ((text.match(/:/g)?.length ?? 0) > 1 && !text.includes('[') && !text.includes('://')) {
    return 'an IPv6 address needs brackets, as in [::1]:9092';
  }
  if (port === undefined || port === '') {
    return 'the port is missing, expected host:port such as localhost:9092';
  }
  if (!/^\d+$/.test(port)) return `its port ${JSON.stringify(port)} is no number, expected host:port`;
  if (port.length > 5) return 'expected a port between 1 and 65535';
  return 'expected host:port such as localhost:9092 or [::1]:9092';
}

function invalid(text: string, expected: string): TidemarkError {
  return new TidemarkError(
    'CONFIG',
    `bootstrap.servers: ${JSON.stringify(text)} is not a server: ${expected}`,
  );
}
