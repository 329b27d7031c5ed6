import type { Clock } from '../../core/base/clock.ts';
import { SeededRandom } from '../../core/base/random.ts';
import { realClock } from '../../core/base/real-clock.ts';
import { Producer } from '../../core/producer/producer.ts';
import type { DeliveryCallback, ProducerRecord } from '../../core/producer/types.ts';
import type { MicroBenchmark, PreparedBenchmark } from './micro-benchmark.ts';
import { NullCluster } from './null-cluster.ts';
import { foldHash, SAMPLE_TIMESTAMP_MS, sampleValues } from './sample-data.ts';

const TOPIC = 'bench';
const RECORDS = 5000;
const DISTINCT = 64;
const VALUE_BYTES = 100;
const BUDGET_CALLBACK_NS = 150;
const BUDGET_PROMISE_NS = 2 * BUDGET_CALLBACK_NS;

/** Record timestamps stand still, so that batches are the same in every run. */
const CLOCK: Clock = { ...realClock, wallMs: () => SAMPLE_TIMESTAMP_MS };

type SendAll = (producer: Producer, records: readonly ProducerRecord[]) => number | Promise<number>;

/**
 * What a 100 B record without key pays in the whole producer but for the network: send(), partitioner, encoding,
 * its share of sealing the batch and of the sender's work, and the acknowledgement with its callback or promise.
 * 5000 records are sent in one synchronous burst and flushed.
 */
export function sendBenchmarks(): MicroBenchmark[] {
  const benchmark = (form: string, budgetNs: number, sendAll: SendAll): MicroBenchmark => ({
    name: `send/${form}`,
    unit: 'ns/record',
    opsPerRun: RECORDS,
    bytesPerOp: VALUE_BYTES,
    budgetNs,
    prepare: () => prepare(sendAll),
  });
  return [
    benchmark('forget', BUDGET_CALLBACK_NS, sendForgotten),
    benchmark('callback', BUDGET_CALLBACK_NS, sendWithCallback),
    benchmark('promise', BUDGET_PROMISE_NS, sendWithPromises),
  ];
}

async function prepare(sendAll: SendAll): Promise<PreparedBenchmark> {
  const cluster = new NullCluster();
  const properties = {
    'bootstrap.servers': 'localhost:9092',
    'batch.size': 65_536,
    'enable.idempotence': false,
    acks: 1,
  };
  const producer = new Producer(properties, {
    clock: CLOCK,
    random: new SeededRandom(3),
    connect: () => Promise.resolve(cluster),
  });
  const records = sampleValues(DISTINCT, VALUE_BYTES).map((value) => ({ topic: TOPIC, value }));
  // The first record waits for metadata: not what is to be measured.
  await Promise.all([producer.send(records[0]!), producer.flush()]);
  cluster.connection.takeHash();
  return {
    run: async () => {
      const delivered = await sendAll(producer, records);
      return foldHash(cluster.connection.takeHash(), delivered);
    },
    dispose: () => producer.close(),
  };
}

/** Fire and forget. */
async function sendForgotten(producer: Producer, records: readonly ProducerRecord[]): Promise<number> {
  for (let index = 0; index < RECORDS; index++) producer.send(records[index % DISTINCT]!, null);
  await producer.flush();
  return 0;
}

let offsetSum = 0;
let failures = 0;

const onDelivered: DeliveryCallback = (error, metadata) => {
  if (error === null) offsetSum += metadata.offset;
  else failures++;
};

/** One callback for all records, which tells them apart by the opaque, as a load generator does. */
async function sendWithCallback(producer: Producer, records: readonly ProducerRecord[]): Promise<number> {
  offsetSum = 0;
  for (let index = 0; index < RECORDS; index++) producer.send(records[index % DISTINCT]!, onDelivered, index);
  await producer.flush();
  if (failures > 0) throw new Error(`${failures} records failed`);
  return offsetSum;
}

/** A promise per record; the last one settles last. */
async function sendWithPromises(producer: Producer, records: readonly ProducerRecord[]): Promise<number> {
  let last = producer.send(records[0]!);
  for (let index = 1; index < RECORDS; index++) last = producer.send(records[index % DISTINCT]!);
  await producer.flush();
  return (await last).offset;
}
