import { fileURLToPath } from 'node:url';
import { fetchKafka } from '../kafka/fetch-kafka.ts';
import { findJava, KafkaUnavailableError } from '../kafka/java-runtime.ts';
import { buildFranzGo, buildLibrdkafka, compileJava, type Readiness } from './builds.ts';

export interface PeerClient {
  readonly name: string;
  /** Of one partition's batch: 1 MB where that suits the client. */
  readonly batchSizeBytes: number;
  /** In words, for the document. */
  readonly drivenBy: string;
  /** Needs another toolchain than Node and Java: the smoke can do without. */
  readonly isNative: boolean;
  prepare(timeoutMs: number, signal?: AbortSignal): Promise<Readiness>;
}

const LARGE_BATCH_BYTES = 1_000_000;
/** What these clients do best with; with batches of 1 MB they are slower. */
const SMALLER_BATCH_BYTES = 65_536;
/** As Kafka's own kafka-producer-perf-test.sh and kafka-run-class.sh set them. */
const JAVA_FLAGS = [
  '-Xmx512m',
  '-server',
  '-XX:+UseG1GC',
  '-XX:MaxGCPauseMillis=20',
  '-XX:InitiatingHeapOccupancyPercent=35',
];

function nodeDriver(file: string): () => Promise<Readiness> {
  const path = fileURLToPath(new URL(`drivers/${file}`, import.meta.url));
  return async () => ({ kind: 'ready', command: [process.execPath, path] });
}

async function prepareJava(timeoutMs: number): Promise<Readiness> {
  try {
    const java = findJava();
    const { libDirectory } = await fetchKafka();
    return await compileJava({ java, libDirectory }, JAVA_FLAGS, timeoutMs);
  } catch (error) {
    if (error instanceof KafkaUnavailableError) return { kind: 'absent', reason: error.message };
    throw error;
  }
}

export const TIDEMARK = 'tidemark';

export const CLIENTS: readonly PeerClient[] = [
  {
    name: TIDEMARK,
    batchSizeBytes: LARGE_BATCH_BYTES,
    drivenBy: 'send() with a callback per record',
    isNative: false,
    prepare: nodeDriver('tidemark.ts'),
  },
  {
    name: 'librdkafka',
    batchSizeBytes: LARGE_BATCH_BYTES,
    drivenBy:
      'rd_kafka_produce_batch without copying, delivery reports as events, through the Rust crate rdkafka',
    isNative: true,
    prepare: buildLibrdkafka,
  },
  {
    name: 'franz-go',
    batchSizeBytes: LARGE_BATCH_BYTES,
    drivenBy: 'Produce with a promise function per record, records from a pool',
    isNative: true,
    prepare: buildFranzGo,
  },
  {
    name: 'java',
    batchSizeBytes: SMALLER_BATCH_BYTES,
    drivenBy: 'ProducerPerformance with a payload file, called until the JVM is warm, then once measured',
    isNative: false,
    prepare: prepareJava,
  },
  {
    name: '@platformatic/kafka',
    batchSizeBytes: SMALLER_BATCH_BYTES,
    drivenBy: 'send() of as many records of one partition as fill a batch',
    isNative: false,
    prepare: nodeDriver('platformatic.ts'),
  },
  {
    name: 'kafkajs',
    batchSizeBytes: SMALLER_BATCH_BYTES,
    drivenBy: 'send() of as many records of one partition as fill a batch',
    isNative: false,
    prepare: nodeDriver('kafkajs.ts'),
  },
];
