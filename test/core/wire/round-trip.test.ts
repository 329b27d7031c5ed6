import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TidemarkError } from '../../../core/base/errors.ts';
import type { Codec } from '../../../core/wire/api.ts';
import { BodyReader } from '../../../core/wire/body-reader.ts';
import { FrameWriter } from '../../../core/wire/frame-writer.ts';
import { APIS } from '../../../core/wire/registry.ts';
import type { Fields } from '../../../core/wire/schema.ts';
import type { Body } from './body-arbitrary.ts';
import { decodedForm, draftArbitrary, draftOf } from './body-arbitrary.ts';

interface Message {
  readonly label: string;
  readonly fields: Fields;
  readonly version: number;
  readonly codec: Codec<unknown>;
}

const MESSAGES: Message[] = APIS.flatMap((api) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, index) => api.minVersion + index).flatMap(
    (version) => [
      {
        label: `${api.name} v${version} request`,
        fields: api.requestFields,
        version,
        codec: api.requestCodec(version),
      },
      {
        label: `${api.name} v${version} response`,
        fields: api.responseFields,
        version,
        codec: api.responseCodec(version),
      },
    ],
  ),
);

const writer = new FrameWriter();
const reader = new BodyReader();

function encode(message: Message, draft: Body): Buffer {
  writer.begin();
  message.codec.encode(writer, draft);
  const frame = Buffer.concat(writer.finish());
  assert.equal(frame.readInt32BE(0), frame.length - 4);
  return frame.subarray(4);
}

for (const message of MESSAGES) {
  test(`${message.label}: what is encoded decodes to the same, to the last byte`, () => {
    fc.assert(
      fc.property(draftArbitrary(message.fields, message.version), (draft) => {
        const bytes = encode(message, draft);
        const body = message.codec.decode(reader.reset(bytes, 0)) as Body;
        assert.equal(reader.position, bytes.length, 'bytes left over');
        assert.deepEqual(body, decodedForm(message.fields, draft));
        assert.deepEqual(encode(message, draftOf(message.fields, body)), bytes);
      }),
      { numRuns: 40, seed: 7 },
    );
  });

  test(`${message.label}: cut off at any byte it is a protocol error`, () => {
    for (const draft of fc.sample(draftArbitrary(message.fields, message.version), {
      numRuns: 4,
      seed: 11,
    })) {
      const bytes = encode(message, draft);
      for (let length = 0; length < bytes.length; length++) {
        assert.throws(
          () => message.codec.decode(reader.reset(bytes.subarray(0, length), 0)),
          isProtocolError,
        );
      }
    }
  });

  test(`${message.label}: bytes changed at random give a body or a protocol error`, () => {
    const drafts = draftArbitrary(message.fields, message.version);
    const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(drafts, changes, (draft, edits) => {
        const bytes = encode(message, draft);
        for (const [at, value] of edits) if (bytes.length > 0) bytes[at % bytes.length] = value;
        try {
          message.codec.decode(reader.reset(bytes, 0));
        } catch (error) {
          assert.ok(isProtocolError(error), String(error));
        }
      }),
      { numRuns: 60, seed: 13 },
    );
  });
}

function isProtocolError(error: unknown): boolean {
  return error instanceof TidemarkError && error.kind === 'PROTOCOL';
}
