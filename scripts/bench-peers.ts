/**
 * `npm run bench:peers`: Tidemark's producer beside librdkafka, franz-go, the Java client, @platformatic/kafka and
 * kafkajs on one Apache Kafka broker. Each client in a process of its own does the same work; trials are interleaved
 * over rounds in seeded random order, and each is checked against the log. Exit codes: 0; 1 when a trial or a build
 * failed; 2 for wrong usage; 3 when what is needed is not there; 130 when interrupted.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { Cluster } from '../core/client/cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { removeAtTheEnd } from './kafka/bound-process.ts';
import { KAFKA_VERSION } from './kafka/fetch-kafka.ts';
import { KafkaUnavailableError } from './kafka/java-runtime.ts';
import { type KafkaCluster, startKafka } from './kafka/start-kafka.ts';
import { CLIENTS } from './peers/clients.ts';
import { type Comparison, describeMachine, type UnusedClient } from './peers/comparison.ts';
import { type PeersOptions, readOptions, USAGE, UsageError } from './peers/options.ts';
import { writePayloadFile } from './peers/payload-file.ts';
import { type ReadyClient, runRounds } from './peers/rounds.ts';
import { summarize } from './peers/summary.ts';
import { markdownText, replaceFigures, terminalText } from './peers/table.ts';

const BUILD_TIMEOUT_MS = 600_000;
/** For all native clients together, since CI runs the smoke: what is not built by then is named and left out. */
const SMOKE_BUILD_BUDGET_MS = 180_000;

interface Prepared {
  readonly ready: readonly ReadyClient[];
  readonly unused: readonly UnusedClient[];
  /** Of those unused, one that must not be. */
  readonly isBroken: boolean;
}

async function prepareClients(options: PeersOptions, signal: AbortSignal): Promise<Prepared> {
  const ready: ReadyClient[] = [];
  const unused: UnusedClient[] = [];
  let isBroken = false;
  const smokeEndMs = performance.now() + SMOKE_BUILD_BUDGET_MS;
  for (const client of CLIENTS.filter(({ name }) => options.clients.includes(name))) {
    const isBounded = options.isSmoke && client.isNative;
    const timeoutMs = isBounded ? Math.max(1, smokeEndMs - performance.now()) : BUILD_TIMEOUT_MS;
    const readiness = await client.prepare(timeoutMs, signal);
    if (readiness.kind === 'ready') {
      ready.push({ client, command: readiness.command });
      continue;
    }
    if (options.isSmoke ? !client.isNative : readiness.kind === 'failed') isBroken = true;
    const what = readiness.kind === 'absent' ? 'toolchain absent' : 'build failed';
    unused.push({ client: client.name, reason: `${what}: ${readiness.reason}` });
    console.error(`${client.name} is not measured: ${what}: ${readiness.reason}`);
  }
  return { ready, unused, isBroken };
}

async function compare(
  options: PeersOptions,
  prepared: Prepared,
  kafka: KafkaCluster | null,
  signal: AbortSignal,
): Promise<Comparison> {
  const bootstrapServers = kafka?.bootstrapServers ?? options.bootstrapServers!;
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-peers-'));
  const forget = removeAtTheEnd(directory);
  const cluster = await Cluster.connect({
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'bench-peers',
    network: createTcpNetwork(),
    clock: realClock,
    random: new SeededRandom(options.seed, 2),
  });
  try {
    const payloadFiles = new Map<number, string>();
    for (const { recordSizeBytes } of options.scenarios) {
      const path = join(directory, `payloads-${recordSizeBytes}`);
      if (!payloadFiles.has(recordSizeBytes))
        writePayloadFile(path, recordSizeBytes, new SeededRandom(options.seed, recordSizeBytes));
      payloadFiles.set(recordSizeBytes, path);
    }
    const { warmupMs, windowMs, rounds, seed, scenarios } = options;
    const dataDirectory = kafka?.dataDirectory(1) ?? null;
    const runId = randomUUID().slice(0, 8);
    const { trials, failures } = await runRounds(
      { bootstrapServers, cluster, dataDirectory, payloadFiles, warmupMs, windowMs, runId, signal },
      { clients: prepared.ready, scenarios, rounds },
      new SeededRandom(seed, 1),
      (line) => console.error(line),
    );
    return {
      date: new Date().toISOString().slice(0, 10),
      command: [
        'npm run bench:peers',
        ...(process.argv.length > 2 ? ['--'] : []),
        ...process.argv.slice(2),
      ].join(' '),
      machine: describeMachine(),
      broker:
        kafka === null
          ? `the Kafka at ${bootstrapServers}`
          : `Apache Kafka ${KAFKA_VERSION}, one node on the same machine`,
      seed,
      rounds,
      warmupMs,
      windowMs,
      unused: prepared.unused,
      failures,
      scenarios: summarize(
        trials,
        scenarios,
        CLIENTS.map(({ name }) => name),
      ),
      trials,
    };
  } finally {
    await cluster.close();
    rmSync(directory, { recursive: true, force: true });
    forget();
  }
}

function write(options: PeersOptions, comparison: Comparison): void {
  const { jsonFile, markdownFile } = options;
  if (jsonFile !== null) writeFileSync(jsonFile, `${JSON.stringify(comparison, null, 2)}\n`);
  if (markdownFile !== null) {
    const markdown = markdownText(comparison);
    const before = existsSync(markdownFile) ? readFileSync(markdownFile, 'utf8') : '';
    writeFileSync(markdownFile, replaceFigures(before, markdown) ?? markdown);
  }
  console.log(terminalText(comparison));
}

async function main(signal: AbortSignal): Promise<number> {
  if (process.argv.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  const options = readOptions(process.argv.slice(2));
  // The broker first: without Java nothing else needs to be built.
  const kafka =
    options.bootstrapServers === null ? await startKafka({ brokers: 1, javaFlags: ['-Xmx1g'] }) : null;
  try {
    const prepared = await prepareClients(options, signal);
    if (options.isSmoke && prepared.isBroken) return 3;
    if (prepared.ready.length === 0) return 3;
    const comparison = await compare(options, prepared, kafka, signal);
    write(options, comparison);
    return prepared.isBroken || comparison.failures.length > 0 ? 1 : 0;
  } finally {
    await kafka?.close();
  }
}

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}
try {
  process.exitCode = await main(interrupted.signal);
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(error instanceof Error ? error.message : error);
  if (isUsage) console.error(`\n${USAGE}`);
  process.exitCode = interrupted.signal.aborted
    ? 130
    : isUsage
      ? 2
      : error instanceof KafkaUnavailableError
        ? 3
        : 1;
}
