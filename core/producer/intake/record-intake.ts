import { TidemarkError } from '../../base/errors.ts';
import { hasAnyMethod, loadObject } from '../../base/load-module.ts';
import { describeValue } from '../../record/described.ts';
import type { BuiltInSerializer, Serializer } from '../../record/serializers.ts';
import { SERIALIZERS, serializeWith } from '../../record/serializers.ts';
import type { RecordData, RecordHeader } from '../../record/types.ts';
import type { ProducerConfig } from '../config/config.ts';
import type { ProducerOptions, SerializerOption } from '../config/producer-options.ts';
import { chooseSerializer, SERIALIZER_NAMES, type SerializerChoice } from '../config/serializer-choice.ts';
import { asRecordError } from '../delivery/produce-errors.ts';
import type { DeliveryCallback, ProducerRecord } from '../types.ts';
import { INTERCEPTOR_METHODS, Interceptors, type ProducerInterceptor } from './interceptors.ts';
import { notARecord } from './record-checks.ts';
import { headerList } from './record-headers.ts';

/** Where serialized records go: Admission.offer. */
export type Offer = (
  record: ProducerRecord,
  callback: DeliveryCallback | null,
  opaque: number | object | undefined,
  signal?: AbortSignal,
) => boolean;

interface NamedSerializer {
  readonly serializer: Serializer;
  readonly name: string;
}

interface Parts {
  readonly key: NamedSerializer | null;
  readonly value: NamedSerializer | null;
  readonly interceptors: Interceptors | null;
}

type Properties = Readonly<Record<string, unknown>>;

/**
 * What a record goes through before it is admitted, when there are interceptors or serializers: onSend in order,
 * then key and value become bytes (KafkaProducer.send and doSend). A producer without either has none of this.
 */
export class RecordIntake {
  private readonly parts: Parts;
  private readonly offerSerialized: Offer;

  private constructor(parts: Parts, offer: Offer) {
    this.parts = parts;
    this.offerSerialized = offer;
  }

  /**
   * Null when records go in as they are. Loads what is named by path, and configures. Throws CONFIG, and what a
   * configure() throws.
   */
  static create(
    options: ProducerOptions,
    config: ProducerConfig,
    properties: Properties,
    offer: Offer,
  ): RecordIntake | null {
    const key = serializerOf('key', options.keySerializer, config.keySerializer);
    const value = serializerOf('value', options.valueSerializer, config.valueSerializer);
    const interceptors = interceptorsOf(options, config);
    if (key === null && value === null && interceptors === null) return null;
    key?.serializer.configure?.(properties, true);
    value?.serializer.configure?.(properties, false);
    interceptors?.configure(properties);
    return new RecordIntake({ key, value, interceptors }, offer);
  }

  /** As Admission.offer. What fails here has not been counted; interceptors are told all the same. */
  offer(
    given: ProducerRecord<unknown, unknown>,
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
    signal?: AbortSignal,
  ): boolean {
    if (typeof given !== 'object' || given === null) throw notARecord(given);
    const { interceptors } = this.parts;
    const record = interceptors === null ? given : interceptors.onSend(given);
    try {
      const serialized = this.serialize(record);
      if (interceptors === null) return this.offerSerialized(serialized, callback, opaque, signal);
      const headers = serialized.headers as readonly RecordHeader[];
      const delivery = interceptors.watch(headers, callback, opaque);
      return this.offerSerialized(serialized, delivery.callback, delivery.opaque, signal);
    } catch (thrown) {
      const error = asRecordError(thrown);
      interceptors?.onSendError(record, error);
      throw error;
    }
  }

  close(onWarning: (message: string) => void): void {
    const { key, value, interceptors } = this.parts;
    interceptors?.close();
    for (const [part, named] of Object.entries({ key, value })) {
      try {
        named?.serializer.close?.();
      } catch (thrown) {
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        onWarning(`close of the ${part} serializer failed: ${reason}`);
      }
    }
  }

  /** A copy with the record's own list of headers, which serializers may add to. */
  private serialize(record: ProducerRecord<unknown, unknown>): ProducerRecord {
    const { topic } = record;
    const headers = record.headers === undefined ? [] : [...headerList(record.headers)];
    const key = serializedBy(this.parts.key, topic, record.key ?? null, { part: 'key', headers });
    const value = serializedBy(this.parts.value, topic, record.value, { part: 'value', headers });
    return { ...record, key, value, headers };
  }
}

function serializedBy(
  named: NamedSerializer | null,
  topic: string,
  data: unknown,
  context: { readonly part: 'key' | 'value'; readonly headers: RecordHeader[] },
): RecordData {
  // What is neither bytes nor text is found where records without serializers are looked at.
  if (named === null) return data as RecordData;
  return serializeWith(named.serializer, topic, data, { ...context, name: named.name });
}

/** Null for bytes and text as they are. */
function serializerOf(
  part: 'key' | 'value',
  option: SerializerOption<never> | undefined,
  configured: SerializerChoice | null,
): NamedSerializer | null {
  if (typeof option === 'object' && option !== null) {
    if (hasAnyMethod(option, ['serialize'])) return { serializer: option as Serializer, name: 'your' };
    throw new TidemarkError('CONFIG', `${part}Serializer must have a method serialize(topic, data, headers)`);
  }
  const choice = option === undefined ? configured : chooseSerializer(String(option));
  if (option !== undefined && choice === null) {
    const names = Object.keys(SERIALIZER_NAMES).join(', ');
    throw new TidemarkError(
      'CONFIG',
      `${part}Serializer must be an object, one of ${names}, or a module path, got ${shown(option)}`,
    );
  }
  if (choice === null) return null;
  if (choice.kind === 'built-in') {
    if (choice.name === 'bytes') return null;
    const name: BuiltInSerializer = choice.name;
    return { serializer: SERIALIZERS[name] as Serializer, name: `the ${name}` };
  }
  const loaded = loadObject(`${part}.serializer`, choice.path, ['serialize']);
  return { serializer: loaded as Serializer, name: 'your' };
}

function shown(option: unknown): string {
  return typeof option === 'string' ? JSON.stringify(option) : describeValue(option);
}

function interceptorsOf(options: ProducerOptions, config: ProducerConfig): Interceptors | null {
  const loaded = config.interceptors.map((path) => {
    return loadObject('interceptor.classes', path, INTERCEPTOR_METHODS) as ProducerInterceptor;
  });
  const given = options.interceptors ?? [];
  if (!Array.isArray(given)) {
    throw new TidemarkError('CONFIG', `interceptors must be a list, got ${describeValue(given)}`);
  }
  given.forEach((interceptor, index) => {
    if (hasAnyMethod(interceptor, INTERCEPTOR_METHODS)) return;
    const expected = INTERCEPTOR_METHODS.join(' or ');
    throw new TidemarkError('CONFIG', `interceptors[${index}] must be an object with ${expected}`);
  });
  const chain = [...loaded, ...given];
  if (chain.length === 0) return null;
  return new Interceptors(chain, (message) => options.observer?.onWarning?.(message));
}
