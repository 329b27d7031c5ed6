import { TidemarkError } from '../base/errors.ts';
import type { Endpoint } from '../base/network.ts';

/** `host:port`, `[::1]:port`, either behind a listener name as in advertised.listeners (`PLAINTEXT://`). */
const SERVER = /^(?:([A-Za-z0-9_]+):\/\/)?(?:\[([0-9A-Fa-f:.%]+)\]|([^\s:[\]/@]+)):(\d{1,5})$/;

/** One server. Throws CONFIG saying what is wrong with it. */
export function parseServer(text: string): Endpoint {
  const trimmed = text.trim();
  const match = SERVER.exec(trimmed);
  if (match === null) throw invalid(trimmed, hintFor(trimmed));
  const [, protocol, address, name, portText] = match;
  if (protocol !== undefined && protocol.toUpperCase() !== 'PLAINTEXT') {
    throw invalid(trimmed, `${protocol}:// is not supported, expected host:port of a plaintext listener`);
  }
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

function hintFor(text: string): string {
  if ((text.match(/:/g)?.length ?? 0) > 1 && !text.includes('[') && !text.includes('://')) {
    return 'an IPv6 address needs brackets, as in [::1]:9092';
  }
  if (!/:\d*$/.test(text)) return 'the port is missing, expected host:port such as localhost:9092';
  return 'expected host:port such as localhost:9092 or [::1]:9092';
}

function invalid(text: string, expected: string): TidemarkError {
  return new TidemarkError(
    'CONFIG',
    `bootstrap.servers: ${JSON.stringify(text)} is not a server: ${expected}`,
  );
}
