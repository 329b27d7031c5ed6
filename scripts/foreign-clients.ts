/**
 * `npm run check:clients`: `tidemark broker` held to what other clients say of it. kcat, kafkajs and
 * @platformatic/kafka write to it and read from it, and read what Tidemark's own producer wrote. One line per check,
 * then `N passed, N failed`; exit 1 when one failed.
 */
import { COMPRESSION_TYPES, type CompressionType } from '../core/record/types.ts';
import { startBrokerProcess } from './foreign-clients/broker-process.ts';
import { difference, makeRecords, type SentRecord } from './foreign-clients/check-records.ts';
import { consumeWithKcat, kcatVersion, produceWithKcat } from './foreign-clients/kcat.ts';
import { produceWithKafkajs } from './foreign-clients/over-kafkajs.ts';
import {
  fetchWithPlatformatic,
  produceWithPlatformatic,
  storedCodecs,
  storedProducers,
} from './foreign-clients/over-platformatic.ts';
import { produceWithTidemark, readWithTidemark } from './foreign-clients/over-tidemark.ts';
import { Tally } from './tally.ts';

const RECORDS = 10_000;
const KAFKAJS_RECORDS = 2_000;
const IDEMPOTENT_RECORDS = 5_000;

type Reader = (servers: string, topic: string, recordCount: number) => Promise<string[]>;

const READERS: readonly (readonly [string, Reader])[] = [
  ['kcat', consumeWithKcat],
  ['@platformatic/kafka', fetchWithPlatformatic],
  ['Tidemark', readWithTidemark],
];

const tally = new Tally();

/** Runs one check; it fails by what it throws, or by the text it gives. */
async function check(name: string, run: () => Promise<string | null>): Promise<void> {
  const startedMs = performance.now();
  const problem = await run().catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  const tookMs = Math.round(performance.now() - startedMs);
  tally.check(`${name} (${tookMs} ms)`, problem === null, problem ?? '');
}

interface Writing {
  readonly topic: string;
  readonly codec: CompressionType;
  readonly records: readonly SentRecord[];
  readonly write: () => Promise<void>;
}

/** What `write` wrote to a topic of its own, every reader reads equal. */
async function checkWriter(writer: string, { topic, codec, records, write }: Writing): Promise<void> {
  await check(`${writer} writes ${records.length} records to ${topic}`, async () => {
    await write();
    // A client that misreads what the broker advertises compresses nothing and says nothing; kcat sends single
    // batches as they are where compressing gains nothing.
    const stored = await storedCodecs(broker.servers, topic);
    const isAsAsked = stored.includes(codec) && stored.every((each) => each === codec || each === 'none');
    return isAsAsked ? null : `stored as ${stored.join(', ')}, not ${codec}`;
  });
  for (const [reader, read] of READERS) {
    await check(`${reader} reads back equal what ${writer} wrote to ${topic}`, async () =>
      difference(records, await read(broker.servers, topic, records.length)),
    );
  }
}

const version = kcatVersion();
if (version === null) {
  console.log('FAILED  kcat is not installed: apt-get update && apt-get install -y kcat');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
console.log(`kcat ${version}, kafkajs and @platformatic/kafka as installed`);

const broker = await startBrokerProcess(3);
try {
  for (const codec of COMPRESSION_TYPES) await checkCodec(codec);
  // Without further packages kafkajs has gzip alone.
  for (const codec of ['none', 'gzip'] as const) {
    const topic = `kafkajs-${codec}`;
    const records = makeRecords(KAFKAJS_RECORDS, { tombstones: true });
    const write = () => produceWithKafkajs(broker.servers, topic, { codec, records });
    await checkWriter('kafkajs', { topic, codec, records, write });
  }
  await checkIdempotence();
} finally {
  await check('the broker ends cleanly on SIGTERM', () => broker.stop());
}
tally.end();

async function checkCodec(codec: CompressionType): Promise<void> {
  const fromKcat = makeRecords(RECORDS, { tombstones: false, timestamps: false });
  const kcatTopic = `kcat-${codec}`;
  const writeByKcat = () => produceWithKcat(broker.servers, kcatTopic, { codec, records: fromKcat });
  await checkWriter('kcat', { topic: kcatTopic, codec, records: fromKcat, write: writeByKcat });

  const records = makeRecords(RECORDS, { tombstones: true });
  const tidemarkTopic = `tidemark-${codec}`;
  const writeByTidemark = () => produceWithTidemark(broker.servers, tidemarkTopic, { codec, records });
  await checkWriter('Tidemark', { topic: tidemarkTopic, codec, records, write: writeByTidemark });

  const platformaticTopic = `platformatic-${codec}`;
  const writeByPlatformatic = () =>
    produceWithPlatformatic(broker.servers, platformaticTopic, { codec, records });
  await checkWriter('@platformatic/kafka', {
    topic: platformaticTopic,
    codec,
    records,
    write: writeByPlatformatic,
  });
}

/** Idempotent producers write what is read back equal, in batches that carry the one id that they were given. */
async function checkIdempotence(): Promise<void> {
  const records = makeRecords(IDEMPOTENT_RECORDS, { tombstones: true });
  const fromKcat = makeRecords(IDEMPOTENT_RECORDS, { tombstones: false, timestamps: false });
  const writers = [
    ['kcat', fromKcat, produceWithKcat],
    ['kafkajs', records, produceWithKafkajs],
    ['@platformatic/kafka', records, produceWithPlatformatic],
    ['Tidemark', records, produceWithTidemark],
  ] as const;
  for (const [index, [writer, sent, produce]] of writers.entries()) {
    const topic = `idempotent-${index}`;
    const production = { codec: 'none', records: sent, isIdempotent: true } as const;
    const write = () => produce(broker.servers, topic, production);
    await checkWriter(`idempotent ${writer}`, { topic, codec: 'none', records: sent, write });
    await check(`the batches of idempotent ${writer} carry one producer id`, async () => {
      const producers = await storedProducers(broker.servers, topic);
      return producers.length === 1 && producers[0]! >= 0 ? null : `producer ids ${producers.join(', ')}`;
    });
  }
}
