import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { Cluster } from '../../core/client/cluster.ts';
import { createTcpNetwork } from '../../core/client/tcp-network.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'bench', 'main.ts');

function startBroker(context: TestContext, ...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, 'broker', ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  context.after(() => child.kill('SIGKILL'));
  return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  return line;
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`the first line names every broker, each answers, and ${signal} ends it cleanly`, async (t) => {
    const child = startBroker(t, '--brokers', '3');
    const line = await firstLine(child);
    assert.match(line, /^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/);
    const cluster = await Cluster.connect({
      bootstrapServers: line.split(','),
      clientId: 'test',
      network: createTcpNetwork(),
      clock: realClock,
      random: new SeededRandom(1),
    });
    assert.equal(cluster.brokers.length, 3);
    await cluster.close();
    child.kill(signal);
    assert.equal((await exitOf(child)).code, 0);
  });
}

test('a port in use is bad input that names it', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, stderr } = await exitOf(startBroker(t, '--port', String(port)));
  assert.match(stderr, new RegExp(`127\\.0\\.0\\.1:${port}.*EADDRINUSE.*--port`));
  assert.equal(code, 2);
});

test('--data keeps the log in files, and a second process may not use them', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'tidemark-data-'));
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const first = startBroker(t, '--data', data);
  await firstLine(first);
  assert.ok(existsSync(data));
  const { code, stderr } = await exitOf(startBroker(t, '--data', data));
  assert.equal(code, 2, stderr);
  assert.match(stderr, /in use by process/);
  first.kill('SIGTERM');
  assert.equal((await exitOf(first)).code, 0);
});

test('--processing names a broker that is there, and is told beside the log', async (t) => {
  const wrong = await exitOf(startBroker(t, '--brokers', '2', '--processing', '0=20ms'));
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /there is no broker 0: brokers are numbered 1 to 2/);
  const child = startBroker(t, '--brokers', '2', '--processing', '2=20ms');
  await firstLine(child);
  child.kill('SIGTERM');
  const { code, stderr } = await exitOf(child);
  assert.equal(code, 0);
  assert.match(stderr, /broker 2 takes 20 ms over each produce request/);
});
