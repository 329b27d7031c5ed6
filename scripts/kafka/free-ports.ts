import { createServer } from 'node:net';

/**
 * Below what systems give to outgoing connections (Linux: from 32768): a broker that is started again must find its
 * port free, and nobody who tries to reach it meanwhile may get that very port as its own and be connected to itself.
 */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** Distinct ports of 127.0.0.1 on which nobody listens. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
