import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../core/base/random.ts';
import { realClock } from '../../../core/base/real-clock.ts';
import { Cluster } from '../../../core/client/cluster.ts';
import { createTcpNetwork } from '../../../core/client/tcp-network.ts';
import { CLIENTS } from '../../../scripts/peers/clients.ts';
import { SCENARIOS } from '../../../scripts/peers/scenarios.ts';
import { type Bench, runTrial } from '../../../scripts/peers/trial.ts';
import { ClusterThread } from '../../../workers/cluster-thread.ts';

/** A driver that sends nothing and answers as told. */
function answering(acknowledged: number): string[] {
  const figures = { version: '1', acknowledged, records: 1, seconds: 1, cpuSeconds: 1, settings: {} };
  return [process.execPath, '-e', `console.log(${JSON.stringify(JSON.stringify(figures))})`];
}

async function withBench(use: (bench: Bench) => Promise<void>): Promise<void> {
  const thread = await ClusterThread.start({ brokers: 1, host: '127.0.0.1', seed: 1 }, (error) => {
    throw error;
  });
  const { bootstrapServers } = thread;
  const cluster = await Cluster.connect({
    bootstrapServers: [bootstrapServers],
    clientId: 'test',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(1),
  });
  try {
    const payloadFiles = new Map([[100, '/nowhere']]);
    const { signal } = new AbortController();
    const times = { warmupMs: 1, windowMs: 1, runId: 'test' };
    await use({ bootstrapServers, cluster, dataDirectory: null, payloadFiles, signal, ...times });
  } finally {
    await cluster.close();
    await thread.close();
  }
}

test('a trial fails when the log grew by something else than the driver says, and its topic is gone', async () => {
  const order = { client: CLIENTS[0]!, scenario: SCENARIOS[0]!, round: 1 };
  await withBench(async (bench) => {
    await assert.rejects(
      runTrial(bench, { ...order, command: answering(5) }),
      /it says that 5 records were acknowledged; the log grew by 0/,
    );
    const broken = [process.execPath, '-e', 'console.error("no broker"); process.exit(4)'];
    // The same topic's name again: it would be refused if the first were still there.
    await assert.rejects(
      runTrial(bench, { ...order, command: broken }),
      /its driver ended with 4:\nno broker/,
    );
  });
});
