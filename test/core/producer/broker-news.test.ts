import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { Producer } from '../../../core/producer/producer.ts';
import { VirtualClock } from '../base/virtual-clock.ts';
import { start, warm } from './producer-bench.ts';

const OFF = { 'enable.idempotence': 'false' };
const NOT_LEADER = 6;

describe('what brokers say beside their answer', () => {
  it('throttle_time_ms keeps the producer from that broker until it has passed, and from no other', async () => {
    const { clock, cluster, send, told, producer } = await warm(OFF, [0, 1]);
    send('a');
    await clock.settle();
    cluster.take().respond(0, { throttleTimeMs: 300 });
    send('b');
    send('c', { partition: 1 });
    await clock.advance(299);
    assert.deepEqual(
      cluster.requests.map((request) => request.nodeId),
      [1],
    );
    await clock.advance(1);
    assert.deepEqual(
      cluster.requests.map((request) => request.nodeId),
      [1, 0],
    );
    for (const request of cluster.requests.splice(0)) request.respond();
    assert.deepEqual(told, ['a:1', 'c:0', 'b:2']);
    assert.equal(producer.stats().throttleTimeMs, 300);
  });

  it('a newer leader named in the answer is taken over, and asked without backoff', async () => {
    const { clock, cluster, send, told } = await warm({ ...OFF, 'retry.backoff.ms': 500 });
    cluster.setTopic('t', [0], undefined, 4);
    send('a');
    await clock.settle();
    const nodes = [{ nodeId: 7, host: 'h', port: 9, rack: null }];
    cluster.take().respond(NOT_LEADER, {
      partition: { currentLeader: { leaderId: 7, leaderEpoch: 5 } },
      nodeEndpoints: nodes,
    });
    await clock.settle();
    assert.deepEqual(cluster.hints, [
      { leaders: [{ topic: 't', partition: 0, leaderId: 7, leaderEpoch: 5 }], nodes },
    ]);
    const again = cluster.take();
    assert.equal(again.nodeId, 7);
    again.respond();
    assert.deepEqual(told, ['a:1']);
  });

  it('a leader that has changed while the batch was under way is asked without backoff', async () => {
    const { clock, cluster, send } = await warm({ ...OFF, 'retry.backoff.ms': 500 });
    cluster.setTopic('t', [0], undefined, 4);
    send('a');
    await clock.settle();
    const first = cluster.take();
    cluster.setTopic('t', [1], undefined, 5);
    await clock.settle();
    first.respond(NOT_LEADER);
    await clock.settle();
    assert.equal(cluster.take().nodeId, 1);
  });

  it('a leader of the same epoch is asked again after the backoff only', async () => {
    const { clock, cluster, send } = await warm({ ...OFF, 'retry.backoff.ms': 500 });
    cluster.setTopic('t', [0], undefined, 4);
    send('a');
    await clock.settle();
    cluster.take().respond(NOT_LEADER);
    cluster.setTopic('t', [0], undefined, 4);
    await clock.advance(399);
    assert.equal(cluster.requests.length, 0);
    await clock.advance(202);
    assert.equal(cluster.requests.length, 1);
  });

  it('records that the broker refuses have errors of their own, and their company one that says so', async () => {
    const { clock, cluster, producer } = await warm(OFF);
    const errors: (TidemarkError | null)[] = [];
    for (const value of ['a', 'b', 'c'])
      producer.send({ topic: 't', partition: 0, value }, (error) => errors.push(error));
    await clock.settle();
    cluster.take().respond(87, {
      partition: { recordErrors: [{ batchIndex: 1, batchIndexErrorMessage: 'no key' }], errorMessage: 'bad' },
    });
    assert.match(errors[1]!.message, /record 1 of a batch for t-0 \(no key\)/);
    assert.equal(errors[1]!.code, 87);
    assert.match(errors[0]!.message, /in one batch with records that the broker refused/);
    assert.deepEqual([errors[0]!.kind, errors[0]!.code, errors[2]], ['INVALID_RECORD', null, errors[0]]);
  });

  it('the words of the broker are part of the error', async () => {
    const { clock, cluster, send, settled } = await warm(OFF);
    send('a');
    await clock.settle();
    cluster.take().respond(44, { partition: { errorMessage: 'not on Sundays' } });
    assert.match(settled[0]!.error!.message, /t-0 \(not on Sundays\): POLICY_VIOLATION \(44\)/);
  });
});

describe('brokers that refuse this client for good', () => {
  it('fail what waits for them at once, and nothing else', async () => {
    const { clock, cluster, send, told, settled } = await warm(OFF, [0, 1]);
    cluster.refusal = new TidemarkError('AUTHENTICATION', 'the password is wrong');
    send('a', { partition: 1 });
    send('b');
    await clock.settle();
    assert.deepEqual(told, ['a:AUTHENTICATION']);
    assert.match(settled[0]!.error!.hint!, /credentials/);
    cluster.take().respond();
    assert.equal(told.length, 2);
  });

  it('fail what waits for metadata at once', async () => {
    const clock = new VirtualClock();
    const connect = () => Promise.reject(new TidemarkError('AUTHENTICATION', 'the password is wrong'));
    const producer = new Producer({}, { clock, connect });
    const sent = producer.send({ topic: 't', value: 'a' });
    sent.catch(() => {});
    await clock.advance(100);
    await assert.rejects(sent, { kind: 'AUTHENTICATION', retriable: false });
    await producer.close({ timeoutMs: 0 });
  });

  it('do not when another attempt may help', async () => {
    const { clock, cluster, send, told } = start(OFF);
    cluster.refusal = new TidemarkError('AUTHENTICATION', 'the token is not there yet', { retriable: true });
    send('a');
    await clock.advance(100);
    cluster.refusal = null;
    await clock.advance(100);
    cluster.take().respond();
    assert.deepEqual(told, ['a:0']);
  });
});

describe('metadata.max.idle.ms', () => {
  it('lets go of topics that nothing was sent to for so long', async () => {
    const { clock, cluster, send } = await warm({ ...OFF, 'metadata.max.idle.ms': 5000 });
    cluster.setTopic('u', [0]);
    cluster.answersItself = true;
    assert.ok(cluster.isWanted('asked'));
    await clock.advance(4000);
    send('a', { topic: 'u' });
    await clock.advance(1001);
    assert.deepEqual(['t', 'u', 'asked'].map(cluster.isWanted), [false, true, false]);
    send('b');
    await clock.settle();
    assert.ok(cluster.isWanted('t'));
  });
});
