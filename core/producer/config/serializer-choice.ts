import { isModulePath } from './module-path.ts';

/** How keys or values become bytes, as key.serializer and value.serializer choose it. */
export type SerializerChoice =
  | { readonly kind: 'built-in'; readonly name: SerializerName }
  | { readonly kind: 'module'; readonly path: string };

export type SerializerName = keyof typeof SERIALIZER_NAMES;

/** The names of key.serializer and value.serializer that are ours, with what each takes and writes. */
export const SERIALIZER_NAMES = {
  bytes: 'bytes or text, as they are (text as UTF-8)',
  string: 'text as UTF-8',
  json: 'any value as JSON',
  integer: 'a 32-bit integer, big-endian',
  long: 'a 64-bit integer (number or bigint), big-endian',
  double: 'a 64-bit floating-point number, big-endian',
  uuid: 'a UUID as its 36 characters of text',
  null: 'nothing but null',
} as const;

/** Kafka's own class that writes the same bytes; null where there is none. */
export const JAVA_SERIALIZERS: Readonly<Record<SerializerName, string | null>> = {
  bytes: 'ByteArraySerializer',
  string: 'StringSerializer',
  json: null,
  integer: 'IntegerSerializer',
  long: 'LongSerializer',
  double: 'DoubleSerializer',
  uuid: 'UUIDSerializer',
  null: 'VoidSerializer',
};

const JAVA_PREFIX = 'org.apache.kafka.common.serialization.';
const JAVA_NAMES: Readonly<Record<string, SerializerName>> = {
  ByteArraySerializer: 'bytes',
  ByteBufferSerializer: 'bytes',
  BytesSerializer: 'bytes',
  StringSerializer: 'string',
  IntegerSerializer: 'integer',
  LongSerializer: 'long',
  DoubleSerializer: 'double',
  UUIDSerializer: 'uuid',
  VoidSerializer: 'null',
};

/** Reads a serializer's name: ours, Java's class names, a module path; null when unknown. */
export function chooseSerializer(name: string): SerializerChoice | null {
  if (Object.hasOwn(SERIALIZER_NAMES, name)) return { kind: 'built-in', name: name as SerializerName };
  const java = name.startsWith(JAVA_PREFIX) ? JAVA_NAMES[name.slice(JAVA_PREFIX.length)] : undefined;
  if (java !== undefined) return { kind: 'built-in', name: java };
  return isModulePath(name) ? { kind: 'module', path: name } : null;
}
