import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { start, warm } from './producer-bench.ts';

const TOO_LARGE = 10;
const VALUES = Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(100, 'x'));
const names = (told: string[]) => told.map((line) => line.replace(/x+/, ''));

describe('batches that the broker finds too large', () => {
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    it(`are divided by batch.size and sent again in order (${compression})`, async () => {
      const { clock, cluster, producer, send, told, settled } = start({
        'batch.size': 4000,
        'compression.type': compression,
        retries: 0,
        'enable.idempotence': 'false',
      });
      for (let round = 0; round < 3; round++) for (const value of VALUES) send(value);
      await clock.settle();
      const whole = cluster.take();
      assert.equal(whole.batches[0]!.values.length, 30);
      whole.respond(TOO_LARGE);
      await clock.settle();
      const sizes: number[] = [];
      while (cluster.requests.length > 0) {
        const part = cluster.take();
        sizes.push(part.batches[0]!.values.length);
        assert.deepEqual(
          part.batches[0]!.values,
          VALUES.concat(VALUES, VALUES).splice(sum(sizes.slice(0, -1)), sizes.at(-1)),
        );
        part.respond();
        await clock.settle();
      }
      assert.ok(sizes.length > 1 && sum(sizes) === 30, `${sizes}`);
      assert.deepEqual(
        names(told),
        Array.from({ length: 30 }, (_, index) => `${index % 10}:${index}`),
      );
      const stats = producer.stats();
      assert.equal(stats.retries, 0);
      assert.equal(stats.splits, 1);
      assert.equal(stats.acknowledgedRecords, 30);
      assert.equal(stats.records, 30);
      // The clock of delivery.timeout.ms and of the queue goes on.
      assert.equal(new Set(settled.map((batch) => batch.createdNs)).size, 1);
      assert.equal(producer.bufferAvailableBytes, 33_554_432);
    });
  }

  it('keep keys, headers and timestamps of their records, and whom to tell', async () => {
    const { clock, cluster, producer } = await warm({
      'batch.size': 16_384,
      retries: 0,
      'enable.idempotence': 'false',
    });
    const told: unknown[] = [];
    for (let index = 0; index < 4; index++) {
      const record = {
        topic: 't',
        partition: 0,
        key: index % 2 === 0 ? `k${index}` : null,
        value: index === 3 ? null : `v${index}`,
        headers:
          index === 1
            ? [
                { key: 'h', value: Buffer.from('1') },
                { key: 'h', value: null },
              ]
            : [],
        timestamp: 5000 - index,
      };
      const tell =
        index === 2
          ? null
          : (_: unknown, meta: { offset: number; timestamp: number }, opaque: unknown) =>
              told.push([meta.offset, meta.timestamp, opaque]);
      producer.send(record, tell, index === 0 ? undefined : { index });
    }
    await clock.settle();
    cluster.take().respond(TOO_LARGE);
    await clock.settle();
    const found: unknown[] = [];
    for (const request of cluster.requests.splice(0)) {
      const cursor = new RecordCursor();
      cursor.reset(new BatchView(request.batches[0]!.bytes));
      while (cursor.next()) {
        const headers = cursor.headers().map(({ key, value }) => `${key}=${value}`);
        found.push([cursor.key?.toString(), cursor.value?.toString(), cursor.timestampMs, headers.join()]);
      }
      request.respond();
    }
    assert.deepEqual(found, [
      ['k0', 'v0', 5000, ''],
      [undefined, 'v1', 4999, 'h=1,h=null'],
      ['k2', 'v2', 4998, ''],
      [undefined, undefined, 4997, ''],
    ]);
    assert.deepEqual(told, [
      [1, 5000, undefined],
      [2, 4999, { index: 1 }],
      [4, 4997, { index: 3 }],
    ]);
  });

  it('are halved where batch.size would not divide them, down to the record that is too large itself', async () => {
    const { clock, cluster, send, told, settled } = await warm({ 'enable.idempotence': 'false' });
    for (const value of ['a', 'b', 'c'.repeat(500), 'd']) send(value);
    await clock.settle();
    for (let turn = 0; turn < 20 && cluster.requests.length > 0; turn++) {
      const request = cluster.take();
      request.respond(request.batches[0]!.bytes.length > 400 ? TOO_LARGE : 0);
      await clock.settle();
    }
    assert.deepEqual(told.map((line) => line.replace(/c+/, 'c')).sort(), [
      'a:1',
      'b:2',
      'c:MESSAGE_TOO_LARGE',
      'd:3',
    ]);
    const refused = settled.find((batch) => batch.error !== null)!.error!;
    assert.equal(refused.code, 10);
    assert.match(refused.hint!, /max\.message\.bytes/);
  });

  it('share the sequence numbers of the whole, one part after the other', async () => {
    const { clock, cluster, send, told } = start({
      'batch.size': 1200,
      acks: 'all',
      'enable.idempotence': 'true',
      'compression.type': 'gzip',
    });
    for (const value of VALUES) send(value);
    await clock.settle();
    const whole = cluster.take();
    const { sequence } = whole.batches[0]!;
    whole.respond(TOO_LARGE);
    send('last');
    await clock.settle();
    const places: string[] = [];
    while (cluster.requests.length > 0) {
      const request = cluster.take();
      const [batch] = request.batches;
      places.push(
        ...batch!.values.map(
          (value, index) => `${value!.replace(/x+/, '')}@${batch!.sequence + index - sequence}`,
        ),
      );
      request.respond();
      await clock.settle();
    }
    assert.deepEqual(places, [...VALUES.map((value, index) => `${value[0]}@${index}`), 'last@10']);
    assert.equal(told.length, 11);
  });

  it('are waited for by flush() part by part, and expire with their first creation', async () => {
    const { clock, cluster, producer, send, told } = start({
      'enable.idempotence': 'false',
      'delivery.timeout.ms': 1000,
      'request.timeout.ms': 1000,
    });
    for (const value of ['a', 'b']) send(value);
    await clock.advance(900);
    let isFlushed = false;
    producer.flush().then(() => {
      isFlushed = true;
    });
    await clock.settle();
    cluster.take().respond(TOO_LARGE);
    await clock.settle();
    cluster.take().respond();
    await clock.settle();
    assert.deepEqual([told.length, isFlushed], [1, false]);
    await clock.advance(100);
    assert.deepEqual(told, ['a:0', 'b:TIMEOUT']);
    assert.ok(isFlushed);
  });
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
