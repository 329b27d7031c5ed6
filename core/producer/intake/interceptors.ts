import type { TidemarkError } from '../../base/errors.ts';
import { describeValue } from '../../record/described.ts';
import type { RecordHeader } from '../../record/types.ts';
import type { DeliveryCallback, ProducerRecord, RecordMetadata } from '../types.ts';
import { headerList } from './record-headers.ts';

/** Sees every record before it is serialized, and its end (Kafka's ProducerInterceptor). Every method may be absent. */
export interface ProducerInterceptor<K = unknown, V = unknown> {
  /** Called once, with the producer's properties as given. What it throws, the producer's constructor throws. */
  configure?(properties: Readonly<Record<string, unknown>>): void;
  /** The record to send, the same or another. One that throws, or returns none, is passed over with a warning. */
  onSend?(record: ProducerRecord<K, V>): ProducerRecord<K, V>;
  /**
   * Before the record's own callback; also for a record that failed before any broker saw it (partition -1 when
   * none was chosen). `headers` as they were sent.
   */
  onAcknowledgement?(
    metadata: RecordMetadata,
    error: TidemarkError | null,
    headers: readonly RecordHeader[],
  ): void;
  /** Called once, when the producer has closed. */
  close?(): void;
}

/** Methods of which an interceptor has at least one. */
export const INTERCEPTOR_METHODS = ['onSend', 'onAcknowledgement'] as const;

/** What a record under way carries, so that its interceptors and then its sender are told. */
class InterceptedRecord {
  readonly interceptors: Interceptors;
  readonly headers: readonly RecordHeader[];
  readonly callback: DeliveryCallback | null;
  readonly opaque: number | object | undefined;

  constructor(
    interceptors: Interceptors,
    headers: readonly RecordHeader[],
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ) {
    this.interceptors = interceptors;
    this.headers = headers;
    this.callback = callback;
    this.opaque = opaque;
  }
}

/** One function for all records, so that batches store it once: the opaque says whom to tell. */
const tellInterceptorsFirst: DeliveryCallback = (error, metadata, opaque) => {
  const { interceptors, headers, callback, opaque: own } = opaque as InterceptedRecord;
  interceptors.onAcknowledgement(metadata, error, headers);
  if (callback !== null) callback(error, metadata, own);
};

/** Where the end of a record is to be told, as the accumulator takes it. */
export interface Delivery {
  readonly callback: DeliveryCallback | null;
  readonly opaque: number | object | undefined;
}

/**
 * The chain of interceptors, in the order configured (Kafka's ProducerInterceptors). None of them can make a send
 * fail: what one throws is a warning, once for each of its methods.
 */
export class Interceptors {
  private readonly chain: readonly ProducerInterceptor[];
  private readonly onWarning: (message: string) => void;
  private readonly warned = new Set<string>();

  constructor(chain: readonly ProducerInterceptor[], onWarning: (message: string) => void) {
    this.chain = chain;
    this.onWarning = onWarning;
  }

  configure(properties: Readonly<Record<string, unknown>>): void {
    for (const interceptor of this.chain) interceptor.configure?.(properties);
  }

  onSend(record: ProducerRecord<unknown, unknown>): ProducerRecord<unknown, unknown> {
    let current = record;
    this.chain.forEach((interceptor, index) => {
      try {
        if (interceptor.onSend === undefined) return;
        const given: unknown = interceptor.onSend(current);
        if (!isRecord(given)) throw new Error(noRecord(given));
        current = given;
      } catch (thrown) {
        this.warn(index, 'onSend', `is passed over for topic ${String(record.topic)}`, thrown);
      }
    });
    return current;
  }

  /** Wraps what a record's sender gave, so that the interceptors are told first. */
  watch(
    headers: readonly RecordHeader[],
    callback: DeliveryCallback | null,
    opaque: number | object | undefined,
  ): Delivery {
    return {
      callback: tellInterceptorsFirst,
      opaque: new InterceptedRecord(this, headers, callback, opaque),
    };
  }

  onAcknowledgement(
    metadata: RecordMetadata,
    error: TidemarkError | null,
    headers: readonly RecordHeader[],
  ): void {
    this.chain.forEach((interceptor, index) => {
      try {
        const ended: unknown = interceptor.onAcknowledgement?.(metadata, error, headers);
        this.catchLater(ended, (thrown) => this.warn(index, 'onAcknowledgement', 'failed', thrown));
      } catch (thrown) {
        this.warn(index, 'onAcknowledgement', 'failed', thrown);
      }
    });
  }

  /** The record failed within send(): topic and partition are what the record said, as in Kafka's onSendError. */
  onSendError(record: ProducerRecord<unknown, unknown>, error: TidemarkError): void {
    const { topic, partition = -1 } = record;
    this.onAcknowledgement({ topic, partition, offset: -1, timestamp: -1 }, error, headersOf(record));
  }

  close(): void {
    this.chain.forEach((interceptor, index) => {
      try {
        const ended: unknown = interceptor.close?.();
        this.catchLater(ended, (thrown) => this.warn(index, 'close', 'failed', thrown));
      } catch (thrown) {
        this.warn(index, 'close', 'failed', thrown);
      }
    });
  }

  /** Nobody waits for a method that is async, but what it throws is a warning like any other. */
  private catchLater(ended: unknown, warn: (thrown: unknown) => void): void {
    if (ended instanceof Promise) ended.catch(warn);
  }

  private warn(index: number, method: string, what: string, thrown: unknown): void {
    const key = `${index} ${method}`;
    if (this.warned.has(key)) return;
    this.warned.add(key);
    const name = this.chain[index]!.constructor?.name ?? 'Object';
    const named = name === 'Object' ? `interceptor ${index + 1}` : `interceptor ${index + 1} (${name})`;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    this.onWarning(`${method} of ${named} ${what}: ${reason} (said once)`);
  }
}

/** A record may be wrong in other ways, which send() tells; without a topic it is something else. */
function isRecord(given: unknown): given is ProducerRecord<unknown, unknown> {
  return typeof given === 'object' && given !== null && typeof (given as ProducerRecord).topic === 'string';
}

function noRecord(given: unknown): string {
  if (!(given instanceof Promise)) return `it returned no record, but ${describeValue(given)}`;
  given.catch(() => {});
  return 'it returned no record, but a promise: onSend is synchronous';
}

/** Of a record that may be malformed. */
function headersOf(record: ProducerRecord<unknown, unknown>): readonly RecordHeader[] {
  const { headers } = record;
  return typeof headers === 'object' && headers !== null ? headerList(headers) : [];
}
