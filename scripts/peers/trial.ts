import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createTopic, deleteTopic, listOffsets } from '../../core/client/admin.ts';
import type { Cluster } from '../../core/client/cluster.ts';
import type { PeerClient } from './clients.ts';
import { type DriverFigures, parseFigures } from './driver-run.ts';
import { lastLines, runProgram } from './run-program.ts';
import { LINGER_MS, MAX_IN_FLIGHT, PARTITIONS, type Scenario } from './scenarios.ts';

/** Where trials run, and for how long. */
export interface Bench {
  readonly bootstrapServers: string;
  readonly cluster: Cluster;
  /** Of the broker, when it is ours. */
  readonly dataDirectory: string | null;
  readonly payloadFiles: ReadonlyMap<number, string>;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** In the names of topics: no two runs share one. */
  readonly runId: string;
  readonly signal: AbortSignal;
}

export interface Trial {
  readonly scenario: string;
  readonly client: string;
  /** From 1. */
  readonly round: number;
  readonly figures: DriverFigures;
  /** What a record took in the broker's log, batch headers and compression included; null when it cannot be told. */
  readonly storedBytesPerRecord: number | null;
}

/** Beyond warm-up (Java's is longer) and window: connecting, draining. */
const DRIVER_GRACE_MS = 60_000;
const LONGEST_WARM_UP_FACTOR = 4;
/** A topic's files, until the disk has room for the next one's. */
const DELETION_TIMEOUT_MS = 10_000;
/** What a partition may hold at any time, whatever --seconds says. */
const RETENTION_BYTES = 1024 ** 3;
const SEGMENT_BYTES = 128 * 1024 ** 2;

/**
 * One client, one process, one new topic. Rejects when the driver fails, and when the log did not grow by exactly what
 * the driver says was acknowledged.
 */
export async function runTrial(
  bench: Bench,
  { client, command, scenario, round }: TrialOrder,
): Promise<Trial> {
  const topic = `tidemark-peers-${bench.runId}-${scenario.name}-${round}-${client.name.replace(/\W/g, '')}`;
  const configs = {
    'retention.bytes': String(RETENTION_BYTES),
    'segment.bytes': String(SEGMENT_BYTES),
    'file.delete.delay.ms': '0',
  };
  await createTopic(bench.cluster, { name: topic, partitions: PARTITIONS, replicationFactor: 1, configs });
  try {
    const run = { ...driverRun(bench, client, scenario), topic };
    const { code, stdout, stderr } = await runProgram([...command, JSON.stringify(run)], {
      timeoutMs: LONGEST_WARM_UP_FACTOR * bench.warmupMs + bench.windowMs + DRIVER_GRACE_MS,
      signal: bench.signal,
    });
    if (code !== 0) throw new Error(`its driver ended with ${code}:\n${lastLines(stderr, 12)}`);
    const figures = parseFigures(stdout);
    const isWhole = await checkLog(bench.cluster, topic, figures.acknowledged);
    const storedBytes = isWhole ? sizeOnDisk(bench.dataDirectory, topic) : null;
    const storedBytesPerRecord = storedBytes === null ? null : storedBytes / figures.acknowledged;
    return { scenario: scenario.name, client: client.name, round, figures, storedBytesPerRecord };
  } finally {
    await deleteTopic(bench.cluster, topic);
    await whenFilesAreGone(bench.dataDirectory, topic);
  }
}

export interface TrialOrder {
  readonly client: PeerClient;
  readonly command: readonly string[];
  readonly scenario: Scenario;
  readonly round: number;
}

function driverRun(bench: Bench, client: PeerClient, scenario: Scenario) {
  const { recordSizeBytes, acks, isIdempotent, compression } = scenario;
  return {
    bootstrapServers: bench.bootstrapServers,
    partitions: PARTITIONS,
    payloadFile: bench.payloadFiles.get(recordSizeBytes)!,
    recordSizeBytes,
    warmupMs: bench.warmupMs,
    windowMs: bench.windowMs,
    acks,
    isIdempotent,
    lingerMs: LINGER_MS,
    batchSizeBytes: client.batchSizeBytes,
    maxInFlight: MAX_IN_FLIGHT,
    compression,
  };
}

/** Throws unless the new topic's log grew by `acknowledged`. Whether all of it is still there. */
async function checkLog(cluster: Cluster, topic: string, acknowledged: number): Promise<boolean> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  const total = async (at: 'earliest' | 'latest'): Promise<number> =>
    [...(await listOffsets(cluster, topic, partitions, at)).values()].reduce(
      (sum, { offset }) => sum + offset,
      0,
    );
  const grown = await total('latest');
  if (grown !== acknowledged)
    throw new Error(`it says that ${acknowledged} records were acknowledged; the log grew by ${grown}`);
  return (await total('earliest')) === 0;
}

function partitionDirectories(dataDirectory: string | null, topic: string): string[] {
  if (dataDirectory === null || !existsSync(dataDirectory)) return [];
  return readdirSync(dataDirectory).filter(
    (name) => name.startsWith(`${topic}-`) || name.startsWith(`${topic}.`),
  );
}

function sizeOnDisk(dataDirectory: string | null, topic: string): number | null {
  if (dataDirectory === null) return null;
  let bytes = 0;
  for (const name of partitionDirectories(dataDirectory, topic)) {
    const directory = join(dataDirectory, name);
    for (const file of readdirSync(directory)) {
      if (file.endsWith('.log')) bytes += statSync(join(directory, file)).size;
    }
  }
  return bytes;
}

/** Kafka deletes after it answered; the next trial should not run beside that, nor the disk fill up. */
async function whenFilesAreGone(dataDirectory: string | null, topic: string): Promise<void> {
  const endMs = performance.now() + DELETION_TIMEOUT_MS;
  await pause(200);
  while (partitionDirectories(dataDirectory, topic).length > 0 && performance.now() < endMs) await pause(50);
}
