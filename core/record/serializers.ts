import { TidemarkError } from '../base/errors.ts';
import { describeValue } from './described.ts';
import type { RecordData, RecordHeader } from './types.ts';

/**
 * Turns keys or values into what a record holds. Called for every record but those whose data is null, which stay
 * null, as Kafka's own serializers do it.
 */
export interface Serializer<T = unknown> {
  /**
   * The bytes, text (written as UTF-8), or null. `headers` is the record's own list, which may be added to. What
   * is thrown fails the record with SERIALIZATION.
   */
  serialize(topic: string, data: T, headers: RecordHeader[]): RecordData;
  /** Called once, before the first record, with the producer's properties as given. */
  configure?(properties: Readonly<Record<string, unknown>>, isKey: boolean): void;
  /** Called once, when the producer has closed. */
  close?(): void;
}

/** What each built-in serializer takes, by its name. */
export interface SerializedTypes {
  readonly bytes: RecordData;
  readonly string: string;
  readonly json: unknown;
  readonly integer: number;
  readonly long: number | bigint;
  readonly double: number;
  readonly uuid: string;
  readonly null: null;
}

export type BuiltInSerializer = keyof SerializedTypes;

const INT_MIN = -2_147_483_648;
const INT_MAX = 2_147_483_647;
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Java writes every NaN as this one (Double.doubleToLongBits). */
const JAVA_NAN = 0x7ff8_0000_0000_0000n;

/** The built-in serializers. Their bytes are those of org.apache.kafka.common.serialization's. */
export const SERIALIZERS: { readonly [Name in BuiltInSerializer]: Serializer<SerializedTypes[Name]> } = {
  bytes: { serialize: (_topic, data) => data },
  string: { serialize: (_topic, data) => (typeof data === 'string' ? data : refuse('text', data)) },
  json: { serialize: (_topic, data) => JSON.stringify(data) },
  integer: { serialize: (_topic, data) => writeInteger(data) },
  long: { serialize: (_topic, data) => writeLong(data) },
  double: { serialize: (_topic, data) => writeDouble(data) },
  uuid: {
    serialize: (_topic, data) =>
      typeof data === 'string' && UUID.test(data) ? data.toLowerCase() : refuse('a UUID as text', data),
  },
  null: { serialize: (_topic, data) => refuse('nothing but null', data) },
};

/** Which part of which topic's records a serializer works for. */
export interface SerializedPart {
  readonly part: 'key' | 'value';
  /** The serializer's name for errors: a built-in one's, or `your`. */
  readonly name: string;
}

/**
 * Runs a serializer. Throws SERIALIZATION, naming topic, part, what was got and what was expected, when it throws
 * or gives anything but bytes, text or null.
 */
export function serializeWith(
  serializer: Serializer,
  topic: string,
  data: unknown,
  context: SerializedPart & { readonly headers: RecordHeader[] },
): RecordData {
  if (data === null) return null;
  let bytes: unknown;
  try {
    bytes = serializer.serialize(topic, data, context.headers);
  } catch (cause) {
    throw serializationError(topic, context, reasonOf(cause), cause);
  }
  if (bytes === null || typeof bytes === 'string' || bytes instanceof Uint8Array) return bytes;
  const got = bytes === undefined ? '' : `, it returned ${describeValue(bytes)}`;
  const hint = bytes instanceof Promise ? ' (serializers are synchronous)' : '';
  // What it comes to is of no interest, but its failure must not end the process.
  if (bytes instanceof Promise) bytes.catch(() => {});
  throw serializationError(topic, context, `returned no bytes for ${describeValue(data)}${got}${hint}`);
}

function serializationError(
  topic: string,
  { part, name }: SerializedPart,
  reason: string,
  cause?: unknown,
): TidemarkError {
  const message = `the ${part} of a record for topic ${topic} cannot be serialized: ${name} serializer ${reason}`;
  return new TidemarkError('SERIALIZATION', message, { cause });
}

/** Thrown by built-in serializers: reads on after `the integer serializer`. */
class WrongType extends Error {}

function refuse(expected: string, got: unknown): never {
  throw new WrongType(`takes ${expected}, got ${describeValue(got)}`);
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof WrongType) return thrown.message;
  return `threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}

function writeInteger(data: unknown): Buffer {
  if (!Number.isInteger(data) || (data as number) < INT_MIN || (data as number) > INT_MAX)
    refuse(`a whole number from ${INT_MIN} to ${INT_MAX}`, data);
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(data as number);
  return bytes;
}

function writeLong(data: unknown): Buffer {
  if (typeof data === 'bigint') {
    if (data < LONG_MIN || data > LONG_MAX) refuse(`a bigint from ${LONG_MIN} to ${LONG_MAX}`, data);
  } else if (!Number.isSafeInteger(data)) {
    refuse('a bigint, or a whole number that a double holds exactly (up to 2^53 - 1)', data);
  }
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(data as number | bigint));
  return bytes;
}

function writeDouble(data: unknown): Buffer {
  if (typeof data !== 'number') refuse('a number', data);
  const bytes = Buffer.allocUnsafe(8);
  if (Number.isNaN(data)) bytes.writeBigUInt64BE(JAVA_NAN);
  else bytes.writeDoubleBE(data as number);
  return bytes;
}
