import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DESERIALIZERS } from '../../../core/record/deserializers.ts';
import {
  type BuiltInSerializer,
  SERIALIZERS,
  type Serializer,
  serializeWith,
} from '../../../core/record/serializers.ts';

function serialize(name: BuiltInSerializer, data: unknown): string | null {
  const context = { part: 'value', name: `the ${name}`, headers: [] } as const;
  const bytes = serializeWith(SERIALIZERS[name] as Serializer, 'orders', data, { ...context, headers: [] });
  return bytes === null ? null : Buffer.from(bytes as string).toString('hex');
}

function refused(name: BuiltInSerializer, data: unknown, message: RegExp): void {
  assert.throws(() => serialize(name, data), { kind: 'SERIALIZATION', message });
}

describe('serializers', () => {
  // What Kafka's IntegerSerializer, LongSerializer, DoubleSerializer, UUIDSerializer and StringSerializer write.
  it('write the bytes of their Java namesakes', () => {
    assert.equal(serialize('integer', 1), '00000001');
    assert.equal(serialize('integer', -2), 'fffffffe');
    assert.equal(serialize('long', 1), '0000000000000001');
    assert.equal(serialize('long', -(2n ** 63n)), '8000000000000000');
    assert.equal(serialize('double', 1.5), '3ff8000000000000');
    assert.equal(serialize('double', -0), '8000000000000000');
    assert.equal(serialize('double', Number.NaN), '7ff8000000000000');
    assert.equal(serialize('double', Number.NEGATIVE_INFINITY), 'fff0000000000000');
    assert.equal(serialize('string', 'é'), 'c3a9');
    assert.equal(serialize('json', { a: [1, null] }), Buffer.from('{"a":[1,null]}').toString('hex'));
    const uuid = '6F1ED002-ab59-5bac-8000-00c04fd430c8';
    assert.equal(serialize('uuid', uuid), Buffer.from(uuid.toLowerCase()).toString('hex'));
  });

  it('leave null as it is, each of them', () => {
    for (const name of Object.keys(SERIALIZERS) as BuiltInSerializer[]) {
      assert.equal(serialize(name, null), null, name);
    }
  });

  it('give back what they were given, through their deserializers', () => {
    const roundTrip = (name: BuiltInSerializer, data: unknown): unknown => {
      const hex = serialize(name, data);
      return hex === null ? null : DESERIALIZERS[name].deserialize('t', Buffer.from(hex, 'hex'), []);
    };
    fc.assert(fc.property(fc.integer(), (data) => assert.equal(roundTrip('integer', data), data)));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (data) =>
        assert.equal(roundTrip('long', data), data),
      ),
    );
    fc.assert(fc.property(fc.double(), (data) => assert.ok(Object.is(roundTrip('double', data), data))));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (data) => assert.equal(roundTrip('string', data), data)),
    );
    fc.assert(fc.property(fc.uuid(), (data) => assert.equal(roundTrip('uuid', data), data)));
    fc.assert(
      fc.property(fc.jsonValue(), (data) =>
        assert.deepEqual(roundTrip('json', data), JSON.parse(JSON.stringify(data))),
      ),
    );
  });

  it('refuse what they do not take, saying where, what was got and what was expected', () => {
    refused(
      'integer',
      '12',
      /the value of a record for topic orders.*the integer serializer takes a whole number from -2147483648 to 2147483647, got text of 2 characters/,
    );
    refused('integer', 2 ** 31, /got number 2147483648/);
    refused('integer', 1.5, /got number 1.5/);
    refused('integer', Number.NaN, /got number NaN/);
    refused(
      'long',
      2 ** 53,
      /a bigint, or a whole number that a double holds exactly.*got number 9007199254740992/,
    );
    refused('long', 2n ** 63n, /a bigint from -9223372036854775808 to 9223372036854775807/);
    refused('double', 1n, /takes a number, got bigint 1/);
    refused('string', Buffer.from('a'), /takes text, got 1 bytes/);
    refused('uuid', 'not-a-uuid', /takes a UUID as text, got text of 10 characters/);
    refused('null', 0, /takes nothing but null, got number 0/);
  });

  it('that are async are refused, and end no process when they fail', async () => {
    const rejecting = { serialize: (async () => Promise.reject(new Error('late'))) as never };
    assert.throws(
      () => serializeWith(rejecting, 'orders', 1, { part: 'value', name: 'your', headers: [] }),
      /it returned Promise \(serializers are synchronous\)/,
    );
    // An unhandled rejection would fail this test.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('never repeat texts and objects in errors', () => {
    assert.throws(
      () => serialize('integer', 's3cret'),
      (error: Error) => !error.message.includes('s3cret'),
    );
  });

  it('wrap what JSON cannot say', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    refused('json', cycle, /the json serializer threw: .*circular/i);
    refused('json', { n: 1n }, /BigInt/);
    refused('json', undefined, /returned no bytes for undefined/);
    refused('json', () => 1, /returned no bytes for function/);
  });

  it('of an application that return anything but bytes, text or null fail', () => {
    const run = (returned: unknown) =>
      serializeWith({ serialize: () => returned as never }, 't', 'data', {
        part: 'key',
        name: 'your',
        headers: [],
      });
    assert.equal(run('text'), 'text');
    assert.equal(run(null), null);
    const fails = (returned: unknown, message: RegExp) =>
      assert.throws(() => run(returned), { kind: 'SERIALIZATION', message });
    fails(undefined, /the key of a record for topic t .*your serializer returned no bytes/);
    fails(Promise.resolve('x'), /returned Promise \(serializers are synchronous\)/);
    fails([1, 2], /returned Array/);
    fails(5, /returned number 5/);
  });
});

describe('deserializers', () => {
  it('refuse bytes of another length, malformed JSON, and what is no UUID', () => {
    const refuses = (name: keyof typeof DESERIALIZERS, bytes: Buffer, message: RegExp) =>
      assert.throws(() => DESERIALIZERS[name].deserialize('t', bytes, []), { message });
    refuses('integer', Buffer.alloc(3), /an integer has 4 bytes, got 3/);
    refuses('long', Buffer.alloc(4), /a long has 8 bytes, got 4/);
    refuses('double', Buffer.alloc(0), /a double has 8 bytes, got 0/);
    refuses('json', Buffer.from('{'), /JSON/);
    refuses('uuid', Buffer.from('x'), /a UUID has 36 characters/);
    refuses('null', Buffer.alloc(0), /expected null, got 0 bytes/);
  });
});
