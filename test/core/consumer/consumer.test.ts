import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { Consumer } from '../../../core/consumer/consumer.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { EVENTS_0, EVENTS_1, setUp, textOf, values } from './consumer-on-fake-broker.ts';
import { FakeLog } from './fake-cluster.ts';

function hasKind(kind: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === kind && message.test(error.message);
}

test('poll returns every record in order, at most max.poll.records at a time, then nothing', async (t) => {
  const log = new FakeLog().append(5).append(4, 'zstd').append(3, 'lz4');
  const { consumer, poll, run } = await setUp(t, [log], { 'max.poll.records': 5 });
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 5));
  assert.equal(consumer.position('events', 0), 5);
  assert.deepEqual(await poll(), values(0, 5, 10));
  assert.deepEqual(await poll(), values(0, 10, 12));
  assert.deepEqual(await poll(), []);
  log.append(1);
  const [record] = await run(consumer.poll(1000));
  assert.equal(record?.key?.toString(), 'k12');
  assert.deepEqual([record?.timestamp, record?.timestampType, record?.headers], [1012, 'CreateTime', []]);
});

test('records stay as they were while later ones are fetched', async (t) => {
  const log = new FakeLog().append(5).append(5);
  const { consumer, run } = await setUp(t, [log], { 'max.partition.fetch.bytes': 1 });
  consumer.assign([EVENTS_0]);
  const first = await run(consumer.poll(1000));
  await run(consumer.poll(1000));
  await run(consumer.poll(1000));
  assert.deepEqual(first.map(textOf), values(0, 0, 5));
});

test('seek goes on from its offset, also inside a batch and with records waiting', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(10).append(10)], { 'max.poll.records': 3 });
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 12);
  assert.deepEqual(await poll(), values(0, 12, 15));
  consumer.seek('events', 0, 4);
  assert.equal(consumer.position('events', 0), 4);
  assert.deepEqual(await poll(), values(0, 4, 7));
});

test('a response under way when seek is called is not given out', async (t) => {
  const log = new FakeLog().append(4);
  const { consumer, poll, clock } = await setUp(t, [log]);
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 4);
  assert.deepEqual(await poll(), []);
  await clock.advance(50);
  log.append(1);
  consumer.seek('events', 0, 1);
  assert.deepEqual(await poll(), values(0, 1, 5));
});

test('auto.offset.reset begins at the earliest or the latest offset, and none is an error until a seek', async (t) => {
  const held = new FakeLog().append(3).append(3);
  held.batches.shift();
  const earliest = await setUp(t, [held]);
  earliest.consumer.assign([EVENTS_0]);
  assert.deepEqual(await earliest.poll(), values(0, 3, 6));

  const log = new FakeLog().append(3);
  const latest = await setUp(t, [log], { 'auto.offset.reset': 'latest' });
  latest.consumer.assign([EVENTS_0]);
  assert.deepEqual(await latest.poll(), []);
  assert.equal(latest.consumer.position('events', 0), 3);
  log.append(2);
  assert.deepEqual(await latest.poll(), values(0, 3, 5));

  const none = await setUp(t, [new FakeLog().append(3)], { 'auto.offset.reset': 'none' });
  none.consumer.assign([EVENTS_0]);
  await assert.rejects(none.poll(), hasKind('OFFSET_OUT_OF_RANGE', /events-0 has no offset/));
  none.consumer.seek('events', 0, 1);
  assert.deepEqual(await none.poll(), values(0, 1, 3));
});

test('an offset that the log does not hold is reset', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(3)]);
  consumer.assign([EVENTS_0]);
  consumer.seek('events', 0, 99);
  assert.deepEqual(await poll(), values(0, 0, 3));
  const strict = await setUp(t, [new FakeLog().append(3)], { 'auto.offset.reset': 'none' });
  strict.consumer.assign([EVENTS_0]);
  strict.consumer.seek('events', 0, 99);
  await assert.rejects(strict.poll(), hasKind('OFFSET_OUT_OF_RANGE', /offset 99/));
});

test('one partition out of range does not lose what came for the others', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(3), new FakeLog().append(2)]);
  consumer.assign([EVENTS_0, EVENTS_1]);
  consumer.seek('events', 0, 0);
  consumer.seek('events', 1, 77);
  const seen = [...(await poll()), ...(await poll())];
  assert.deepEqual(seen.sort(), [...values(0, 0, 3), ...values(1, 0, 2)]);
});

test('assign replaces what is read, and what stays keeps its place', async (t) => {
  const { consumer, poll } = await setUp(t, [new FakeLog().append(4), new FakeLog().append(4)], {
    'max.poll.records': 2,
  });
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 2));
  consumer.assign([EVENTS_0, EVENTS_1]);
  assert.deepEqual(consumer.assignment, [EVENTS_0, EVENTS_1]);
  assert.deepEqual(await poll(), values(0, 2, 4));
  consumer.assign([EVENTS_1]);
  assert.deepEqual(await poll(), values(1, 0, 2));
  assert.throws(() => consumer.seek('events', 0, 0), hasKind('ILLEGAL_STATE', /events-0 is not assigned/));
});

test('a batch that fails its CRC rejects the poll after what came before it was given out', async (t) => {
  const log = new FakeLog().append(2).append(2);
  const broken = log.batches[1]!;
  broken[broken.length - 3]! ^= 1;
  const { consumer, poll } = await setUp(t, [log]);
  consumer.assign([EVENTS_0]);
  assert.deepEqual(await poll(), values(0, 0, 2));
  await assert.rejects(poll(), hasKind('CORRUPT_MESSAGE', /events-0: the batch at offset 2/));
  broken[broken.length - 3]! ^= 1;
  assert.deepEqual(await poll(), values(0, 2, 4));
});

test('endOffsets and beginningOffsets answer in the order asked', async (t) => {
  const held = new FakeLog().append(3).append(3);
  held.batches.shift();
  const { consumer, run } = await setUp(t, [held, new FakeLog().append(2)]);
  assert.deepEqual(await run(consumer.endOffsets([EVENTS_1, EVENTS_0])), [
    { ...EVENTS_1, offset: 2 },
    { ...EVENTS_0, offset: 6 },
  ]);
  assert.deepEqual(await run(consumer.beginningOffsets([EVENTS_0])), [{ ...EVENTS_0, offset: 3 }]);
});

test('a consumer without work waits instead of asking again and again', async (t) => {
  const { consumer, poll, broker } = await setUp(t, [new FakeLog()]);
  consumer.assign([EVENTS_0]);
  for (let round = 0; round < 5; round++) assert.deepEqual(await poll(), []);
  assert.ok(broker.count(fetchApi) <= 12, `${broker.count(fetchApi)} fetches in 5 s`);
});

test('close ends a poll under way with nothing, and what comes after is refused', async (t) => {
  const { consumer, run, clock } = await setUp(t, [new FakeLog()]);
  consumer.assign([EVENTS_0]);
  const polling = consumer.poll(60_000);
  await clock.advance(200);
  await assert.rejects(consumer.poll(1), hasKind('ILLEGAL_STATE', /under way/));
  await consumer.close();
  assert.deepEqual(await run(polling), []);
  await assert.rejects(consumer.poll(1), hasKind('ILLEGAL_STATE', /closed/));
});

test('everything wrong with the properties is told at once', () => {
  assert.throws(
    () =>
      new Consumer({
        'fetch.min.byte': 1,
        'fetch.max.wait.ms': -1,
        'auto.offset.reset': 'first',
        'request.timeout.ms': 'x',
      }),
    hasKind(
      'CONFIG',
      /fetch.min.byte is not .* did you mean fetch.min.bytes\?; fetch.max.wait.ms must be >= 0, got -1; auto.offset.reset must be one of .*; request.timeout.ms must be/,
    ),
  );
});

test('poll without an assignment, and a seek to no offset, are refused', async (t) => {
  const { consumer, run } = await setUp(t, [new FakeLog()]);
  await assert.rejects(run(consumer.poll(10)), hasKind('ILLEGAL_STATE', /assignment/));
  consumer.assign([EVENTS_0]);
  assert.throws(() => consumer.seek('events', 0, -1), hasKind('CONFIG', /-1 is no offset/));
});
