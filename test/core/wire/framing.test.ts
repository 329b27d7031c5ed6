import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { advertisedVersions, encodeUnsupportedApiVersions } from '../../../core/wire/advertised-versions.ts';
import {
  correlationIdOf,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../../core/wire/framing.ts';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { fetchApi } from '../../../core/wire/messages/fetch.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { apiByKey } from '../../../core/wire/registry.ts';
import { decodeRequestHeader } from '../../../core/wire/request-header.ts';

const identity = { correlationId: 7, clientId: 'c' };

function hasKind(kind: string, message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === kind && message.test(error.message);
}

test('a classic request has header v1, a flexible one header v2 with a classic client id', () => {
  const classic = Buffer.concat(encodeRequest(metadataApi, 8, identity, { topics: [] }));
  assert.equal(classic.subarray(4, 15).toString('hex'), '0003000800000007000163');
  const flexible = Buffer.concat(encodeRequest(metadataApi, 9, identity, { topics: [] }));
  assert.equal(flexible.subarray(4, 16).toString('hex'), '000300090000000700016300');
  assert.equal(decodeRequestHeader(classic.subarray(4)).bodyOffset, 11);
  assert.equal(decodeRequestHeader(flexible.subarray(4)).bodyOffset, 12);
});

test('a request without a client id carries null', () => {
  const frame = Buffer.concat(encodeRequest(metadataApi, 9, { ...identity, clientId: null }, {})).subarray(4);
  assert.equal(decodeRequestHeader(frame).clientId, null);
});

test('the response header is flexible with its API, but never for ApiVersions', () => {
  const metadata = Buffer.concat(encodeResponse(metadataApi, 9, 7, {}));
  assert.equal(metadata[8], 0, 'empty tagged fields');
  const versions = Buffer.concat(encodeResponse(apiVersionsApi, 3, 7, { errorCode: 0x0102 }));
  assert.equal(versions.readInt16BE(8), 0x0102, 'the body follows the correlation id at once');
  assert.deepEqual(decodeResponse(apiVersionsApi, 3, versions.subarray(4)).correlationId, 7);
  assert.equal(correlationIdOf(metadata.subarray(4)), 7);
});

test('an unknown ApiVersions version is answered by version 0, error 35 and the one entry', () => {
  const frame = Buffer.concat(encodeUnsupportedApiVersions(9)).subarray(4);
  assert.equal(frame.toString('hex'), '00000009' + '0023' + '00000001' + '0012' + '0000' + '0004');
});

test('Produce is advertised from version 0 though served from 3', () => {
  assert.deepEqual(advertisedVersions([produceApi, fetchApi]), [
    { apiKey: 0, minVersion: 0, maxVersion: 13 },
    { apiKey: 1, minVersion: 4, maxVersion: 18 },
  ]);
  assert.throws(() => produceApi.requestCodec(2), hasKind('UNSUPPORTED_VERSION', /Produce v2 request/));
});

test('of an unknown API or version the classic header is read', () => {
  const frame = Buffer.from('7fff006300000007000163ff', 'hex');
  assert.deepEqual(decodeRequestHeader(frame), {
    apiKey: 0x7fff,
    apiVersion: 0x63,
    correlationId: 7,
    clientId: 'c',
    bodyOffset: 11,
  });
  assert.equal(apiByKey(0x7fff), undefined);
});

test('batches are among the chunks by reference, and the length covers them', () => {
  const batches = [Buffer.alloc(1000, 1), Buffer.alloc(70000, 2), Buffer.alloc(0)];
  for (const version of [3, 9]) {
    const chunks = encodeRequest(produceApi, version, identity, {
      topicData: [{ name: 'a', partitionData: [{ records: batches }, { index: 1, records: [batches[0]!] }] }],
    });
    assert.equal(chunks.filter((chunk) => chunk === batches[0]).length, 2);
    assert.ok(chunks.includes(batches[1]!));
    const frame = Buffer.concat(chunks);
    assert.equal(frame.readInt32BE(0), frame.length - 4);
    const body = decodeRequest(
      produceApi,
      version,
      frame.subarray(4),
      decodeRequestHeader(frame.subarray(4)).bodyOffset,
    );
    assert.equal(body.topicData[0]?.partitionData[0]?.records?.length, 71000);
  }
});

test('records are decoded as a view of the frame', () => {
  const chunks = encodeRequest(produceApi, 9, identity, {
    topicData: [{ partitionData: [{ records: [Buffer.from('abc')] }] }],
  });
  const frame = Buffer.concat(chunks).subarray(4);
  const body = decodeRequest(produceApi, 9, frame, decodeRequestHeader(frame).bodyOffset);
  assert.equal(body.topicData[0]?.partitionData[0]?.records?.buffer, frame.buffer);
});

test('frames do not share memory: an earlier one stays as it was while later ones are written', () => {
  const first = encodeRequest(metadataApi, 12, identity, { topics: [{ name: 'first' }] });
  const before = Buffer.concat(first);
  for (let index = 0; index < 5000; index++) {
    encodeRequest(metadataApi, 12, identity, { topics: [{ name: `topic-${index}` }] });
  }
  assert.deepEqual(Buffer.concat(first), before);
});

test('a body larger than the slab is written whole', () => {
  const topics = Array.from({ length: 5000 }, (_, index) => ({ name: `a-rather-long-topic-name-${index}` }));
  const frame = Buffer.concat(encodeRequest(metadataApi, 12, identity, { topics })).subarray(4);
  const body = decodeRequest(metadataApi, 12, frame, decodeRequestHeader(frame).bodyOffset);
  assert.deepEqual(
    body.topics?.map((topic) => topic.name),
    topics.map((topic) => topic.name),
  );
});

test('bytes after the body are ignored, as Kafka does', () => {
  const frame = Buffer.concat([
    ...encodeRequest(metadataApi, 1, identity, { topics: null }),
    Buffer.from('junk'),
  ]);
  assert.equal(decodeRequest(metadataApi, 1, frame.subarray(4), 11).topics, null);
});

test('a frame that fails to encode leaves nothing behind in the next one', () => {
  const good = () => Buffer.concat(encodeRequest(metadataApi, 12, identity, { topics: [{ name: 'x' }] }));
  const before = good();
  assert.throws(
    () =>
      encodeRequest(produceApi, 9, identity, {
        topicData: [{ name: 'a', partitionData: [{ index: 2 ** 40 }] }],
      }),
    hasKind('SERIALIZATION', /int32/),
  );
  assert.deepEqual(good(), before);
});
