import { createConnection } from 'node:net';
import { parseServer } from '../../core/client/bootstrap-servers.ts';

const PROBE_TIMEOUT_MS = 3000;

/** Whether any of the bootstrap servers (`host:port,...`) takes a connection. */
export async function isAnyServerThere(bootstrapServers: string): Promise<boolean> {
  const answers = await Promise.all(bootstrapServers.split(',').map(takesConnection));
  return answers.includes(true);
}

function takesConnection(server: string): Promise<boolean> {
  const { host, port } = parseServer(server);
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: PROBE_TIMEOUT_MS });
    const end = (isThere: boolean) => () => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
