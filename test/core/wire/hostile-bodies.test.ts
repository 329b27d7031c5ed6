import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TidemarkError } from '../../../core/base/errors.ts';
import { decodeRequest, decodeResponse, encodeRequest } from '../../../core/wire/framing.ts';
import { apiVersionsApi } from '../../../core/wire/messages/api-versions.ts';
import { metadataApi } from '../../../core/wire/messages/metadata.ts';
import { produceApi } from '../../../core/wire/messages/produce.ts';
import { decodeRequestHeader } from '../../../core/wire/request-header.ts';

function protocol(message: RegExp) {
  return (error: unknown) =>
    error instanceof TidemarkError && error.kind === 'PROTOCOL' && message.test(error.message);
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('lengths below -1 and beyond the frame are refused, classic and compact', () => {
  const metadata = (version: number, bytes: string) => () =>
    decodeRequest(metadataApi, version, hex(bytes), 0);
  assert.throws(metadata(1, 'fffffffe'), protocol(/Metadata v1 request: an array of -2 elements/));
  assert.throws(metadata(1, '7fffffff'), protocol(/an array of 2147483647 elements does not fit/));
  assert.throws(metadata(1, '00000001 8000'), protocol(/length of -32768/));
  assert.throws(metadata(1, '00000001 ffff'), protocol(/length of -1/));
  assert.throws(metadata(1, '00000001 7fff'), protocol(/32767 bytes wanted, 0 left/));
  assert.throws(metadata(9, 'ffffffff0f'), protocol(/an array of 4294967294 elements/));
  assert.throws(metadata(9, '02 ffffffff0f'), protocol(/4294967294 bytes wanted/));
  assert.throws(
    () => decodeRequest(produceApi, 3, hex('ffff 0001 00000000 00000001 0000 00000001 00000000 7fffffff'), 0),
    protocol(/2147483647 bytes wanted/),
  );
});

test('a count is refused by what its elements need at least, before any is made', () => {
  const body = Buffer.concat([hex('0000 000f4240'), Buffer.alloc(1_000_000)]);
  assert.throws(
    () => decodeResponse(apiVersionsApi, 0, Buffer.concat([hex('00000001'), body])),
    protocol(/1000000 elements/),
  );
});

test('a varint of more than 32 bits is refused', () => {
  assert.throws(() => decodeRequest(metadataApi, 9, hex('ffffffff10'), 0), protocol(/varint/));
  assert.throws(() => decodeRequest(metadataApi, 9, hex('8080808080 01'), 0), protocol(/varint/));
});

test('null where none may be is refused', () => {
  assert.throws(() => decodeRequest(metadataApi, 0, hex('ffffffff'), 0), protocol(/topics is null/));
  assert.throws(() => decodeRequest(metadataApi, 9, hex('02 00 00'), 0), protocol(/length of -1/));
});

/** An ApiVersions v3 response without entries up to its tagged fields. */
const VERSIONS = '00000001 0000 01 00000000';

test('unknown tagged fields are skipped, at every level', () => {
  const known = decodeResponse(
    apiVersionsApi,
    3,
    hex(`${VERSIONS} 03 01 08 0000000000000005 03 01 01 3f 02 abcd`),
  );
  assert.equal(known.body.finalizedFeaturesEpoch, 5);
  assert.equal(known.body.zkMigrationReady, true);
  const nested = hex('00000001 0000 02 0003 0000 0009 01 3f 03 abcdef 00000000 00');
  assert.deepEqual(decodeResponse(apiVersionsApi, 3, nested).body.apiKeys, [
    { apiKey: 3, minVersion: 0, maxVersion: 9 },
  ]);
});

test('tagged fields twice, out of order, cut off, or of the wrong size are refused', () => {
  const versions = (tags: string) => () => decodeResponse(apiVersionsApi, 3, hex(`${VERSIONS} ${tags}`));
  assert.throws(versions('02 03 01 01 03 01 00'), protocol(/tagged field 3 follows tagged field 3/));
  assert.throws(versions('02 03 01 01 02 01 01'), protocol(/tagged field 2 follows tagged field 3/));
  assert.throws(versions('01 3f 7f 00'), protocol(/cut off/));
  assert.throws(versions('01 03 02 01 00'), protocol(/1 bytes more/));
  assert.throws(versions('01 01 04 00000000 00000000'), protocol(/wanted/));
  assert.throws(versions('ffffffff0f 03'), protocol(/wanted/));
});

test('request headers are refused like bodies', () => {
  for (const bytes of [
    '',
    '0003',
    '0003 0009 00000001',
    '0003 0009 00000001 fffe',
    '0003 0009 00000001 7fff 61',
  ]) {
    assert.throws(() => decodeRequestHeader(hex(bytes)), protocol(/request header/));
  }
  const frame = Buffer.concat(
    encodeRequest(metadataApi, 9, { correlationId: 1, clientId: 'abc' }, {}),
  ).subarray(4);
  for (let length = 0; length < 14; length++) {
    assert.throws(() => decodeRequestHeader(frame.subarray(0, length)), protocol(/request header/));
  }
  assert.throws(() => decodeRequest(metadataApi, 9, hex('00'), 5), protocol(/without a body/));
});
