/**
 * The schema language: each message is declared once, as an object of fields in wire order, and both sides
 * read and write it through codecs compiled from that declaration (compile-encoder.ts, compile-decoder.ts).
 * Semantics are those of Kafka's message definitions (apache/kafka, resources/common/message/README.md):
 * a field exists in a range of versions, may be null in a range of them, and may be tagged (written only
 * when it differs from its default, in flexible versions).
 */

/** '3+' (from 3 on), '0-12' (both inclusive) or '8'. */
export type Versions = `${number}+` | `${number}-${number}` | `${number}`;

export type PrimitiveType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'uuid'
  | 'bytes'
  | 'records';

/**
 * What a primitive is in JavaScript, as decoded. int64 are numbers (exact up to 2^53; 2^63 stands for the
 * largest int64); uuid are 32 lower-case hexadecimal digits; records are a view of the frame.
 */
export interface PrimitiveValues {
  bool: boolean;
  int8: number;
  int16: number;
  int32: number;
  int64: number;
  string: string;
  uuid: string;
  bytes: Uint8Array;
  records: Buffer;
}

export interface FieldOptions {
  /** Versions in which the field may be null; never, when left out. */
  readonly nullable?: Versions;
  /** Value when the field is omitted or its version lacks it; else 0, '', false, empty or the zero uuid. */
  readonly default?: number | string | boolean | null;
  /** A value that the version cannot carry is dropped silently instead of refused. */
  readonly ignorable?: boolean;
  /** Makes the field a tagged one in all its versions. */
  readonly tag?: number;
}

export type FieldShape =
  | { readonly kind: 'primitive'; readonly type: PrimitiveType }
  | { readonly kind: 'struct'; readonly fields: Fields }
  | { readonly kind: 'array'; readonly element: ElementShape };

export type ElementShape =
  | { readonly kind: 'primitive'; readonly type: PrimitiveType }
  | { readonly kind: 'struct'; readonly fields: Fields };

/** A field of a declaration; `Value` is its type as decoded. */
export interface Field<Value> {
  readonly shape: FieldShape;
  readonly versions: VersionRange;
  readonly nullable: VersionRange | null;
  readonly default: number | string | boolean | null | undefined;
  readonly ignorable: boolean;
  readonly tag: number | null;
  /** Carries the type only; never present. */
  readonly __value?: Value;
}

/** Fields by name, in wire order. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The decoded form of a declaration: every field present. */
export type Decoded<F extends Fields> = {
  -readonly [Name in keyof F]: F[Name] extends Field<infer Value> ? Value : never;
};

/**
 * The form to encode: the decoded one with every field optional (an omitted one takes its default), and
 * records as sealed batches in order, which are written by reference.
 */
export type Draft<T> = T extends Buffer
  ? readonly Uint8Array[]
  : T extends Uint8Array | string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Draft<Element>[]
      : { readonly [Name in keyof T]?: Draft<T[Name]> | undefined };

export interface VersionRange {
  readonly from: number;
  /** Inclusive; Infinity for an open range. */
  readonly to: number;
}

export const ZERO_UUID = '00000000000000000000000000000000';

export function versionRange(versions: Versions): VersionRange {
  if (versions.endsWith('+')) return { from: Number(versions.slice(0, -1)), to: Number.POSITIVE_INFINITY };
  const [from, to] = versions.split('-').map(Number);
  return { from: from!, to: to ?? from! };
}

export function inRange(range: VersionRange | null, version: number): boolean {
  return range !== null && version >= range.from && version <= range.to;
}

type OrNull<Value, Options> = Options extends { readonly nullable: Versions } ? Value | null : Value;

function field<Value, Options extends FieldOptions>(
  shape: FieldShape,
  versions: Versions,
  options: Options | undefined,
): Field<OrNull<Value, Options>> {
  return {
    shape,
    versions: versionRange(versions),
    nullable: options?.nullable === undefined ? null : versionRange(options.nullable),
    default: options?.default,
    ignorable: options?.ignorable ?? false,
    tag: options?.tag ?? null,
  };
}

function primitive<Type extends PrimitiveType>(type: Type) {
  return <Options extends FieldOptions>(versions: Versions, options?: Options) =>
    field<PrimitiveValues[Type], Options>({ kind: 'primitive', type }, versions, options);
}

export const bool = primitive('bool');
export const int8 = primitive('int8');
export const int16 = primitive('int16');
export const int32 = primitive('int32');
export const int64 = primitive('int64');
export const string = primitive('string');
export const uuid = primitive('uuid');
export const bytes = primitive('bytes');
export const records = primitive('records');

/** An array of primitives. */
export function arrayOf<Type extends PrimitiveType, Options extends FieldOptions>(
  type: Type,
  versions: Versions,
  options?: Options,
): Field<OrNull<PrimitiveValues[Type][], Options>> {
  return field({ kind: 'array', element: { kind: 'primitive', type } }, versions, options);
}

/** An array of structures. */
export function array<F extends Fields, Options extends FieldOptions>(
  versions: Versions,
  fields: F,
  options?: Options,
): Field<OrNull<Decoded<F>[], Options>> {
  return field({ kind: 'array', element: { kind: 'struct', fields } }, versions, options);
}

/** One structure in place; its default is the structure of its fields' defaults. */
export function struct<F extends Fields>(
  versions: Versions,
  fields: F,
  options?: Omit<FieldOptions, 'nullable' | 'default'>,
): Field<Decoded<F>> {
  return field({ kind: 'struct', fields }, versions, options);
}
