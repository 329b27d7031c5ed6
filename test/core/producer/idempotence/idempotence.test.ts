import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SentRequest } from '../fake-cluster.ts';
import { start, warm } from '../producer-bench.ts';

const ON = { 'enable.idempotence': 'true', acks: 'all' };
/** One record per batch, so that each has a sequence of its own. */
const SINGLES = { ...ON, 'batch.size': 0, 'retry.backoff.ms': 10, 'retry.backoff.max.ms': 10 };

const OUT_OF_ORDER = 45;
const DUPLICATE = 46;
const INVALID_EPOCH = 47;
const UNKNOWN_PRODUCER = 59;
const NOT_LEADER = 6;
const TOO_FEW_REPLICAS = 19;
const APPENDED_FEW = 20;
const INVALID_RECORD = 87;

const lose = (request: SentRequest) => request.fail('NETWORK');

/** `value@sequence/epoch` of the only batch of a request. */
function shown(request: SentRequest): string {
  const { values, sequence, epoch } = request.batches[0]!;
  return `${values.join('+')}@${sequence}/${epoch}`;
}

describe('idempotence: the producer id', () => {
  it('is fetched before the first batch is drained, and every batch carries it', async () => {
    const { clock, cluster, send } = start(ON);
    cluster.holdsInit = true;
    send('a');
    await clock.advance(50);
    assert.equal(cluster.requests.length, 0);
    assert.equal(cluster.initRequests.length, 1);
    cluster.initRequests.shift()!.respond({ producerId: 77, producerEpoch: 3 });
    await clock.settle();
    const [batch] = cluster.take().batches;
    assert.deepEqual([batch!.producerId, batch!.epoch, batch!.sequence], [77, 3, 0]);
  });

  it('is asked for again with backoff after a retriable error, and nobody hangs past delivery.timeout.ms', async () => {
    const { clock, cluster, send, told } = start({
      ...ON,
      'delivery.timeout.ms': 1000,
      'request.timeout.ms': 500,
    });
    cluster.holdsInit = true;
    send('a');
    await clock.settle();
    cluster.initRequests.shift()!.respond({ errorCode: 14, producerId: -1, producerEpoch: -1 });
    await clock.advance(79);
    assert.equal(cluster.initRequests.length, 0);
    await clock.advance(42);
    cluster.initRequests.shift()!.fail('NETWORK', true);
    await clock.advance(240);
    assert.equal(cluster.initCount, 3);
    await clock.advance(1000);
    assert.deepEqual(told, ['a:TIMEOUT']);
  });

  it('fails every record at once where the broker refuses to give one, and asks anew for later ones', async () => {
    const { clock, cluster, send, told, settled } = start(ON);
    cluster.holdsInit = true;
    send('a');
    await clock.settle();
    cluster.initRequests.shift()!.respond({ errorCode: 31 });
    await clock.settle();
    assert.deepEqual(told, ['a:CLUSTER_AUTHORIZATION_FAILED']);
    assert.match(settled[0]!.error!.hint!, /IDEMPOTENT_WRITE/);
    send('b');
    await clock.advance(150);
    cluster.initRequests.shift()!.respond();
    await clock.settle();
    cluster.take().respond();
    assert.deepEqual(told.slice(1), ['b:0']);
  });

  it('that the broker is too old to give fails the records at once, and says what to do', async () => {
    const { clock, cluster, send, told, settled } = start(ON);
    cluster.holdsInit = true;
    send('a');
    await clock.settle();
    cluster.initRequests.shift()!.fail('UNSUPPORTED_VERSION');
    await clock.settle();
    assert.deepEqual(told, ['a:UNSUPPORTED_VERSION']);
    assert.match(settled[0]!.error!.hint!, /enable\.idempotence=false/);
  });

  it('is not asked for without idempotence', async () => {
    const { clock, cluster, send } = start({ 'enable.idempotence': 'false' });
    send('a');
    await clock.settle();
    assert.equal(cluster.initCount, 0);
    assert.equal(cluster.take().batches[0]!.producerId, -1);
  });

  it('is replaced by a new one when its epochs are used up', async () => {
    const { clock, cluster, send, told } = start(SINGLES);
    cluster.holdsInit = true;
    send('a');
    await clock.settle();
    cluster.initRequests.shift()!.respond({ producerId: 5, producerEpoch: 0x7fff });
    await clock.settle();
    cluster.take().respond(INVALID_RECORD);
    send('b');
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    cluster.initRequests.shift()!.respond({ producerId: 6 });
    await clock.settle();
    const request = cluster.take();
    assert.equal(request.batches[0]!.producerId, 6);
    assert.equal(shown(request), 'b@0/0');
    request.respond();
    assert.deepEqual(told, ['a:INVALID_RECORD', 'b:0']);
  });
});

describe('idempotence: sequences', () => {
  it('count the records of each partition, given when a batch is first drained', async () => {
    const { clock, cluster, send } = await warm(ON, [0, 0]);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    send('c', { partition: 1 });
    send('d');
    await clock.settle();
    const places = cluster.requests.flatMap((request) =>
      request.batches.map((batch) => `${batch.partition}:${batch.sequence}`),
    );
    assert.deepEqual(places, ['0:1', '0:3', '1:0']);
  });

  it('stay with a retry, which is the only one under way of its partition until it is through', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    const [a, b, c] = [cluster.take(), cluster.take(), cluster.take()];
    assert.deepEqual([a, b, c].map(shown), ['a@1/0', 'b@2/0', 'c@3/0']);
    a.respond(TOO_FEW_REPLICAS);
    c.respond(OUT_OF_ORDER);
    b.respond(OUT_OF_ORDER);
    send('d');
    await clock.advance(20);
    const order: string[] = [];
    for (let turn = 0; turn < 4; turn++) {
      if (turn < 2) assert.equal(cluster.requests.length, 1);
      const request = cluster.take();
      order.push(shown(request));
      request.respond();
      await clock.advance(20);
    }
    assert.deepEqual(order, ['a@1/0', 'b@2/0', 'c@3/0', 'd@4/0']);
    assert.deepEqual(told, ['a:1', 'b:2', 'c:3', 'd:4']);
  });

  for (const maxInFlight of [1, 2, 3, 4, 5]) {
    it(`keep the order with ${maxInFlight} in flight when the first of them fails`, async () => {
      const { clock, cluster, send, told } = await warm({
        ...SINGLES,
        'max.in.flight.requests.per.connection': maxInFlight,
      });
      for (let index = 0; index < 6; index++) send(`${index}`);
      await clock.settle();
      assert.equal(cluster.requests.length, maxInFlight);
      const sent = cluster.requests.splice(0);
      sent.forEach((request, index) => {
        request.respond(index === 0 ? TOO_FEW_REPLICAS : OUT_OF_ORDER);
      });
      cluster.answersItself = true;
      await clock.advance(500);
      assert.deepEqual(told, ['0:1', '1:2', '2:3', '3:4', '4:5', '5:6']);
    });
  }

  it('let a duplicate count as written, without an offset', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    send('a');
    await clock.settle();
    cluster.take().fail('NETWORK');
    await clock.advance(20);
    cluster.take().respond(DUPLICATE);
    assert.deepEqual(told, ['a:-1']);
    send('b');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'b@2/0');
  });

  it('begin anew under the next epoch when the first under way is out of order', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.respond(OUT_OF_ORDER);
    b.respond(OUT_OF_ORDER);
    await clock.advance(20);
    const again = cluster.take();
    assert.equal(shown(again), 'a@0/1');
    again.respond();
    await clock.advance(20);
    const behind = cluster.take();
    assert.equal(shown(behind), 'b@1/1');
    behind.respond();
    assert.deepEqual(told, ['a:1', 'b:2']);
  });

  it('begin anew when the broker has forgotten the producer, but only once for all that is under way', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.respond(UNKNOWN_PRODUCER, { partition: { logStartOffset: 5 } });
    await clock.settle();
    b.respond(UNKNOWN_PRODUCER, { partition: { logStartOffset: 5 } });
    await clock.advance(20);
    assert.equal(shown(cluster.requests[0]!), 'a@0/1');
    cluster.take().respond();
    await clock.advance(20);
    assert.equal(shown(cluster.requests[0]!), 'b@1/1');
    cluster.take().respond();
    assert.deepEqual(told, ['a:1', 'b:2']);
  });

  it('stay when the broker has forgotten the producer and does not know where the log begins', async () => {
    const { clock, cluster, send } = await warm(SINGLES);
    send('a');
    await clock.settle();
    cluster.take().respond(UNKNOWN_PRODUCER, { partition: { logStartOffset: -1 } });
    await clock.advance(20);
    assert.equal(shown(cluster.take()), 'a@1/0');
  });

  it('close the gap of a batch that the broker refuses by the next epoch', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.respond(INVALID_RECORD);
    await clock.settle();
    b.respond(OUT_OF_ORDER);
    await clock.advance(20);
    const again = cluster.take();
    assert.equal(shown(again), 'b@0/1');
    again.respond();
    assert.deepEqual(told, ['a:INVALID_RECORD', 'b:1']);
  });

  it('fail a batch of an epoch that is over, and go on under the next', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    send('a');
    await clock.settle();
    cluster.take().respond(INVALID_EPOCH);
    send('b');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'b@0/1');
    assert.deepEqual(told, ['a:INVALID_PRODUCER_EPOCH']);
  });

  it('of other partitions change only when nothing of the old epoch is under way there', async () => {
    const { clock, cluster, send } = await warm(SINGLES, [0, 1]);
    send('a', { partition: 1 });
    await clock.settle();
    const a = cluster.take();
    send('x');
    await clock.settle();
    cluster.take().respond(INVALID_RECORD);
    send('b', { partition: 1 });
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    a.respond();
    await clock.settle();
    assert.equal(shown(cluster.take()), 'b@0/1');
  });
});

describe('idempotence: batches given up', () => {
  const BRIEF = { ...SINGLES, 'delivery.timeout.ms': 1000, 'request.timeout.ms': 500 };

  it('hold back what is new until what follows them shows that they were written', async () => {
    const { clock, cluster, send, told } = await warm(BRIEF);
    send('a');
    await clock.advance(500);
    send('b');
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.fail('NETWORK');
    await clock.advance(30);
    const again = cluster.take();
    assert.equal(shown(again), 'a@1/0');
    await clock.advance(470);
    assert.deepEqual(told, ['a:TIMEOUT']);
    send('c');
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    b.respond();
    await clock.settle();
    // b could only follow a: the numbers go on.
    assert.equal(shown(cluster.take()), 'c@3/0');
  });

  it('make what follows them begin anew when it shows that they were not', async () => {
    const { clock, cluster, send, told } = await warm(BRIEF);
    send('a');
    await clock.advance(500);
    send('b');
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.fail('NETWORK');
    await clock.advance(30);
    cluster.take().fail('NETWORK');
    await clock.advance(470);
    cluster.requests.length = 0;
    b.respond(OUT_OF_ORDER);
    await clock.advance(20);
    const again = cluster.take();
    assert.equal(shown(again), 'b@0/1');
    again.respond();
    assert.deepEqual(told, ['a:TIMEOUT', 'b:1']);
  });

  it('cost an epoch when nothing follows them', async () => {
    const { clock, cluster, send } = await warm(BRIEF);
    send('a');
    await clock.settle();
    cluster.take();
    await clock.advance(1000);
    send('b');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'b@0/1');
  });

  it('are never sent behind what was written after them', async () => {
    const { clock, cluster, send, told } = await warm(SINGLES);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    // A broker that knows nothing of the producer takes any first sequence.
    a.respond(TOO_FEW_REPLICAS);
    b.respond();
    await clock.advance(20);
    cluster.take().respond(OUT_OF_ORDER);
    assert.deepEqual(told, ['b:1', 'a:OUT_OF_ORDER_SEQUENCE_NUMBER']);
    send('c');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'c@3/0');
  });

  it('are given up rather than sent again under an epoch in which a later one would be written twice', async () => {
    const { clock, cluster, send, told } = start(SINGLES);
    for (const value of ['a', 'b']) send(value);
    await clock.settle();
    const [a, b] = [cluster.take(), cluster.take()];
    a.respond(TOO_FEW_REPLICAS);
    await clock.advance(20);
    // Either b is in the log, or this broker breaks the rules; the answer that would tell is still due.
    cluster.take().respond(OUT_OF_ORDER);
    await clock.advance(20);
    assert.equal(shown(cluster.requests[0]!), 'a@0/0');
    b.fail('NETWORK');
    cluster.take().respond(OUT_OF_ORDER);
    assert.deepEqual(told, ['a:OUT_OF_ORDER_SEQUENCE_NUMBER']);
    await clock.advance(20);
    assert.equal(shown(cluster.requests[0]!), 'b@1/0');
    cluster.take().respond(DUPLICATE);
    send('c');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'c@2/0');
  });

  it('begin no epoch in which what follows them would be written behind what was sent later', async () => {
    const { clock, cluster, send, told } = start(SINGLES);
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    const [a, b, c] = [cluster.take(), cluster.take(), cluster.take()];
    b.respond(TOO_FEW_REPLICAS);
    a.respond(INVALID_RECORD);
    await clock.advance(20);
    // c was the first that the leader took of this producer.
    assert.equal(shown(cluster.requests[0]!), 'b@1/0');
    c.respond();
    cluster.take().respond(OUT_OF_ORDER);
    assert.deepEqual(told, ['a:INVALID_RECORD', 'c:0', 'b:OUT_OF_ORDER_SEQUENCE_NUMBER']);
    send('d');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'd@3/0');
  });

  it('begin no epoch in which what was overtaken would be written behind what overtook it', async () => {
    const { clock, cluster, send, told } = start(SINGLES);
    for (const value of ['a', 'b', 'c']) send(value);
    await clock.settle();
    const [a, b, c] = [cluster.take(), cluster.take(), cluster.take()];
    a.respond(TOO_FEW_REPLICAS);
    // The first that the leader took of this producer.
    b.respond();
    c.respond(INVALID_RECORD);
    await clock.advance(20);
    const again = cluster.take();
    assert.equal(shown(again), 'a@0/0');
    again.respond(OUT_OF_ORDER);
    assert.deepEqual(told, ['b:0', 'c:INVALID_RECORD', 'a:OUT_OF_ORDER_SEQUENCE_NUMBER']);
    send('d');
    await clock.settle();
    assert.equal(shown(cluster.take()), 'd@0/1');
  });

  it('begin no epoch in which one before them would be written twice that may be in the log already', async () => {
    for (const lost of [(request: SentRequest) => request.respond(APPENDED_FEW), lose]) {
      const { clock, cluster, send, told } = await warm(SINGLES);
      for (const value of ['a', 'b']) send(value);
      await clock.settle();
      const [a, b] = [cluster.take(), cluster.take()];
      lost(a);
      b.respond(INVALID_RECORD);
      await clock.advance(20);
      const again = cluster.take();
      assert.equal(shown(again), 'a@1/0');
      again.respond(DUPLICATE);
      assert.deepEqual(told, ['b:INVALID_RECORD', 'a:-1']);
      send('c');
      await clock.settle();
      assert.equal(shown(cluster.take()), 'c@0/1');
    }
  });

  it('leave nothing under way to an old leader that a new one could be overtaken by', async () => {
    const { clock, cluster, send } = await warm(SINGLES);
    send('a');
    await clock.settle();
    const a = cluster.take();
    cluster.setTopic('t', [1]);
    send('b');
    await clock.settle();
    assert.equal(cluster.requests.length, 0);
    a.respond(NOT_LEADER);
    await clock.advance(20);
    const again = cluster.take();
    assert.equal(again.nodeId, 1);
    again.respond();
    await clock.settle();
    assert.equal(shown(cluster.take()), 'b@2/0');
  });
});
