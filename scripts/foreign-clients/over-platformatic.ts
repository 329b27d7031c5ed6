import { Consumer, Producer } from '@platformatic/kafka';
import { COMPRESSION_TYPES, type CompressionType } from '../../core/record/types.ts';
import { lineOf, type Production } from './check-records.ts';

const BATCH_RECORDS = 1_000;
const FETCH_BYTES = 1_000_000;
const CLIENT_ID = 'foreign-check';
const CODEC_MASK = 0x07;

type Fetched = Awaited<ReturnType<Consumer['fetch']>>;
type Batch = NonNullable<Fetched['responses'][number]['partitions'][number]['records']>[number];

/** A text as bytes; null stays null, which its own string serializer turns into an empty value. */
const serialize = (text: string | null | undefined) =>
  text === null || text === undefined ? (null as unknown as undefined) : Buffer.from(text);

export async function produceWithPlatformatic(
  servers: string,
  topic: string,
  { codec, records, isIdempotent = false }: Production,
): Promise<void> {
  const producer = new Producer<string, string | null, string, string>({
    clientId: CLIENT_ID,
    bootstrapBrokers: servers.split(','),
    serializers: { key: serialize, value: serialize, headerKey: serialize, headerValue: serialize },
    autocreateTopics: true,
    idempotent: isIdempotent,
  });
  try {
    for (let at = 0; at < records.length; at += BATCH_RECORDS) {
      const messages = records.slice(at, at + BATCH_RECORDS).map(({ key, value, headers, timestampMs }) => ({
        topic,
        key,
        value,
        headers,
        timestamp: BigInt(timestampMs!),
      }));
      await producer.send({ messages, compression: codec, acks: -1 });
    }
  } finally {
    await producer.close();
  }
}

/** Every record of a topic, by plain fetches from offset 0 of each partition. */
export async function fetchWithPlatformatic(servers: string, topic: string): Promise<string[]> {
  const lines: string[] = [];
  await fetchAll(servers, topic, (batch) => {
    for (const record of batch.records) {
      lines.push(
        lineOf({
          key: text(record.key),
          value: text(record.value),
          headers: [...record.headers].map(([name, value]) => [String(name), text(value)]),
          timestampMs: String(batch.firstTimestamp + record.timestampDelta),
        }),
      );
    }
  });
  return lines;
}

/** The codecs of a topic's batches as they are stored. */
export async function storedCodecs(servers: string, topic: string): Promise<CompressionType[]> {
  const codecs = new Set<CompressionType>();
  await fetchAll(servers, topic, ({ attributes }) => {
    codecs.add(COMPRESSION_TYPES[attributes & CODEC_MASK]!);
  });
  return [...codecs];
}

/** The ids of the producers that wrote a topic's batches; -1 for one without. */
export async function storedProducers(servers: string, topic: string): Promise<number[]> {
  const producers = new Set<number>();
  await fetchAll(servers, topic, ({ producerId }) => {
    producers.add(Number(producerId));
  });
  return [...producers];
}

async function fetchAll(servers: string, topic: string, visit: (batch: Batch) => void): Promise<void> {
  const consumer = new Consumer({
    clientId: CLIENT_ID,
    groupId: CLIENT_ID,
    bootstrapBrokers: servers.split(','),
  });
  try {
    const metadata = (await consumer.metadata({ topics: [topic] })).topics.get(topic)!;
    for (const [partition, { leader }] of metadata.partitions.entries()) {
      const place = { topicId: metadata.id, partition, leader };
      let next: bigint | null = 0n;
      while (next !== null) next = await fetchOnce(consumer, place, { offset: next, visit });
    }
  } finally {
    await consumer.close();
  }
}

/** Visits the batches of one fetch; the offset to go on from, or null at the end. */
async function fetchOnce(
  consumer: Consumer,
  { partition, topicId, leader }: { topicId: string; partition: number; leader: number },
  { offset, visit }: { offset: bigint; visit: (batch: Batch) => void },
): Promise<bigint | null> {
  const wanted = {
    partition,
    fetchOffset: offset,
    partitionMaxBytes: FETCH_BYTES,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
  };
  const topics = [{ topicId, partitions: [wanted] }];
  const fetched = await consumer.fetch({ node: leader, topics, minBytes: 0, maxWaitTime: 10 });
  const batches = fetched.responses[0]!.partitions[0]!.records ?? [];
  for (const batch of batches) visit(batch);
  const last = batches.at(-1);
  return last === undefined ? null : last.firstOffset + BigInt(last.lastOffsetDelta) + 1n;
}

function text(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8');
}
