/** Brokers that come and go while records are sent: three brokers, acks=all, idempotence. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../core/client/cluster.ts';
import { Producer } from '../../core/producer/producer.ts';
import { endWithParent } from '../kafka/bound-process.ts';
import { findKafka } from '../kafka/kafka-tool.ts';
import type { KafkaCluster } from '../kafka/start-kafka.ts';
import { connectAdmin, makeTopic } from './connect-admin.ts';
import { dumpLogSegments, problemOfBatches, segmentFiles } from './dump-log.ts';
import { leadersOf, moveLeaders, topicEnds, waitForReplicas } from './partition-leaders.ts';
import { readTopic } from './read-topic.ts';
import { reasonsOf, settleAll } from './settled-sends.ts';
import { startTestKafka } from './start-test-kafka.ts';

const TOPIC = 'through-faults';
const PARTITIONS = 4;
const ROUNDS = 20;
const FAULTS = ['clean restart', 'kill -9 and restart', 'leaders moved'] as const;
const RECORDS_PER_TICK = 20;
const TICK_MS = 10;
/** Sent before and after each fault, so that it is in the middle. */
const AROUND_MS = 400;
const SETTLE_TIMEOUT_MS = 60_000;

endWithParent();
let kafka: KafkaCluster;
let admin: Cluster;
let producer: Producer;
/** How many were sent to each partition; the value of each record is its place there. */
const sent = new Array<number>(PARTITIONS).fill(0);
const offsets: number[][] = sent.map(() => []);

before(async () => {
  kafka = await startTestKafka({
    brokers: 3,
    // A broker that was killed is to be given up within seconds.
    config: { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '500' },
  });
  admin = await connectAdmin(kafka.bootstrapServers);
  const configs = { 'min.insync.replicas': '2' };
  await makeTopic(admin, TOPIC, { partitions: PARTITIONS, replicationFactor: 3, configs });
  producer = new Producer({
    'bootstrap.servers': kafka.bootstrapServers,
    acks: 'all',
    'enable.idempotence': true,
    'max.in.flight.requests.per.connection': 5,
    'linger.ms': 2,
    'batch.size': 4_096,
    'request.timeout.ms': 5_000,
    'compression.type': 'lz4',
  });
});

after(async () => {
  await producer?.close({ timeoutMs: 1_000 });
  await admin?.close();
  await kafka?.close();
});

for (let round = 0; round < ROUNDS; round++) {
  const fault = FAULTS[round % FAULTS.length]!;
  test(`round ${round + 1} of ${ROUNDS}, ${fault}: every record is acknowledged once, none twice in the log`, async () => {
    const before = await leadersOf(admin, TOPIC);
    const sending = startSending();
    await sleep(AROUND_MS);
    await cause(fault, before);
    await sleep(AROUND_MS);
    await sending.stop();
    assert.ok(
      sending.count > (2 * AROUND_MS * RECORDS_PER_TICK) / TICK_MS / 4,
      `${sending.count} records sent`,
    );
    assert.notDeepEqual(sending.leadersDuring(), [before.join()], 'leaders changed under way');
    assert.deepEqual(await topicEnds(kafka, TOPIC), sent, 'GetOffsetShell counts what was sent');
    await waitForReplicas(admin, TOPIC, 3);
  });
}

test(`after ${ROUNDS} rounds nothing is lost, doubled or out of order`, async () => {
  const read = await readTopic(kafka.bootstrapServers, TOPIC, PARTITIONS);
  for (const [partition, records] of read.entries()) {
    const places = Array.from({ length: sent[partition]! }, (_, place) => place);
    assert.deepEqual(
      records.map(({ value }) => Number(String(value))),
      places,
    );
    assert.deepEqual(offsets[partition], places, 'each record was told its own offset');
  }
  assert.ok(
    sent.every((count) => count > ROUNDS * 50),
    `${sent}`,
  );
});

test('DumpLogSegments finds the sequences of every producer id and epoch without gaps', async () => {
  const files = segmentFiles(kafka.dataDirectory(1), TOPIC, PARTITIONS);
  const dumped = await dumpLogSegments(await findKafka(), files);
  for (const [file, batches] of dumped) {
    assert.equal(problemOfBatches(batches), null, file);
    assert.ok(batches.every(({ producerId }) => producerId >= 0));
  }
});

test('fewer live brokers than min.insync.replicas: NOT_ENOUGH_REPLICAS, until they are back', async () => {
  const topic = 'wants-three';
  const configs = { 'min.insync.replicas': '3' };
  await makeTopic(admin, topic, { partitions: 1, replicationFactor: 3, configs });
  const record = { topic, value: 'x' };
  await kafka.stopBroker(3);
  const base = { 'bootstrap.servers': kafka.bootstrapServers, 'linger.ms': 0, 'request.timeout.ms': 2_000 };

  await using once = new Producer({ ...base, 'enable.idempotence': false, retries: 0 });
  const [refused] = await settleAll(once, [record], 10_000);
  assert.equal(refused!.error?.kind, 'NOT_ENOUGH_REPLICAS');
  assert.equal(refused!.error.code, 19);
  assert.equal(refused!.error.retriable, true);

  const deliveryTimeoutMs = 4_000;
  await using patient = new Producer({ ...base, 'delivery.timeout.ms': deliveryTimeoutMs });
  const [expired] = await settleAll(patient, [record], deliveryTimeoutMs + 5_000);
  assert.match(expired!.error?.kind ?? 'none', /^(NOT_ENOUGH_REPLICAS|TIMEOUT)$/);
  assert.match(reasonsOf(expired!.error), /NOT_ENOUGH_REPLICAS/);
  assert.ok(expired!.tookMs > deliveryTimeoutMs / 2, `it was tried for ${expired!.tookMs} ms`);

  await using leaderOnly = new Producer({ ...base, acks: 1, 'enable.idempotence': false });
  assert.equal((await settleAll(leaderOnly, [record], 10_000))[0]!.error, null);

  await kafka.startBroker(3);
  await waitForReplicas(admin, topic, 3);
  await using afterwards = new Producer(base);
  assert.equal((await settleAll(afterwards, [record], 30_000))[0]!.error, null);
});

async function cause(fault: (typeof FAULTS)[number], leaders: readonly number[]): Promise<void> {
  if (fault === 'leaders moved') {
    await moveLeaders(kafka, TOPIC, leaders);
    return;
  }
  // Who leads most is missed most.
  const led = (id: number) => leaders.filter((leader) => leader === id).length;
  const broker = kafka.brokerIds.reduce((most, id) => (led(id) > led(most) ? id : most));
  await kafka.stopBroker(broker, { hard: fault === 'kill -9 and restart' });
  await sleep(AROUND_MS);
  await kafka.startBroker(broker);
}

interface Sending {
  readonly count: number;
  /** Who led the partitions while it ran, each state once. */
  leadersDuring(): string[];
  /** Ends it when every record is acknowledged; rejects when one failed, or was told a second time. */
  stop(): Promise<void>;
}

/** Sends a few records each tick, over all partitions in turn. */
function startSending(): Sending {
  const seen = new Set<string>();
  const failures: Error[] = [];
  let count = 0;
  let open = 0;
  const sendSome = () => {
    for (let each = 0; each < RECORDS_PER_TICK; each++) {
      const partition = count++ % PARTITIONS;
      const place = sent[partition]!++;
      open++;
      producer.send({ topic: TOPIC, partition, value: String(place) }, (error, metadata) => {
        open--;
        if (error !== null) failures.push(error);
        else if (offsets[partition]![place] !== undefined)
          failures.push(new Error(`${partition}/${place} settled twice`));
        else offsets[partition]![place] = metadata.offset;
      });
    }
  };
  const timer = setInterval(sendSome, TICK_MS);
  const watching = setInterval(() => {
    leadersOf(admin, TOPIC).then(
      (leaders) => seen.add(leaders.join()),
      () => {},
    );
  }, 200);
  return {
    get count() {
      return count;
    },
    leadersDuring: () => [...seen],
    async stop() {
      clearInterval(timer);
      const deadline = performance.now() + SETTLE_TIMEOUT_MS;
      while (open > 0 && performance.now() < deadline) await sleep(TICK_MS);
      clearInterval(watching);
      if (failures.length > 0)
        throw new AggregateError(failures.slice(0, 5), `${failures.length} records failed: ${failures[0]}`);
      assert.equal(open, 0, `records that have not settled within ${SETTLE_TIMEOUT_MS} ms`);
    },
  };
}
