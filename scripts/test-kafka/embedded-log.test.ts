/** Segments that the embedded brokers write to files, read by Kafka's own DumpLogSegments. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Producer } from '../../core/producer/producer.ts';
import { COMPRESSION_TYPES } from '../../core/record/types.ts';
import { type BoundProcess, endProcess, endWithParent, spawnBound } from '../kafka/bound-process.ts';
import { findKafka, type KafkaJava } from '../kafka/kafka-tool.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { type DumpedBatch, dumpLogSegments, problemOfBatches } from './dump-log.ts';
import { sendAll } from './send-forms.ts';
import { makeTextRecords } from './test-records.ts';

const MAIN = fileURLToPath(new URL('../../bench/main.ts', import.meta.url));
const RECORDS = 2_000;
const PARTITIONS = 2;
/** So small that every partition has several. */
const SEGMENT_BYTES = 16_384;
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const VARIANTS = COMPRESSION_TYPES.flatMap((codec) =>
  [false, true].map((isIdempotent) => ({
    codec,
    isIdempotent,
    topic: `${codec}-${isIdempotent ? 'once' : 'plain'}`,
  })),
);

endWithParent();
let kafka: KafkaJava;
let directory: string;

before(async () => {
  kafka = await findKafka();
  directory = mkdtempSync(join(tmpdir(), 'tidemark-embedded-'));
  const broker = spawnBound([process.execPath, MAIN, 'broker', '--data', directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const servers = await firstLine(broker);
  const admin = await connectAdmin(servers);
  for (const variant of VARIANTS) {
    await makeTopic(admin, variant.topic, {
      partitions: PARTITIONS,
      configs: { 'segment.bytes': String(SEGMENT_BYTES) },
    });
    await write(servers, variant);
  }
  await admin.close();
  assert.equal(await endProcess(broker, 'SIGTERM', STOP_TIMEOUT_MS), 0, 'tidemark broker ends cleanly');
});

after(() => {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
});

for (const { codec, isIdempotent, topic } of VARIANTS) {
  test(`DumpLogSegments reads what the file log holds: ${codec}${isIdempotent ? ', idempotent' : ''}`, async () => {
    const files = segmentsOf(topic);
    assert.ok(files.length > PARTITIONS, `${files.length} segments in all`);
    const dumped = await dumpLogSegments(kafka, files);
    const batches: DumpedBatch[] = [];
    for (const [partition, ofPartition] of Map.groupBy(files, dirname)) {
      const log = ofPartition.toSorted().flatMap((file) => dumped.get(file)!);
      assert.equal(problemOfBatches(log), null, basename(partition));
      batches.push(...log);
    }
    assert.equal(
      batches.reduce((total, { count }) => total + count, 0),
      RECORDS,
    );
    assert.deepEqual([...new Set(batches.map((batch) => batch.codec))], [codec]);
    assert.ok(batches.every(({ producerId }) => producerId >= 0 === isIdempotent));
  });
}

async function write(
  servers: string,
  { codec, isIdempotent, topic }: (typeof VARIANTS)[number],
): Promise<void> {
  const producer = new Producer({
    'bootstrap.servers': servers,
    'compression.type': codec,
    'enable.idempotence': isIdempotent,
    'batch.size': 2048,
  });
  await sendAll(producer, makeTextRecords(topic, RECORDS, Date.now() - 3_600_000), 'callback');
  await producer.close();
}

function segmentsOf(topic: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(({ name, parentPath }) => name.endsWith('.log') && basename(parentPath).startsWith(`${topic}-`))
    .map(({ name, parentPath }) => join(parentPath, name));
}

/** `tidemark broker` names its bootstrap servers there. */
async function firstLine(broker: BoundProcess): Promise<string> {
  const lines = createInterface({
    input: broker.child.stdout as Readable,
    signal: AbortSignal.timeout(START_TIMEOUT_MS),
  });
  for await (const line of lines) return line;
  throw new Error('tidemark broker did not say where it listens');
}
