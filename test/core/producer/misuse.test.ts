import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import { Producer } from '../../../core/tidemark.ts';
import { start } from './producer-bench.ts';

const SERVERS = { 'bootstrap.servers': '127.0.0.1:1' };
const make = (properties: unknown, options?: unknown) => new Producer(properties as never, options as never);

describe('a producer made wrongly', () => {
  it('says at once that bootstrap.servers is missing, also when its value is undefined', () => {
    for (const properties of [{}, { 'bootstrap.servers': undefined }, { 'bootstrap.servers': '' }]) {
      assert.throws(() => make(properties), { kind: 'CONFIG', message: /bootstrap\.servers is not set/ });
    }
  });

  it('takes no other thing for properties', () => {
    for (const [given, got] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [new Map(Object.entries(SERVERS)), 'Map'],
      [['a:1'], 'Array'],
      ['a:1', 'text of 3 characters'],
    ]) {
      assert.throws(() => make(given), {
        kind: 'CONFIG',
        message: `properties must be an object of names and values, got ${got}`,
      });
    }
  });

  it('takes a property that is undefined or null for one that is not given', () => {
    const { config } = make({ ...SERVERS, acks: undefined, 'partitioner.class': null });
    assert.equal(config.acks, -1);
  });

  it('refuses what cannot be a partitioner, and takes null for no options', () => {
    for (const partitioner of [5, null, {}, { partition: 3 }, () => 0]) {
      assert.throws(() => make(SERVERS, { partitioner }), {
        kind: 'CONFIG',
        message: /^partitioner must be an object \{ partition\(topic, key, value, cluster\)/,
      });
    }
    assert.ok(make(SERVERS, null) instanceof Producer);
  });

  it('shows a bearer token in no print-out', () => {
    const producer = make(SERVERS, { oauthBearerToken: 'S3CR3T' });
    assert.ok(!inspect(producer, { depth: 20, showHidden: true }).includes('S3CR3T'));
    assert.ok(!JSON.stringify(producer.config).includes('S3CR3T'));
  });

  it('repeats no long value whole', () => {
    const long = 'x'.repeat(100_000);
    assert.throws(
      () => make({ ...SERVERS, 'linger.ms': long }),
      (error: Error) => {
        assert.match(error.message, /linger\.ms must be a whole number, got text of 100000 characters/);
        return error.message.length < 200;
      },
    );
  });
});

describe('a producer used wrongly', () => {
  it('names what send() takes when it gets no record', async () => {
    const { producer } = start();
    for (const given of [undefined, null, 'text']) {
      assert.throws(() => producer.send(given as never, null), {
        kind: 'INVALID_ARGUMENT',
        message: /send\(\) takes a record/,
      });
      await assert.rejects(producer.send(given as never), {
        kind: 'INVALID_ARGUMENT',
        message: /send\(\) takes a record/,
      });
    }
    assert.equal(producer.stats().failedRecords, 0);
    await producer.close({ timeoutMs: 0 });
  });

  it('refuses a signal that is none', async () => {
    const { producer } = start();
    const record = { topic: 't', value: 'v' };
    for (const options of [{ signal: 'x' }, true, 5]) {
      await assert.rejects(producer.send(record, options as never), {
        kind: 'INVALID_ARGUMENT',
        message: /AbortSignal/,
      });
    }
    await assert.rejects(producer.flush({ signal: 'x' as never }), { kind: 'INVALID_ARGUMENT' });
    await producer.close(null);
  });

  it('has no topic to look up for what is no name, and is not ready after close()', async () => {
    const { producer } = start();
    await assert.rejects(producer.partitionsFor(undefined as never), { kind: 'INVALID_ARGUMENT' });
    await producer.close({ timeoutMs: 0 });
    await assert.rejects(producer.ready(), { kind: 'PRODUCER_CLOSED' });
  });
});
