import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defineApi } from '../../../core/wire/api.ts';
import { decodeResponse, encodeResponse } from '../../../core/wire/framing.ts';
import {
  array,
  arrayOf,
  bool,
  bytes,
  int8,
  int32,
  int64,
  records,
  string,
  struct,
  uuid,
  versionRange,
} from '../../../core/wire/schema.ts';
import { decodedForm, draftArbitrary } from './body-arbitrary.ts';

/** Every construct of the language, also those that no message uses yet. */
const everything = {
  flag: bool('0+', { default: true }),
  raw: bytes('0+'),
  rawOrNull: bytes('1+', { nullable: '2+', ignorable: true }),
  place: struct('0+', {
    x: int8('0+', { default: -1 }),
    inner: struct('1+', { id: uuid('1+') }, { ignorable: true }),
  }),
  names: arrayOf('string', '0+', { nullable: '1+', default: null, ignorable: true }),
  ids: arrayOf('uuid', '2+', { ignorable: true }),
  middle: int64('1-2', { default: 7, ignorable: true }),
  batches: array('0+', { data: records('0+', { nullable: '0+' }) }),
  taggedText: string('2+', { nullable: '2+', default: null, tag: 5, ignorable: true }),
  taggedList: array('2+', { n: int32('2+'), more: arrayOf('int32', '2+') }, { tag: 1, ignorable: true }),
  taggedPlace: struct(
    '2+',
    { a: int32('2+', { default: 3 }), b: bytes('3+') },
    { tag: 200, ignorable: true },
  ),
};

const api = defineApi({
  key: 99,
  name: 'Everything',
  versions: [0, 3],
  flexibleFrom: 2,
  request: {},
  response: everything,
});

for (const version of [0, 1, 2, 3]) {
  test(`every construct of the language round-trips (v${version})`, () => {
    fc.assert(
      fc.property(draftArbitrary(everything, version), (draft) => {
        // The default of `names` is null, which version 0 cannot carry.
        const whole = version === 0 ? { names: [], ...draft } : draft;
        const frame = Buffer.concat(encodeResponse(api, version, 1, whole)).subarray(4);
        assert.deepEqual(
          asPlain(decodeResponse(api, version, frame).body),
          asPlain(decodedForm(everything, whole)),
        );
      }),
      { numRuns: 150, seed: 17 },
    );
  });
}

/** Bytes as text, since a decoded view is a Buffer and a draft may hold any Uint8Array. */
function asPlain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) =>
      inner instanceof Uint8Array ? Buffer.from(inner).toString('hex') : inner,
    ),
    (_, inner) => (inner?.type === 'Buffer' ? Buffer.from(inner.data).toString('hex') : inner),
  );
}

test('tagged fields are written in the order of their tags and only when they differ from their defaults', () => {
  const plain = Buffer.concat(encodeResponse(api, 2, 1, {}));
  const atDefaults = { taggedText: null, taggedList: [], taggedPlace: { a: 3 } };
  assert.deepEqual(Buffer.concat(encodeResponse(api, 2, 1, atDefaults)), plain);
  const tagged = Buffer.concat(encodeResponse(api, 2, 1, { taggedText: 'x', taggedPlace: { a: 4 } }));
  // Two of them: 5, of 2 bytes ('x'), then 200 (two bytes of varint), of 5 bytes (the int and its own tags).
  assert.equal(
    tagged.subarray(plain.length - 1).toString('hex'),
    `02${'05020278'}${'c80105' + '0000000400'}`,
  );
});

test('a null that is the default is refused where the version has no null', () => {
  assert.throws(() => encodeResponse(api, 0, 1, {}), /Everything v0 response cannot carry names = null/);
});

test('version ranges read as Kafka writes them', () => {
  assert.deepEqual(versionRange('3+'), { from: 3, to: Number.POSITIVE_INFINITY });
  assert.deepEqual(versionRange('8-10'), { from: 8, to: 10 });
  assert.deepEqual(versionRange('5'), { from: 5, to: 5 });
});

test('a name that is no identifier never becomes code', () => {
  const hostile = defineApi({
    key: 98,
    name: 'Hostile',
    versions: [0, 0],
    flexibleFrom: 1,
    request: { 'x; throw 1': int8('0+') },
    response: {},
  });
  assert.throws(() => hostile.requestCodec(0), /cannot be a field's name/);
});
