/**
 * `npm run bench:clients`: Tidemark's producer beside kafkajs and @platformatic/kafka, each in a process of its own,
 * against one embedded cluster in memory, interleaved over rounds. Prints the effective settings, rates, CPU per
 * record of the client's process, and the ratio to Tidemark within each round.
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../core/base/random.ts';
import { realClock } from '../core/base/real-clock.ts';
import { createTopic, deleteTopic } from '../core/client/admin.ts';
import { Cluster } from '../core/client/cluster.ts';
import { createTcpNetwork } from '../core/client/tcp-network.ts';
import { ClusterThread } from '../workers/cluster-thread.ts';
import {
  BATCH_SIZE_BYTES,
  type ClientFigures,
  type ClientRun,
  IN_FLIGHT,
  LINGER_MS,
  recordsPerBatch,
} from './bench-clients/client-run.ts';
import { runKafkajs } from './bench-clients/kafkajs-client.ts';
import { runPlatformatic } from './bench-clients/platformatic-client.ts';
import { runTidemark } from './bench-clients/tidemark-client.ts';

const CLIENTS: Readonly<Record<string, (run: ClientRun) => Promise<ClientFigures>>> = {
  tidemark: runTidemark,
  '@platformatic/kafka': runPlatformatic,
  kafkajs: runKafkajs,
};
const PARTITIONS = 3;
const RETENTION_BYTES = 32 * 1024 * 1024;
const SEGMENT_BYTES = 4 * 1024 * 1024;

function runInProcess(client: string, run: ClientRun): Promise<ClientFigures> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [import.meta.filename, '--client', client, '--run', JSON.stringify(run)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${client} ended with ${code}`)),
    );
  });
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

async function compare(recordSizeBytes: number, rounds: number, windowMs: number): Promise<void> {
  const figures = new Map(Object.keys(CLIENTS).map((client) => [client, [] as ClientFigures[]]));
  const random = new SeededRandom(1);
  const thread = await ClusterThread.start({ brokers: 1, host: '127.0.0.1', seed: 1 }, (error) => {
    throw error;
  });
  const cluster = await Cluster.connect({
    bootstrapServers: [thread.bootstrapServers],
    clientId: 'bench-clients',
    network: createTcpNetwork(),
    clock: realClock,
    random,
  });
  for (let round = 1; round <= rounds; round++) {
    const order = [...figures.keys()].sort(() => random.nextDouble() - 0.5);
    for (const client of order) {
      const topic = `bench-${recordSizeBytes}-${round}-${client.replace(/\W/g, '')}`;
      const configs = { 'retention.bytes': String(RETENTION_BYTES), 'segment.bytes': String(SEGMENT_BYTES) };
      await createTopic(cluster, { name: topic, partitions: PARTITIONS, replicationFactor: 1, configs });
      const run = {
        bootstrapServers: thread.bootstrapServers,
        topic,
        partitions: PARTITIONS,
        recordSizeBytes,
        warmupMs: 1500,
        windowMs,
      };
      figures.get(client)!.push(await runInProcess(client, run));
      await deleteTopic(cluster, topic);
    }
  }
  await cluster.close();
  await thread.close();
  print(recordSizeBytes, figures);
}

function print(recordSizeBytes: number, figures: ReadonlyMap<string, readonly ClientFigures[]>): void {
  const own = figures.get('tidemark')!;
  const perCall = recordsPerBatch(recordSizeBytes) * PARTITIONS;
  console.log(
    `\n${recordSizeBytes} B records, ${PARTITIONS} partitions, acks=1, no compression, batches of ${BATCH_SIZE_BYTES} B, ${IN_FLIGHT} requests in flight`,
  );
  console.log(
    `  tidemark: send() per record, linger.ms=${LINGER_MS}, uniform-sticky; the others: ${perCall} records per call of send(), ${IN_FLIGHT} calls under way`,
  );
  for (const [client, runs] of figures) {
    const rates = runs.map((run) => run.records / run.seconds);
    const ratios = runs.map(
      (run, round) => own[round]!.records / own[round]!.seconds / (run.records / run.seconds),
    );
    const rate = middle(rates);
    const cpu = middle(runs.map((run) => (run.cpuSeconds * 1e9) / run.records));
    console.log(
      `  ${client.padEnd(20)} ${(rate / 1e6).toFixed(2)} M records/s (${(Math.min(...rates) / 1e6).toFixed(2)} to ${(Math.max(...rates) / 1e6).toFixed(2)})` +
        `  ${((rate * recordSizeBytes) / 1e6).toFixed(0)} MB/s  ${cpu.toFixed(0)} ns CPU/record` +
        (client === 'tidemark'
          ? ''
          : `  tidemark is ${middle(ratios).toFixed(1)}x (${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)})`),
    );
  }
}

const { values } = parseArgs({
  options: {
    client: { type: 'string' },
    run: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
  },
});
if (values.client !== undefined) {
  console.log(JSON.stringify(await CLIENTS[values.client]!(JSON.parse(values.run!))));
} else {
  for (const size of [100, 1024]) await compare(size, Number(values.rounds), Number(values.seconds) * 1000);
}
