import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProducerRecord, RecordHeaders } from '../../../core/producer/producer.ts';
import { BatchView } from '../../../core/record/batch-view.ts';
import { RecordCursor } from '../../../core/record/record-cursor.ts';
import { type Bench, start, warm } from './producer-bench.ts';

async function headersSent({ clock, cluster, producer }: Bench, headers: RecordHeaders): Promise<string[]> {
  producer.send({ topic: 't', value: 'v', headers }, null);
  await clock.settle();
  const request = cluster.take();
  request.respond();
  const cursor = new RecordCursor();
  cursor.reset(new BatchView(request.batches[0]!.bytes));
  cursor.next();
  return cursor.headers().map(({ key, value }) => `${key}=${value}`);
}

describe('producer: parts of a record', () => {
  it('keeps headers in order, with repeated names, null and empty values, as list or as object', async () => {
    const bench = await warm();
    const list = [
      { key: 'b', value: '1' },
      { key: 'a', value: null },
      { key: 'b', value: Buffer.from('2') },
      { key: 'é', value: '' },
    ];
    assert.deepEqual(await headersSent(bench, list), ['b=1', 'a=null', 'b=2', 'é=']);
    assert.deepEqual(await headersSent(bench, { b: '1', a: null }), ['b=1', 'a=null']);
    assert.deepEqual(await headersSent(bench, []), []);
  });

  /** Before and after the topic's metadata is known, as both ways in differ. */
  async function refuses(record: unknown, kind: string, message: RegExp): Promise<void> {
    for (const bench of [start(), await warm()]) {
      const { producer } = bench;
      const free = producer.bufferAvailableBytes;
      const expected = { kind, message };
      assert.throws(() => producer.send(record as ProducerRecord, null), expected);
      await assert.rejects(producer.send(record as ProducerRecord), expected);
      assert.equal(producer.stats().failedRecords, 0);
      assert.equal(producer.bufferAvailableBytes, free);
    }
  }
  const valid = { topic: 't', value: 'v' };

  it('refuses header names that are not text, and values that are not bytes, text or null, naming the header', async () => {
    const withHeaders = (...headers: unknown[]) => ({
      ...valid,
      headers: [{ key: 'a', value: 'b' }, ...headers],
    });
    for (const key of [5, null, undefined, ['a'], {}]) {
      const expected = /the name of header 1 of a record for topic t must be text, got/;
      await refuses(withHeaders({ key, value: 'b' }), 'SERIALIZATION', expected);
    }
    await refuses(withHeaders(null), 'SERIALIZATION', /header 1 of a record/);
    for (const value of [5, undefined, [1], {}]) {
      const expected = /the value of header 1 of a record for topic t \(name\) must be bytes, text or null/;
      await refuses(withHeaders({ key: 'name', value }), 'SERIALIZATION', expected);
    }
    const noHeaders = /headers must be a list of \{ key, value \}, or an object/;
    for (const headers of ['a', 5, new Map()])
      await refuses({ ...valid, headers }, 'SERIALIZATION', noHeaders);
  });

  it('refuses keys and values that are not bytes, text or null, never writing arrays as if they were bytes', async () => {
    const wrong = [5, true, [1, 2], {}, new ArrayBuffer(2), new Uint16Array(2), () => 1, 1n];
    for (const data of wrong) {
      await refuses(
        { ...valid, key: data },
        'SERIALIZATION',
        /the key of a record for topic t must be bytes/,
      );
      await refuses(
        { ...valid, value: data },
        'SERIALIZATION',
        /the value of a record for topic t must be bytes.*value\.serializer/,
      );
    }
    await refuses(
      { topic: 't' },
      'SERIALIZATION',
      /the value of a record for topic t must be .*got undefined/,
    );
  });

  it('refuses partitions and timestamps that can be none', async () => {
    for (const partition of [-1, 1.5, Number.NaN, '0', null]) {
      const expected = /the partition of a record for topic t must be a whole number >= 0/;
      await refuses({ ...valid, partition }, 'INVALID_ARGUMENT', expected);
    }
    for (const timestamp of [-1, 1.5, Number.NaN, '0']) {
      const expected = /a record's timestamp must be a whole number of milliseconds >= 0/;
      await refuses({ ...valid, timestamp }, 'INVALID_ARGUMENT', expected);
    }
    for (const topic of ['', undefined, 5]) {
      await refuses({ ...valid, topic }, 'INVALID_ARGUMENT', /topic must be a text/);
    }
  });

  it('fails a record whose key alone is too large, through its callback, naming topic and limit', async () => {
    const { clock, producer } = await warm({ 'max.request.size': 1000 });
    const failed = assert.rejects(producer.send({ topic: 't', key: 'k'.repeat(1000), value: null }), {
      kind: 'RECORD_TOO_LARGE',
      message: /a record for topic t takes up to \d+ bytes, more than max.request.size 1000/,
    });
    await clock.settle();
    await failed;
  });

  it('sends the timestamp given, or the time of sending', async () => {
    const { clock, cluster, producer } = await warm();
    const given = producer.send({ topic: 't', value: 'v', timestamp: 0 });
    const own = producer.send({ topic: 't', value: 'v' });
    await clock.settle();
    cluster.take().respond();
    assert.equal((await given).timestamp, 0);
    assert.equal((await own).timestamp, clock.wallMs());
  });
});
