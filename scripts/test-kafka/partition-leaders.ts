import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../core/client/cluster.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';

const WAIT_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 100;

/** The leader of each partition; -1: none. */
export async function leadersOf(admin: Cluster, topic: string): Promise<number[]> {
  const { partitions } = await admin.fetchTopic(topic);
  return partitions.toSorted((a, b) => a.partition - b.partition).map(({ leaderId }) => leaderId);
}

/** Resolves when every partition has that many replicas in sync. */
export async function waitForReplicas(admin: Cluster, topic: string, count: number): Promise<void> {
  const deadline = performance.now() + WAIT_TIMEOUT_MS;
  for (;;) {
    const found = await admin.fetchTopic(topic).catch(() => null);
    if (found?.partitions.every(({ isr = [], leaderId }) => isr.length === count && leaderId >= 0)) return;
    if (performance.now() > deadline)
      throw new Error(`${topic} has not ${count} replicas in sync after ${WAIT_TIMEOUT_MS} ms`);
    await sleep(POLL_INTERVAL_MS);
  }
}

/** Has the next broker lead each partition: its replicas are put into another order, then the preferred one is elected. */
export async function moveLeaders(
  kafka: KafkaCluster,
  topic: string,
  leaders: readonly number[],
): Promise<void> {
  const { brokerIds } = kafka;
  const partitions = leaders.map((leader, partition) => {
    const first = (brokerIds.indexOf(leader) + 1) % brokerIds.length;
    return { topic, partition, replicas: [...brokerIds.slice(first), ...brokerIds.slice(0, first)] };
  });
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-leaders-'));
  try {
    const plan = join(directory, 'plan.json');
    writeFileSync(plan, JSON.stringify({ version: 1, partitions }));
    const to = ['--bootstrap-server', kafka.bootstrapServers];
    const reassigned = await kafka.toolOutput('org.apache.kafka.tools.reassign.ReassignPartitionsCommand', [
      ...to,
      ...['--reassignment-json-file', plan, '--execute'],
    ]);
    if (!reassigned.includes('Successfully started partition reassignments')) throw new Error(reassigned);
    const election = ['--election-type', 'PREFERRED', '--path-to-json-file', plan];
    const elected = await kafka.toolOutput('org.apache.kafka.tools.LeaderElectionCommand', [
      ...to,
      ...election,
    ]);
    if (!elected.includes('Successfully completed leader election (PREFERRED)')) throw new Error(elected);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Where each partition ends, as Kafka's GetOffsetShell says. */
export async function topicEnds(kafka: KafkaCluster, topic: string): Promise<number[]> {
  const output = await kafka.toolOutput('org.apache.kafka.tools.GetOffsetShell', [
    ...['--bootstrap-server', kafka.bootstrapServers, '--topic', topic],
  ]);
  const ends: number[] = [];
  for (const line of output.trim().split('\n')) {
    const match = /^(.+):(\d+):(\d+)$/.exec(line);
    if (match === null || match[1] !== topic)
      throw new Error(`GetOffsetShell printed: ${JSON.stringify(line)}`);
    ends[Number(match[2])] = Number(match[3]);
  }
  return ends;
}
