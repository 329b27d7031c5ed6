import fc from 'fast-check';
import type { ElementShape, Field, Fields, PrimitiveType } from '../../../core/wire/schema.ts';
import { inRange, ZERO_UUID } from '../../../core/wire/schema.ts';

/** A body in either form, as the tests handle it: without static types, since it comes from the schema. */
export type Body = Record<string, unknown>;

const PRIMITIVES: Record<PrimitiveType, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -0x80, max: 0x7f }),
  int16: fc.integer({ min: -0x8000, max: 0x7fff }),
  int32: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  int64: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-1, 0, 2 ** 63, -(2 ** 63), 2 ** 32, -(2 ** 32))),
  string: fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
    fc.integer({ min: 40, max: 300 }).map((length) => 'x'.repeat(length)),
  ),
  uuid: fc.oneof(
    fc.constant(ZERO_UUID),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  ),
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  records: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }),
};

/** Drafts that the version can carry: fields it lacks are left out, fields it has are left out at times. */
export function draftArbitrary(fields: Fields, version: number): fc.Arbitrary<Body> {
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, field] of Object.entries(fields)) {
    if (inRange(field.versions, version)) members[name] = fieldArbitrary(field, version);
  }
  return fc.record(members, { requiredKeys: [] });
}

function fieldArbitrary(field: Field<unknown>, version: number): fc.Arbitrary<unknown> {
  const { shape } = field;
  const value =
    shape.kind === 'array'
      ? fc.array(elementArbitrary(shape.element, version), { maxLength: 3 })
      : elementArbitrary(shape, version);
  return inRange(field.nullable, version) ? fc.option(value, { nil: null, freq: 5 }) : value;
}

function elementArbitrary(shape: ElementShape, version: number): fc.Arbitrary<unknown> {
  return shape.kind === 'struct' ? draftArbitrary(shape.fields, version) : PRIMITIVES[shape.type];
}

/** What a draft must decode to: every field there, defaults filled in, records as one buffer. */
export function decodedForm(fields: Fields, draft: Body): Body {
  const body: Body = {};
  for (const [name, field] of Object.entries(fields)) body[name] = decodedValue(field, draft[name]);
  return body;
}

function decodedValue(field: Field<unknown>, value: unknown): unknown {
  const { shape } = field;
  if (value === null) return null;
  if (value === undefined) return defaultOf(field);
  if (shape.kind === 'array') {
    return (value as unknown[]).map((element) => decodedElement(shape.element, element));
  }
  return decodedElement(shape, value);
}

function decodedElement(shape: ElementShape, value: unknown): unknown {
  if (shape.kind === 'struct') return decodedForm(shape.fields, value as Body);
  if (shape.type === 'records') return Buffer.concat(value as Uint8Array[]);
  if (shape.type === 'int64') return (value as number) + 0;
  return value;
}

function defaultOf(field: Field<unknown>): unknown {
  if (field.default !== undefined) return field.default;
  const { shape } = field;
  if (shape.kind === 'array') return [];
  if (shape.kind === 'struct') return decodedForm(shape.fields, {});
  const zeros: Record<PrimitiveType, unknown> = {
    bool: false,
    int8: 0,
    int16: 0,
    int32: 0,
    int64: 0,
    string: '',
    uuid: ZERO_UUID,
    bytes: Buffer.alloc(0),
    records: null,
  };
  return zeros[shape.type];
}

/** The draft that encodes to the same bytes as the decoded body: records wrapped as one batch again. */
export function draftOf(fields: Fields, body: Body): Body {
  const draft: Body = {};
  for (const [name, field] of Object.entries(fields)) {
    const { shape } = field;
    const value = body[name];
    if (value === null || shape.kind === 'primitive') {
      const isRecords = shape.kind === 'primitive' && shape.type === 'records' && value !== null;
      draft[name] = isRecords ? [value] : value;
    } else if (shape.kind === 'struct') {
      draft[name] = draftOf(shape.fields, value as Body);
    } else {
      const { element } = shape;
      draft[name] = (value as unknown[]).map((item) =>
        element.kind === 'struct' ? draftOf(element.fields, item as Body) : item,
      );
    }
  }
  return draft;
}
