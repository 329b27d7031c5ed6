import type { StoredHeader } from './record-cursor.ts';

/** Turns the bytes of keys or values into what an application works with. Null stays null without being asked. */
export interface Deserializer<T = unknown> {
  /** `data` is a view of the response: copy what is to outlive the record. What is thrown names the record. */
  deserialize(topic: string, data: Buffer, headers: readonly StoredHeader[]): T;
}

/** What each built-in deserializer gives, by its name. */
export interface DeserializedTypes {
  readonly bytes: Buffer;
  readonly string: string;
  readonly json: unknown;
  readonly integer: number;
  readonly long: bigint;
  readonly double: number;
  readonly uuid: string;
  readonly null: null;
}

export type BuiltInDeserializer = keyof DeserializedTypes;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The counterparts of SERIALIZERS; lengths are checked as Kafka's own do. */
export const DESERIALIZERS: {
  readonly [Name in BuiltInDeserializer]: Deserializer<DeserializedTypes[Name]>;
} = {
  bytes: { deserialize: (_topic, data) => data },
  string: { deserialize: (_topic, data) => data.toString() },
  json: { deserialize: (_topic, data) => JSON.parse(data.toString()) },
  integer: { deserialize: (_topic, data) => sized(data, 4, 'an integer').readInt32BE() },
  long: { deserialize: (_topic, data) => sized(data, 8, 'a long').readBigInt64BE() },
  double: { deserialize: (_topic, data) => sized(data, 8, 'a double').readDoubleBE() },
  uuid: { deserialize: (_topic, data) => readUuid(data) },
  null: {
    deserialize: (_topic, data) => {
      throw new Error(`expected null, got ${data.length} bytes`);
    },
  },
};

export function isBuiltInDeserializer(name: string): name is BuiltInDeserializer {
  return Object.hasOwn(DESERIALIZERS, name);
}

function sized(data: Buffer, bytes: number, what: string): Buffer {
  if (data.length === bytes) return data;
  throw new Error(`${what} has ${bytes} bytes, got ${data.length}`);
}

function readUuid(data: Buffer): string {
  const text = data.toString();
  if (UUID.test(text)) return text;
  throw new Error(`a UUID has 36 characters, got ${data.length} bytes that are none`);
}
