/** What Tidemark writes, read back by Kafka's own consumer and from the segment files by Kafka's own tool. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import { COMPRESSION_TYPES } from '../../core/record/types.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import { findKafka } from '../kafka/kafka-tool.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { consumeWithConsole, type PrintedRecord } from './console-consumer.ts';
import { coveringDesign, uncoveredPairs } from './covering-design.ts';
import { type DumpedBatch, dumpLogSegments, problemOfBatches, segmentFiles } from './dump-log.ts';
import { type Destinations, SEND_FORMS, sendAll } from './send-forms.ts';
import { startTestKafka } from './start-test-kafka.ts';
import { makeTextRecords, printedHeaders, sentAs, type TextRecord } from './test-records.ts';

const RECORDS = 400;
const PARTITIONS = 3;
const FIRST_TIMESTAMP_MS = Date.now() - 3_600_000;

/**
 * All combinations would be 5 x 3 x 6 x 4 = 360. What goes wrong between a codec and a partitioner, or between acks and
 * a way to send, shows wherever the two meet, so every pair of levels occurs, in about a tenth of the runs.
 */
const FACTORS = {
  codec: COMPRESSION_TYPES,
  acks: ['0', '1', 'all'],
  partitioner: ['keyed', 'sticky', 'uniform-sticky', 'adaptive', 'round-robin', 'random'],
  form: SEND_FORMS,
} as const;
const DESIGN = coveringDesign(FACTORS);

const COMBINATIONS = DESIGN.map((combination, index) => {
  // With acks=all idempotence is possible: every second such combination has it.
  const isIdempotent = combination.acks === 'all' && index % 2 === 0;
  // Without idempotence, requests under way together may change places when one is sent again.
  const inFlight = isIdempotent || index % 3 === 0 ? 5 : 1;
  return { ...combination, isIdempotent, inFlight, topic: `read-back-${index}` };
});

interface Written {
  readonly records: readonly TextRecord[];
  readonly destinations: Destinations;
}

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;
/** By topic; a combination that could not be written rejects. */
const written = new Map<string, PromiseSettledResult<Written>>();
let printedByTopic: Map<string, PrintedRecord[]>;

before(async () => {
  kafka = await startTestKafka({ config: { 'auto.create.topics.enable': 'false' } });
  admin = await connectAdmin(kafka.bootstrapServers);
  for (const combination of COMBINATIONS) {
    const [outcome] = await Promise.allSettled([write(combination)]);
    written.set(combination.topic, outcome);
  }
  // One run of the tool for all topics: each start of a JVM costs more than all the reading.
  const topics = [...written].filter(([, { status }]) => status === 'fulfilled').map(([topic]) => topic);
  const printed = await consumeWithConsole(kafka, topics, topics.length * RECORDS);
  printedByTopic = Map.groupBy(printed, ({ headers }) => sentAs(headers).topic);
});

after(async () => {
  await admin?.close();
  await kafka?.close();
});

async function write(combination: (typeof COMBINATIONS)[number]): Promise<Written> {
  const { topic, codec, acks, partitioner, form, isIdempotent, inFlight } = combination;
  await makeTopic(admin, topic, { partitions: PARTITIONS });
  const records = makeTextRecords(topic, RECORDS, FIRST_TIMESTAMP_MS);
  const producer = new Producer({
    'bootstrap.servers': kafka.bootstrapServers,
    acks,
    'compression.type': codec,
    'partitioner.class': partitioner,
    'enable.idempotence': isIdempotent,
    'max.in.flight.requests.per.connection': inFlight,
    'batch.size': 4096,
  });
  const destinations = await sendAll(producer, records, form);
  await producer.close();
  return { records, destinations };
}

/** Throws what kept it from being written. */
function writtenTo(topic: string): Written {
  const outcome = written.get(topic)!;
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

test('the design has every pair of levels', () => {
  assert.deepEqual(uncoveredPairs(FACTORS, DESIGN), []);
  assert.ok(DESIGN.length < 60, `${DESIGN.length} combinations`);
  const idempotentCodecs = COMBINATIONS.filter(({ isIdempotent }) => isIdempotent).map(({ codec }) => codec);
  assert.deepEqual(new Set(idempotentCodecs), new Set(COMPRESSION_TYPES), 'idempotence meets every codec');
});

for (const { topic, codec, acks, partitioner, form, isIdempotent, inFlight } of COMBINATIONS) {
  const title = `${codec}, acks=${acks}, ${partitioner}, ${form}${isIdempotent ? ', idempotent' : ''}`;
  test(`ConsoleConsumer reads what was written: ${title}`, () => {
    const { records, destinations } = writtenTo(topic);
    const printed = printedByTopic.get(topic) ?? [];
    assertSameRecords(records, printed);
    assertSamePlaces(destinations, printed, { hasOffsets: acks !== '0' });
    assertWithoutGaps(printed);
    if (isIdempotent || inFlight === 1) assertInOrder(printed);
  });
}

test('DumpLogSegments finds every batch valid, with the codec asked for, the counts and the sequences right', async () => {
  const filesOf = (topic: string) => segmentFiles(kafka.dataDirectory(1), topic, PARTITIONS);
  const files = COMBINATIONS.flatMap(({ topic }) => filesOf(topic));
  const dumped = await dumpLogSegments(await findKafka(), files);
  for (const { topic, codec, form, isIdempotent } of COMBINATIONS) {
    const logs = filesOf(topic).map((file) => dumped.get(file)!);
    for (const log of logs) assert.equal(problemOfBatches(log), null, topic);
    const batches = logs.flat();
    assert.equal(sum(batches.map(({ count }) => count)), RECORDS, topic);
    assert.deepEqual([...new Set(batches.map((batch) => batch.codec))], [codec], topic);
    const producerIds = [...new Set(batches.map(({ producerId }) => producerId))];
    assert.equal(producerIds.length, 1, topic);
    assert.equal(producerIds[0]! >= 0, isIdempotent, `${topic}: producer id ${producerIds}`);
    if (form !== 'synchronous') assertBatched(batches, topic);
  }
});

test('where the topic says LogAppendTime, the broker’s time comes back to the sender', async () => {
  const topic = 'log-append-time';
  const configs = { 'message.timestamp.type': 'LogAppendTime' };
  await makeTopic(admin, topic, { partitions: PARTITIONS, configs });
  const records = makeTextRecords(topic, 50, FIRST_TIMESTAMP_MS);
  const producer = new Producer({ 'bootstrap.servers': kafka.bootstrapServers, 'compression.type': 'lz4' });
  const startedMs = Date.now();
  const destinations = await sendAll(producer, records, 'promise');
  await producer.close();
  const printed = await consumeWithConsole(kafka, [topic], records.length);
  for (const { headers, timestamp, timestampType } of printed) {
    assert.equal(timestampType, 'LogAppendTime');
    assert.equal(timestamp, destinations[sentAs(headers).index]!.timestamp);
    assert.ok(timestamp >= startedMs, `${timestamp} is before the sending at ${startedMs}`);
  }
});

test('a record goes to the partition that it names, whatever its key', async () => {
  const topic = 'explicit-partition';
  await makeTopic(admin, topic, { partitions: PARTITIONS });
  const records = makeTextRecords(topic, 60, FIRST_TIMESTAMP_MS).map((record, index) => ({
    ...record,
    key: 'the same key',
    partition: (index * 2) % PARTITIONS,
  }));
  const producer = new Producer({ 'bootstrap.servers': kafka.bootstrapServers });
  await sendAll(producer, records, 'callback');
  await producer.close();
  const printed = await consumeWithConsole(kafka, [topic], records.length);
  assertSameRecords(records, printed);
  for (const { headers, partition } of printed) {
    assert.equal(partition, records[sentAs(headers).index]!.partition);
  }
});

function assertSameRecords(sent: readonly TextRecord[], printed: readonly PrintedRecord[]): void {
  const seen = new Set<number>();
  for (const { headers, key, value, timestamp, timestampType } of printed) {
    const index = sentAs(headers).index;
    assert.ok(!seen.has(index), `record ${index} was read twice`);
    seen.add(index);
    const record = sent[index]!;
    assert.deepEqual(
      { headers, key, value, timestamp, timestampType },
      {
        headers: printedHeaders(record),
        key: record.key,
        value: record.value,
        timestamp: record.timestamp,
        timestampType: 'CreateTime',
      },
    );
  }
  assert.equal(seen.size, sent.length);
}

/** What the producer was told is where the record is. */
function assertSamePlaces(
  destinations: Destinations,
  printed: readonly PrintedRecord[],
  { hasOffsets }: { hasOffsets: boolean },
): void {
  for (const { headers, partition, offset } of printed) {
    const told = destinations[sentAs(headers).index];
    if (told === null || told === undefined) continue;
    assert.equal(told.partition, partition);
    assert.equal(told.offset, hasOffsets ? offset : -1);
  }
}

function assertWithoutGaps(printed: readonly PrintedRecord[]): void {
  for (const records of Map.groupBy(printed, ({ partition }) => partition).values()) {
    const offsets = records.map(({ offset }) => offset).sort((a, b) => a - b);
    assert.deepEqual(
      offsets,
      offsets.map((_, index) => index),
    );
  }
}

/** Within a partition, the order of offsets is the order of sending. */
function assertInOrder(printed: readonly PrintedRecord[]): void {
  for (const [partition, records] of Map.groupBy(printed, (record) => record.partition)) {
    const inOffsetOrder = records.toSorted((a, b) => a.offset - b.offset);
    const indexes = inOffsetOrder.map(({ headers }) => sentAs(headers).index);
    const inOrder = indexes.toSorted((a, b) => a - b);
    assert.deepEqual(indexes, inOrder, `partition ${partition}`);
  }
}

function assertBatched(batches: readonly DumpedBatch[], topic: string): void {
  assert.ok(batches.length < RECORDS / 4, `${topic}: ${RECORDS} records in ${batches.length} batches`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
