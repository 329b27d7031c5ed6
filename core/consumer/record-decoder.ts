import { TidemarkError } from '../base/errors.ts';
import { hasAnyMethod, loadObject } from '../base/load-module.ts';
import { DESERIALIZERS, type Deserializer, isBuiltInDeserializer } from '../record/deserializers.ts';
import type { ConsumerRecord } from './consumer-record.ts';

/** An object, the name of a built-in deserializer, or the path of a module whose default export is one. */
export type DeserializerOption<T> = Deserializer<T> | (string & {});

/**
 * A record whose key or value its deserializer refused; kind DESERIALIZATION. The consumer stays before it: to go
 * on behind it, seek(topic, partition, offset + 1) (Kafka's RecordDeserializationException).
 */
export class RecordDeserializationError extends TidemarkError {
  readonly part: 'key' | 'value';
  /** As read: bytes, timestamp, headers. */
  readonly record: ConsumerRecord;

  constructor(part: 'key' | 'value', record: ConsumerRecord, cause: unknown) {
    const { topic, partition, offset } = record;
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      'DESERIALIZATION',
      `the ${part} of ${topic}-${partition} at offset ${offset} cannot be deserialized: ${reason}; ` +
        'to go on behind it, seek past it',
      { cause },
    );
    this.part = part;
    this.record = record;
  }

  get topic(): string {
    return this.record.topic;
  }

  get partition(): number {
    return this.record.partition;
  }

  get offset(): number {
    return this.record.offset;
  }
}

/** Turns a record's bytes into what the application works with. */
export type RecordDecoder = (record: ConsumerRecord) => ConsumerRecord<unknown, unknown>;

/** Null when keys and values stay bytes. Throws CONFIG for what is no deserializer. */
export function createDecoder(options: {
  readonly keyDeserializer?: DeserializerOption<unknown>;
  readonly valueDeserializer?: DeserializerOption<unknown>;
}): RecordDecoder | null {
  const key = deserializerOf('key', options.keyDeserializer);
  const value = deserializerOf('value', options.valueDeserializer);
  if (key === null && value === null) return null;
  return (record) => ({
    ...record,
    key: decoded('key', key, record),
    value: decoded('value', value, record),
  });
}

function decoded(part: 'key' | 'value', deserializer: Deserializer | null, record: ConsumerRecord): unknown {
  const data = record[part];
  if (data === null || deserializer === null) return data;
  try {
    return deserializer.deserialize(record.topic, data, record.headers);
  } catch (cause) {
    throw new RecordDeserializationError(part, record, cause);
  }
}

function deserializerOf(
  part: 'key' | 'value',
  option: DeserializerOption<unknown> | undefined,
): Deserializer | null {
  const property = `${part}Deserializer`;
  if (option === undefined) return null;
  if (typeof option === 'string') {
    if (isBuiltInDeserializer(option)) return DESERIALIZERS[option];
    if (/\.(js|mjs|cjs|ts|mts)$/.test(option)) {
      return loadObject(property, option, ['deserialize']) as Deserializer;
    }
  } else if (hasAnyMethod(option, ['deserialize'])) {
    return option as Deserializer;
  }
  const names = Object.keys(DESERIALIZERS).join(', ');
  const got = typeof option === 'string' ? JSON.stringify(option) : typeof option;
  throw new TidemarkError(
    'CONFIG',
    `${property} must be an object with deserialize(topic, data, headers), one of ${names}, ` +
      `or a module path, got ${got}`,
  );
}
