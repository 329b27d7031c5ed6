import type { ElementShape, Field, FieldShape, Fields, PrimitiveType } from './schema.ts';
import { inRange, ZERO_UUID } from './schema.ts';

/** One message at one version: what both compilers ask of the schema. */
export interface MessageVersion {
  readonly fields: Fields;
  readonly version: number;
  /** Compact lengths and tagged fields (KIP-482). */
  readonly flexible: boolean;
}

export type NamedField = readonly [name: string, field: Field<unknown>];

const IDENTIFIER = /^[a-z][A-Za-z0-9]*$/;

/** Fields in wire order. Names become identifiers of generated code, so nothing else may pass. */
export function namedFields(fields: Fields): NamedField[] {
  const named = Object.entries(fields);
  for (const [name] of named) {
    if (!IDENTIFIER.test(name)) throw new Error(`'${name}' cannot be a field's name`);
  }
  return named;
}

export function isPresent(field: Field<unknown>, version: number): boolean {
  return inRange(field.versions, version);
}

export function isNullable(field: Field<unknown>, version: number): boolean {
  return inRange(field.nullable, version);
}

/** The tagged fields of a version, in the order of their tags, as they are written. */
export function taggedFields(message: MessageVersion): NamedField[] {
  return namedFields(message.fields)
    .filter(([, field]) => field.tag !== null && isPresent(field, message.version))
    .sort(([, left], [, right]) => left.tag! - right.tag!);
}

/** A primitive's default as source text: its own, or zero of its type. */
export function primitiveDefault(type: PrimitiveType, declared: Field<unknown>['default']): string {
  if (declared !== undefined) return JSON.stringify(declared);
  switch (type) {
    case 'bool':
      return 'false';
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
      return '0';
    case 'string':
      return "''";
    case 'uuid':
      return `'${ZERO_UUID}'`;
    case 'bytes':
      return 'EMPTY_BYTES';
    case 'records':
      return 'null';
  }
}

const PRIMITIVE_MIN_BYTES: Record<PrimitiveType, (flexible: boolean) => number> = {
  bool: () => 1,
  int8: () => 1,
  int16: () => 2,
  int32: () => 4,
  int64: () => 8,
  uuid: () => 16,
  string: (flexible) => (flexible ? 1 : 2),
  bytes: (flexible) => (flexible ? 1 : 4),
  records: (flexible) => (flexible ? 1 : 4),
};

/** The least an element can occupy: a count is believed only as far as the frame could hold that many. */
export function minElementBytes(element: ElementShape, message: MessageVersion): number {
  return element.kind === 'primitive'
    ? PRIMITIVE_MIN_BYTES[element.type](message.flexible)
    : minStructBytes({ ...message, fields: element.fields });
}

function minStructBytes(message: MessageVersion): number {
  let bytes = message.flexible ? 1 : 0;
  for (const [, field] of namedFields(message.fields)) {
    if (field.tag === null && isPresent(field, message.version)) bytes += minShapeBytes(field.shape, message);
  }
  return bytes;
}

function minShapeBytes(shape: FieldShape, message: MessageVersion): number {
  if (shape.kind === 'array') return message.flexible ? 1 : 4;
  return minElementBytes(shape, message);
}

/** The method of writer and reader that handles a primitive: 'int16', 'compactNullableString', ... */
export function primitiveMethod(type: PrimitiveType, flexible: boolean, nullable: boolean): string {
  if (type !== 'string' && type !== 'bytes' && type !== 'records') return type;
  const words = `${flexible ? 'compact ' : ''}${nullable ? 'nullable ' : ''}${type}`.split(' ');
  return words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('');
}
