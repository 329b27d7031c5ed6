import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { kafkaErrorByCode } from '../../../core/base/errors.ts';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { findCoordinatorApi } from '../../../core/wire/messages/find-coordinator.ts';
import { initProducerIdApi } from '../../../core/wire/messages/init-producer-id.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { altered, idempotentBatch } from './batches.ts';
import { SEQUENCE_CASES, type SequenceStep, wholeStep } from './idempotence-cases.ts';
import { RawClient } from './raw-client.ts';
import { createTopic, listOffset, produce, produceBody } from './requests.ts';
import { startTestCluster, type TestCluster } from './test-cluster.ts';

const COUNT_OFFSET = 57;
const LAST_OFFSET_DELTA_OFFSET = 23;
const errorName = (code: number) => kafkaErrorByCode(code).name;

/** One record of producer 1, epoch 0, with this sequence. */
const record = (baseSequence: number) =>
  idempotentBatch({ producerId: 1, producerEpoch: 0, baseSequence }, ['x']);

function batchOfStep(step: SequenceStep): Buffer {
  const { producerId, epoch, sequence, count } = wholeStep(step);
  const place = { producerId, producerEpoch: epoch, baseSequence: sequence };
  return idempotentBatch(
    place,
    Array.from({ length: count }, () => 'x'),
  );
}

describe('Produce: sequences of idempotent producers', () => {
  let cluster: TestCluster;
  let client: RawClient;
  before(async () => {
    cluster = await startTestCluster();
    client = await RawClient.connect(cluster.ports[0]!);
  });
  after(async () => {
    client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  for (const [index, { name, steps }] of SEQUENCE_CASES.entries()) {
    it(name, async () => {
      await createTopic(client, `case-${index}`);
      for (const [at, step] of steps.entries()) {
        const { error, offset } = wholeStep(step);
        const answer = await produce(client, `case-${index}`, batchOfStep(step));
        assert.deepEqual([at, errorName(answer.errorCode), answer.baseOffset], [at, error, offset]);
      }
      const { offset: end } = await listOffset(client, `case-${index}`, -1);
      const appended = new Map(steps.map((step) => [step.offset, wholeStep(step).count]));
      appended.delete(-1);
      assert.equal(
        end,
        [...appended.values()].reduce((sum, count) => sum + count, 0),
        'records in the log',
      );
    });
  }

  it('says which producer, epoch and sequence were wrong, and what was expected', async () => {
    await createTopic(client, 'messages');
    await produce(client, 'messages', record(0));
    const { errorMessage } = await produce(client, 'messages', record(5));
    assert.match(errorMessage!, /producer 1 \(epoch 0\) writes to .*messages-0 with sequence 5: expected 1$/);
  });

  it('refuses counts that do not agree before it looks at the sequence, and keeps the state', async () => {
    await createTopic(client, 'counts');
    const good = idempotentBatch({ producerId: 1, producerEpoch: 0, baseSequence: 0 }, ['x', 'y']);
    const hostile = [
      altered(good, (copy) => copy.writeInt32BE(3, COUNT_OFFSET)),
      altered(good, (copy) => copy.writeInt32BE(2, LAST_OFFSET_DELTA_OFFSET)),
      altered(good, (copy) => {
        copy.writeInt32BE(3, COUNT_OFFSET);
        copy.writeInt32BE(2, LAST_OFFSET_DELTA_OFFSET);
      }),
      altered(good, (copy) => copy.writeInt32BE(-1, LAST_OFFSET_DELTA_OFFSET)),
    ];
    for (const batch of hostile) {
      assert.equal(errorName((await produce(client, 'counts', batch)).errorCode), 'INVALID_RECORD');
    }
    assert.equal((await produce(client, 'counts', good)).baseOffset, 0);
    assert.equal((await produce(client, 'counts', record(2))).baseOffset, 2);
  });

  it('answers a duplicate with the append time of the first, and counts it apart', async () => {
    await createTopic(client, 'stamped', { configs: { 'message.timestamp.type': 'LogAppendTime' } });
    const before = cluster.stats();
    const first = await produce(client, 'stamped', record(0));
    const again = await produce(client, 'stamped', record(0));
    assert.deepEqual(again, first);
    assert.ok(first.logAppendTimeMs > 0);
    const { appendedRecords, duplicateBatches } = cluster.stats();
    assert.deepEqual(
      [appendedRecords - before.appendedRecords, duplicateBatches - before.duplicateBatches],
      [1, 1],
    );
  });

  it('acks=0: a duplicate passes, and a sequence error closes the connection', async () => {
    await createTopic(client, 'fire');
    const own = await RawClient.connect(cluster.ports[0]!);
    for (const sequence of [0, 0, 1]) {
      own.send(produceApi, 9, produceBody('fire', record(sequence), { acks: 0 }));
    }
    assert.equal((await listOffset(own, 'fire', -1)).offset, 2);
    own.send(produceApi, 9, produceBody('fire', record(7), { acks: 0 }));
    own.send(produceApi, 9, produceBody('fire', record(2), { acks: 0 }));
    assert.equal(await own.nextFrame(), null);
    assert.equal((await listOffset(client, 'fire', -1)).offset, 2);
  });

  it('refuses transactional batches, and takes others of a client with a transactional id', async () => {
    await createTopic(client, 'transactions');
    const inTransaction = altered(record(0), (copy) => copy.writeInt16BE(0x10, 21));
    const refused = await produce(client, 'transactions', inTransaction);
    assert.equal(errorName(refused.errorCode), 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
    assert.match(refused.errorMessage!, /serves no transactions: send without transactional.id/);
    const body = { ...produceBody('transactions', record(0)), transactionalId: 'mine' };
    const taken = await client.ask(produceApi, 9, body);
    assert.equal(taken.responses[0]!.partitionResponses[0]!.errorCode, 0);
  });
});

describe('Produce: producers that are forgotten', () => {
  const orders = async (client: RawClient, sequence: number) =>
    (await produce(client, 'orders', record(sequence))).errorCode;

  it('after producer.id.expiration.ms of silence, and not before', async () => {
    const clock = new VirtualClock({ wallMs: 1_700_000_000_000 });
    const cluster = await startTestCluster({ clock, limits: { producerIdExpirationMs: 60_000 } });
    const client = await RawClient.connect(cluster.ports[0]!);
    await createTopic(client, 'orders');
    assert.equal(await orders(client, 0), 0);
    await clock.advance(59_000);
    assert.equal(errorName(await orders(client, 8)), 'OUT_OF_ORDER_SEQUENCE_NUMBER');
    assert.equal(await orders(client, 1), 0, 'its silence counts from here');
    await clock.advance(59_000);
    assert.equal(errorName(await orders(client, 8)), 'OUT_OF_ORDER_SEQUENCE_NUMBER');
    await clock.advance(61_000);
    assert.equal(await orders(client, 8), 0, 'a producer without state begins anywhere');
    client.close();
    await cluster.close();
  });
});

describe('InitProducerId', () => {
  let cluster: TestCluster;
  let clients: RawClient[];
  before(async () => {
    cluster = await startTestCluster({ brokers: 3 });
    clients = await Promise.all(cluster.ports.map((port) => RawClient.connect(port)));
  });
  after(async () => {
    for (const client of clients) client.close();
    await cluster.close();
    assert.deepEqual(cluster.failures, []);
  });

  const init = (client: RawClient, version: number, body: object = {}) =>
    client.ask(initProducerIdApi, version, { transactionalId: null, transactionTimeoutMs: 60_000, ...body });

  it('is advertised from version 0 to 5', async () => {
    const { apiKeys } = await clients[0]!.ask(apiVersionsApi, 3, {});
    const range = apiKeys.find(({ apiKey }) => apiKey === 22);
    assert.deepEqual([range?.minVersion, range?.maxVersion], [0, 5]);
  });

  it('gives every request an id of its own with epoch 0, over versions, brokers and blocks', async () => {
    const ids = new Set<number>();
    let asked = 0;
    for (let round = 0; round < 150; round++) {
      for (const client of clients) {
        for (const version of [0, 1, 2, 3, 4, 5].slice(round % 3, (round % 3) + 3)) {
          const { errorCode, producerId, producerEpoch } = await init(client, version);
          assert.deepEqual([errorCode, producerEpoch], [0, 0]);
          ids.add(producerId);
          asked++;
        }
      }
    }
    assert.equal(asked, 1_350);
    assert.equal(ids.size, asked);
    assert.ok([...ids].every((id) => Number.isSafeInteger(id) && id >= 0));
  });

  it('gives a new id also to who names one, as Kafka does', async () => {
    const first = await init(clients[0]!, 5);
    for (const named of [
      { producerId: first.producerId, producerEpoch: 0 },
      { producerId: 0, producerEpoch: 0 },
      { producerId: 77, producerEpoch: 3 },
    ]) {
      const answer = await init(clients[0]!, 5, named);
      assert.deepEqual([answer.errorCode, answer.producerEpoch], [0, 0]);
      assert.ok(answer.producerId > first.producerId);
    }
  });

  it('refuses an id without epoch, an epoch without id, and transactional ids', async () => {
    const cases: [object, string][] = [
      [{ producerId: 7, producerEpoch: -1 }, 'INVALID_REQUEST'],
      [{ producerId: -1, producerEpoch: 3 }, 'INVALID_REQUEST'],
      [{ transactionalId: '' }, 'INVALID_REQUEST'],
      [{ transactionalId: 'orders' }, 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'],
    ];
    for (const [body, error] of cases) {
      const answer = await init(clients[1]!, 4, body);
      assert.deepEqual(
        [errorName(answer.errorCode), answer.producerId, answer.producerEpoch],
        [error, -1, -1],
      );
    }
  });

  it('tells who looks for the coordinator of a transactional id at once that there is none', async () => {
    const transaction = await clients[0]!.ask(findCoordinatorApi, 4, { keyType: 1, coordinatorKeys: ['t'] });
    const [found] = transaction.coordinators;
    assert.equal(errorName(found!.errorCode), 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED');
    assert.match(found!.errorMessage!, /serves no transactions/);
    const group = await clients[0]!.ask(findCoordinatorApi, 4, { keyType: 0, coordinatorKeys: ['g'] });
    assert.equal(errorName(group.coordinators[0]!.errorCode), 'COORDINATOR_NOT_AVAILABLE');
  });
});
